// The period and what it is compared with: kept in the URL, so that going back and sharing work.
import type { Query } from '../api/client';
import { byId, findAll } from '../page/dom';
import { currentTimeZone, dayOf, instantOf, isDay } from '../page/format';

export type Compare = 'previous' | 'year' | 'none';

/** Calendar days in the user's zone, both included. */
export interface Range {
  period: string;
  from: string;
  to: string;
  compare: Compare;
}

const dayMs = 86_400_000;
const defaultPeriod = '30d';
const lengths: Record<string, number> = { '7d': 7, '30d': 30, '90d': 90 };

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

export function daysIn(range: Range): number {
  return Math.round((Date.parse(range.to) - Date.parse(range.from)) / dayMs) + 1;
}

export function readRange(): Range {
  const asked = new URLSearchParams(location.search);
  const today = dayOf(new Date());
  const comparison = asked.get('compare');
  const compare = comparison === 'year' || comparison === 'none' ? comparison : 'previous';
  const from = asked.get('from');
  const to = asked.get('to');
  if (isDay(from) && isDay(to) && from <= to) return { period: 'custom', from, to, compare };
  const period = asked.get('period') ?? defaultPeriod;
  if (period === 'month') return { period, from: `${today.slice(0, 8)}01`, to: today, compare };
  const known = period in lengths ? period : defaultPeriod;
  return { period: known, from: addDays(today, 1 - (lengths[known] ?? 30)), to: today, compare };
}

function writeRange(changes: Record<string, string>): void {
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') asked.delete(name);
    else asked.set(name, value);
  }
  const text = asked.toString();
  history.pushState(null, '', text === '' ? location.pathname : `?${text}`);
}

/** The range as the analytics routes take it. */
export function rangeQuery(range: Range): Query {
  return { from: range.from, to: range.to, timezone: currentTimeZone() };
}

/** The range as moments, for the list of clicks: the end is not included. */
export function rangeInstants(from: string, to: string): { from: string; to: string } {
  return { from: instantOf(`${from}T00:00`), to: instantOf(`${addDays(to, 1)}T00:00`) };
}

/** Hours for a day or two, months for years: a chart of 20 to 100 points. */
export function intervalFor(range: Range): string {
  const days = daysIn(range);
  if (days <= 2) return 'hour';
  if (days <= 92) return 'day';
  return days <= 750 ? 'week' : 'month';
}

function show(range: Range): void {
  for (const input of findAll<HTMLInputElement>('#range [name="period"]')) {
    input.checked = input.value === range.period;
  }
  byId<HTMLSelectElement>('range-compare').value = range.compare;
  byId('range-dates').hidden = range.period !== 'custom';
  byId<HTMLInputElement>('range-from').value = range.from;
  byId<HTMLInputElement>('range-to').value = range.to;
}

/** Connects the bar's controls with the URL; `changed` is called whenever the range is another one. */
export function prepareRange(changed: () => void): void {
  const form = byId<HTMLFormElement>('range');
  const update = (changes: Record<string, string>): void => {
    writeRange(changes);
    show(readRange());
    changed();
  };
  form.addEventListener('change', (event) => {
    const control = event.target as HTMLInputElement | HTMLSelectElement;
    if (control.name === 'compare') {
      update({ compare: control.value === 'previous' ? '' : control.value });
    } else if (control.name === 'period' && control.value === 'custom') {
      byId('range-dates').hidden = false;
      byId('range-from').focus();
    } else if (control.name === 'period') {
      update({ period: control.value === defaultPeriod ? '' : control.value, from: '', to: '' });
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const from = byId<HTMLInputElement>('range-from').value;
    const to = byId<HTMLInputElement>('range-to').value;
    const [first, last] = from <= to ? [from, to] : [to, from];
    update({ period: '', from: first, to: last });
  });
  addEventListener('popstate', () => {
    show(readRange());
    changed();
  });
  show(readRange());
}
