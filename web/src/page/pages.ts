// Pages of a list by cursor: the cursors seen so far are the way back.
import { byId } from './dom';
import { count } from './format';

export class Pages {
  private cursors: (string | null)[] = [null];
  private next: string | null = null;

  constructor(
    private readonly size: number,
    load: () => void,
  ) {
    byId('pager-next').addEventListener('click', () => {
      if (this.next === null) return;
      this.cursors.push(this.next);
      load();
    });
    byId('pager-previous').addEventListener('click', () => {
      if (this.cursors.length > 1) this.cursors.pop();
      load();
    });
  }

  get cursor(): string | null {
    return this.cursors.at(-1) ?? null;
  }

  get isFirst(): boolean {
    return this.cursors.length === 1;
  }

  /** Back to the first page: the filters have changed. */
  reset(): void {
    this.cursors = [null];
  }

  loaded(rows: number, next: string | null): void {
    this.next = next;
    const first = (this.cursors.length - 1) * this.size;
    byId('pager').hidden = rows === 0 || (this.isFirst && next === null && rows <= 10);
    byId('pager-text').textContent =
      `${count(first + 1)}–${count(first + rows)}` +
      (next === null ? ' of ' + count(first + rows) : '');
    byId<HTMLButtonElement>('pager-previous').disabled = this.isFirst;
    byId<HTMLButtonElement>('pager-next').disabled = next === null;
  }
}
