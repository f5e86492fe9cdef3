// A list with filters in the URL, pages by cursor and all its states. The page has the elements
// #filters (with named controls), #chips, #list, #rows, #state and the pager.
import { get, type Query } from '../api/client';
import type { Page } from '../api/types';
import { showChips } from './chips';
import { byId, debounced, findAll } from './dom';
import { UrlFilters } from './filters';
import { clearNotice } from './notice';
import { Pages } from './pages';
import { noteStale, showEmpty, showError, skeletonRows } from './states';

interface Empty {
  symbol: string;
  title: string;
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

interface ListParts<Row, Name extends string> {
  path: string;
  columns: number;
  filterNames: readonly Name[];
  row: (row: Row) => HTMLElement;
  /** How a filter is called in its chip. */
  chip: (name: Name, value: string) => string;
  /** What is shown when there are no rows at all. */
  empty: Empty;
  /** What is shown when the filters let nothing through. */
  nothingFound: string;
  /** The query of the API, when it is not simply the filters. */
  query?: (filters: Record<Name, string>) => Query;
  loaded?: (rows: Row[]) => void;
  /** What stands in #rows until the first answer, when these are no table's rows. */
  skeleton?: () => HTMLElement[];
  pageSize?: number;
  /** The API answers all rows at once, and knows no pages. */
  isWhole?: boolean;
}

type Control = HTMLInputElement | HTMLSelectElement;
const typingPauseMs = 250;

export class List<Row, Name extends string> {
  readonly filters: UrlFilters<Name>;
  private readonly pages: Pages;
  private loading: AbortController | null = null;
  private loadedAt: Date | null = null;

  constructor(private readonly parts: ListParts<Row, Name>) {
    this.filters = new UrlFilters(parts.filterNames);
    this.pages = new Pages(this.pageSize, () => void this.load().then(() => scrollTo({ top: 0 })));
  }

  private get pageSize(): number {
    return this.parts.pageSize ?? 50;
  }

  /** Shows skeletons, listens to the filters and loads the first page. */
  async start(): Promise<void> {
    const skeleton = this.parts.skeleton?.() ?? skeletonRows(8, this.parts.columns);
    byId('rows').replaceChildren(...skeleton);
    this.listen();
    this.showControls();
    await this.load();
  }

  async load(): Promise<void> {
    this.loading?.abort();
    this.loading = new AbortController();
    const rows = byId('rows');
    rows.setAttribute('aria-busy', 'true');
    const asked = this.filters.read();
    const query = this.parts.query?.(asked) ?? asked;
    try {
      const answer = await get<Page<Row>>(
        this.parts.path,
        this.parts.isWhole ? query : { ...query, limit: this.pageSize, cursor: this.pages.cursor },
        this.loading.signal,
      );
      this.show(answer);
      rows.removeAttribute('aria-busy');
    } catch (error) {
      if (error instanceof DOMException) return;
      rows.removeAttribute('aria-busy');
      this.fail(error);
    }
  }

  /** Back to the first page, with these filters changed. */
  update(changes: Partial<Record<Name, string>>, how: 'push' | 'replace' = 'push'): void {
    this.filters.write(changes, how);
    this.reload();
  }

  clear(): void {
    this.filters.clear();
    for (const control of this.controls()) if (control.type === 'search') control.value = '';
    this.reload();
  }

  private reload(): void {
    this.pages.reset();
    this.showControls();
    void this.load();
  }

  private show(answer: Page<Row>): void {
    this.loadedAt = new Date();
    clearNotice();
    const none = answer.data.length === 0;
    byId('state').hidden = true;
    byId('rows').replaceChildren(...answer.data.map((row) => this.parts.row(row)));
    byId('list').hidden = none;
    if (none) this.showNothing();
    this.pages.loaded(answer.data.length, answer.next_cursor);
    this.parts.loaded?.(answer.data);
  }

  private fail(error: unknown): void {
    if (this.loadedAt) {
      noteStale(this.loadedAt, error);
      return;
    }
    byId('list').hidden = true;
    showError(byId('state'), error, () => void this.load());
  }

  private showNothing(): void {
    const filtered = this.parts.filterNames.some((name) => this.filters.read()[name] !== '');
    const found = {
      symbol: 'filter',
      title: this.parts.nothingFound,
      text: 'Try fewer filters, or look at everything.',
      action: { label: 'Clear filters', run: () => this.clear() },
    };
    showEmpty(byId('state'), filtered ? found : this.parts.empty);
  }

  private controls(): Control[] {
    return findAll<Control>('[name]', byId('filters'));
  }

  private showControls(): void {
    const asked = this.filters.read();
    for (const control of this.controls()) {
      if (document.activeElement === control && control.type === 'search') continue;
      control.value = asked[control.name as Name] ?? '';
    }
    const chips = this.parts.filterNames
      .filter((name) => asked[name] !== '')
      .map((name) => ({
        label: this.parts.chip(name, asked[name]),
        remove: () => this.update({ [name]: '' } as Partial<Record<Name, string>>),
      }));
    showChips(chips, () => this.clear());
  }

  private listen(): void {
    const change = (control: Control, how: 'push' | 'replace'): void => {
      const value = control.value.trim();
      if (this.filters.read()[control.name as Name] === value) return;
      this.update({ [control.name]: value } as Partial<Record<Name, string>>, how);
    };
    byId('filters').addEventListener('submit', (event) => event.preventDefault());
    for (const control of this.controls()) {
      const typed = control.type === 'search';
      if (typed) {
        const search = debounced(() => change(control, 'replace'), typingPauseMs);
        control.addEventListener('input', search);
      } else {
        control.addEventListener('change', () => change(control, 'push'));
      }
    }
    addEventListener('popstate', () => this.reload());
    document.addEventListener('refresh', () => void this.load());
  }
}
