// Forms of many fields: filled from a record, read back as the body of a request. A field is the
// control `${form}-${name}`; what is left empty is null.
import { byId } from './dom';
import { typedAmount } from './money';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
/** A `code` is one of capital letters: a country, a currency. */
export type FieldKind = 'text' | 'code' | 'amount' | 'number' | 'flag';

export class Editor<Name extends string> {
  constructor(
    private readonly form: string,
    private readonly fields: Readonly<Record<Name, FieldKind>>,
  ) {}

  control(name: Name): Control {
    return byId<Control>(`${this.form}-${name}`);
  }

  private names(): Name[] {
    return Object.keys(this.fields) as Name[];
  }

  fill(values: Partial<Record<Name, unknown>>): void {
    for (const name of this.names()) {
      const control = this.control(name);
      const value = values[name];
      if (this.fields[name] === 'flag') (control as HTMLInputElement).checked = value === true;
      else control.value = value === null || value === undefined ? '' : String(value);
    }
  }

  value(name: Name): string | number | boolean | null {
    const control = this.control(name);
    const text = control.value.trim();
    if (this.fields[name] === 'flag') return (control as HTMLInputElement).checked;
    if (this.fields[name] === 'amount') return typedAmount(text);
    if (text === '') return null;
    if (this.fields[name] === 'code') return text.toUpperCase();
    return this.fields[name] === 'number' ? Number(text) : text;
  }

  /** Every field, empty ones as null. */
  read(): Record<Name, string | number | boolean | null> {
    const entries = this.names().map((name) => [name, this.value(name)]);
    return Object.fromEntries(entries) as Record<Name, string | number | boolean | null>;
  }

  /** Without what is empty: for things that are made. */
  readFilled(): Partial<Record<Name, string | number | boolean>> {
    const filled = Object.entries(this.read()).filter(([, value]) => value !== null);
    return Object.fromEntries(filled) as Partial<Record<Name, string | number | boolean>>;
  }
}
