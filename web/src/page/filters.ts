// Filters of a list, kept in the URL.
import { isDay } from './format';

export class UrlFilters<Name extends string> {
  constructor(private readonly names: readonly Name[]) {}

  read(): Record<Name, string> {
    const asked = new URLSearchParams(location.search);
    const entries = this.names.map((name) => {
      const value = asked.get(name) ?? '';
      return [name, this.isOfDays(name) && !isDay(value) ? '' : value];
    });
    return Object.fromEntries(entries) as Record<Name, string>;
  }

  /** An address can name anything as a day; what is none counts as not asked for. A `to` without
   * `from` is no day, but whom a mail is for. */
  private isOfDays(name: string): boolean {
    return name === 'from' || (name === 'to' && this.names.some((each) => each === 'from'));
  }

  /** Sets some and keeps the others; what is empty leaves the address. */
  write(changes: Partial<Record<Name, string>>, how: 'push' | 'replace' = 'push'): void {
    const asked = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes) as [Name, string][]) {
      if (value === '') asked.delete(name);
      else asked.set(name, value);
    }
    const text = asked.toString();
    const address = text === '' ? location.pathname : `?${text}`;
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  }

  clear(): void {
    const empty = Object.fromEntries(this.names.map((name) => [name, '']));
    this.write(empty as Partial<Record<Name, string>>);
  }
}
