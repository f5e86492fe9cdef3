// The page of one thing: found by the id in its address, missing, or not loaded. The page has the
// elements #found, #missing and #crumb.
import { ApiError, get } from '../api/client';
import { byId } from './dom';
import { noteStale, showEmpty, showError } from './states';

interface RecordParts<Row> {
  /** The collection: "/conversions". */
  path: string;
  show: (row: Row) => void;
  missing: { title: string; back: { label: string; href: string } };
}

export const askedId = (): string => new URLSearchParams(location.search).get('id') ?? '';

export class RecordPage<Row> {
  row: Row | null = null;
  readonly path: string;

  constructor(private readonly parts: RecordParts<Row>) {
    this.path = `${parts.path}/${encodeURIComponent(askedId())}`;
  }

  /** Answers whether it is there. */
  async load(): Promise<boolean> {
    try {
      const row = await get<Row>(this.path);
      this.row = row;
      byId('found').removeAttribute('aria-busy');
      this.parts.show(row);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private fail(error: unknown): void {
    const { title, back } = this.parts.missing;
    if (error instanceof ApiError && (error.status === 404 || error.status === 422)) {
      byId('found').hidden = true;
      byId('crumb').textContent = 'Not found';
      showEmpty(byId('missing'), {
        symbol: 'search',
        title,
        text: 'It may belong to somebody else, or its address was cut off.',
        action: { label: back.label, run: () => location.assign(back.href) },
      });
    } else if (this.row) {
      noteStale(new Date(), error);
    } else {
      byId('found').hidden = true;
      showError(byId('missing'), error, () => location.reload());
    }
  }
}

/** The name in the head of the page, its crumb and the title of the window. */
export function showName(name: string): void {
  document.title = document.title.replace(/^[^·]*/, () => `${name} `);
  byId('crumb').textContent = name;
}
