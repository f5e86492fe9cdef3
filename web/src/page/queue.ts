// A list with the chosen entry beside it, on a phone one or the other; keys go through it. The page has
// the elements of a list and #queue, #detail, #detail-name and #detail-back.
import { ApiError, get } from '../api/client';
import { byId, element, findAll } from './dom';
import { List } from './list';
import { toast } from './toast';

interface QueueParts<Row extends { id: string }, Name extends string> {
  path: string;
  filterNames: readonly Name[];
  chip: (name: Name, value: string) => string;
  query: (filters: Record<Name, string>) => Record<string, string>;
  /** What stands in the list for one. */
  item: (row: Row) => (Node | string | null | false)[];
  show: (row: Row) => void;
  hide: () => void;
  nothingFound: string;
  empty: { symbol: string; title: string; text: string };
}

function addressOf(id: string): string {
  const asked = new URLSearchParams(location.search);
  if (id === '') asked.delete('id');
  else asked.set('id', id);
  const text = asked.toString();
  return text === '' ? location.pathname : `?${text}`;
}

function skeleton(): HTMLElement[] {
  return Array.from({ length: 5 }, () =>
    element(
      'li',
      { class: 'queue-skeleton', 'aria-hidden': 'true' },
      element('span', { class: 'skeleton' }),
      element('span', { class: 'skeleton' }),
    ),
  );
}

export class Queue<Row extends { id: string }, Name extends string> {
  chosen: Row | null = null;
  private rows: Row[] = [];
  private readonly list: List<Row, Name>;

  constructor(private readonly parts: QueueParts<Row, Name>) {
    this.list = new List<Row, Name>({
      path: parts.path,
      columns: 1,
      filterNames: parts.filterNames,
      skeleton,
      row: (row) => this.item(row),
      chip: parts.chip,
      query: parts.query,
      loaded: (rows) => {
        this.rows = rows;
        void this.chooseAsked();
      },
      nothingFound: parts.nothingFound,
      empty: parts.empty,
    });
  }

  async start(): Promise<void> {
    // Another filter lists others: the chosen one is not kept. Before the list hears of it.
    byId('filters').addEventListener(
      'change',
      () => history.replaceState(null, '', addressOf('')),
      true,
    );
    byId('detail-back').addEventListener('click', () => this.choose(this.rows[0], 'quietly'));
    await this.list.start();
  }

  step(by: 1 | -1): void {
    const next = this.rows[this.bounded(this.at() + by)];
    if (next) this.choose(next, 'open');
  }

  /** After a decision: the one that moved up to its place is next. */
  async decided(): Promise<void> {
    const at = this.at();
    history.replaceState(null, '', addressOf(''));
    await this.list.load();
    this.choose(this.rows[this.bounded(at)], 'open');
  }

  private at(): number {
    return this.rows.findIndex((each) => each.id === this.chosen?.id);
  }

  private bounded(at: number): number {
    return Math.max(0, Math.min(at, this.rows.length - 1));
  }

  private choose(row: Row | undefined, how: 'open' | 'quietly'): void {
    this.chosen = row ?? null;
    byId('detail').hidden = !row;
    if (row) this.parts.show(row);
    else this.parts.hide();
    byId('queue').classList.toggle('queue-open', row !== undefined && how === 'open');
    history.replaceState(null, '', addressOf(how === 'open' ? (row?.id ?? '') : ''));
    this.mark();
  }

  private mark(): void {
    for (const item of findAll('[data-id]', byId('rows'))) {
      const isChosen = item.dataset.id === this.chosen?.id;
      const anchor = item.querySelector('a');
      if (isChosen) anchor?.setAttribute('aria-current', 'true');
      else anchor?.removeAttribute('aria-current');
      if (isChosen) item.scrollIntoView({ block: 'nearest' });
    }
  }

  private item(row: Row): HTMLElement {
    const anchor = element('a', { href: addressOf(row.id) }, ...this.parts.item(row));
    anchor.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.choose(row, 'open');
      byId('detail-name').focus();
    });
    return element('li', { 'data-id': row.id }, anchor);
  }

  /** The one that the address names, also when it is on another page of the list. */
  private async chooseAsked(): Promise<void> {
    const asked = new URLSearchParams(location.search).get('id');
    const found = this.rows.find((each) => each.id === asked);
    if (found || !asked) {
      this.choose(found ?? this.rows[0], found ? 'open' : 'quietly');
      return;
    }
    try {
      const row = await get<Row>(`${this.parts.path}/${encodeURIComponent(asked)}`);
      this.choose(row, 'open');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(error.message, 'bad');
      this.choose(this.rows[0], 'quietly');
    }
  }
}
