// A field that finds somebody by name: what is typed is looked up on the server, what is chosen is
// an id. Native, so that the keyboard and screen readers know it.
import { ApiError, get } from '../api/client';
import type { Page } from '../api/types';
import { byId, debounced } from './dom';
import { toast } from './toast';

interface PickerParts<Row> {
  /** The id of the input; its list is `${field}-choices`. */
  field: string;
  path: string;
  /** Added to each look-up. */
  query?: () => Record<string, string>;
  /** Whether the path takes what is typed; true when absent. */
  search?: boolean;
  idOf: (row: Row) => string;
  labelOf: (row: Row) => string;
  chosen?: (id: string) => void;
}

const typingPauseMs = 200;
const choicesMax = 10;

export class Picker<Row> {
  private readonly ids = new Map<string, string>();
  private last = '';

  constructor(private readonly parts: PickerParts<Row>) {
    const lookUp = debounced(() => void this.lookUp(), typingPauseMs);
    this.input.addEventListener('input', () => {
      this.tell();
      if (!this.ids.has(this.typed)) lookUp();
    });
    this.input.addEventListener('focus', () => {
      if (this.typed === '') void this.lookUp();
    });
  }

  private get input(): HTMLInputElement {
    return byId<HTMLInputElement>(this.parts.field);
  }

  private get typed(): string {
    return this.input.value.trim();
  }

  /** The id of what is chosen; what was pasted as an id is one; "" when nothing is typed. */
  get id(): string {
    return this.ids.get(this.typed) ?? this.typed;
  }

  /** Shows a choice that is known already. */
  choose(id: string, label: string): void {
    if (id !== '') this.ids.set(label, id);
    this.input.value = id === '' ? '' : label;
    this.last = id;
  }

  private tell(): void {
    const id = this.typed === '' ? '' : (this.ids.get(this.typed) ?? null);
    if (id === null || id === this.last) return;
    this.last = id;
    this.parts.chosen?.(id);
  }

  private async lookUp(): Promise<void> {
    try {
      const { search = true } = this.parts;
      const typed = search ? { q: this.typed, limit: choicesMax } : { limit: 200 };
      const query = { ...this.parts.query?.(), ...typed };
      const { data } = await get<Page<Row>>(this.parts.path, query);
      for (const row of data) this.ids.set(this.parts.labelOf(row), this.parts.idOf(row));
      const options = data.map((row) => new Option('', this.parts.labelOf(row)));
      byId(`${this.parts.field}-choices`).replaceChildren(...options);
      this.tell();
    } catch (error) {
      if (error instanceof ApiError) toast(error.message, 'bad');
      else throw error;
    }
  }
}
