// A table that is loaded whole: no filters, no pages.
import { get } from '../api/client';
import type { Page } from '../api/types';
import { byId } from './dom';
import { noteStale, showEmpty, showError, skeletonRows } from './states';

interface TableParts<Row> {
  path: string;
  /** Ids of the table, its body and the place of its state. */
  table: string;
  body: string;
  state: string;
  columns: number;
  row: (row: Row) => HTMLElement;
  empty: {
    symbol: string;
    title: string;
    text: string;
    action?: { label: string; run: () => void };
  };
  loaded?: (rows: Row[]) => void;
}

export class Table<Row> {
  private loadedAt: Date | null = null;

  constructor(private readonly parts: TableParts<Row>) {}

  async load(): Promise<void> {
    const { path, table, body, state, row, empty } = this.parts;
    const place = byId(body);
    if (!this.loadedAt) place.replaceChildren(...skeletonRows(3, this.parts.columns));
    try {
      const { data } = await get<Page<Row>>(path);
      this.loadedAt = new Date();
      byId(state).hidden = true;
      byId(table).hidden = data.length === 0;
      place.replaceChildren(...data.map(row));
      if (data.length === 0) showEmpty(byId(state), empty);
      this.parts.loaded?.(data);
    } catch (error) {
      if (this.loadedAt) {
        noteStale(this.loadedAt, error);
        return;
      }
      byId(table).hidden = true;
      showError(byId(state), error, () => void this.load());
    } finally {
      place.removeAttribute('aria-busy');
    }
  }
}
