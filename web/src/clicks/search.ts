// Fetches clicks. The server filters by link, class, country, device and time; what it has no filter
// for is looked for here, page by page and with a limit.
import { get } from '../api/client';
import type { Click, Page } from '../api/types';
import { isPerson } from '../analytics/classes';
import { rangeInstants } from '../analytics/range';
import { unknownKey } from '../analytics/rows';

export const filterNames = [
  'link_id',
  'user_id',
  'program_id',
  'class',
  'country',
  'device_type',
  'browser',
  'os',
  'referrer',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'from',
  'to',
] as const;

export type FilterName = (typeof filterNames)[number];
export type Filters = Record<FilterName, string>;
type Test = (click: Click) => boolean;

const rowsWanted = 50;
const rowsSearched = 200;
const pagesMax = 10;

const same = (value: string | null | undefined, wanted: string): boolean =>
  wanted === unknownKey ? !value : value === wanted;

/** The breakdown counts referrers by host; a click may hold the whole address. */
function sameReferrer(value: string | null, wanted: string): boolean {
  if (same(value, wanted)) return true;
  return !!value && URL.canParse(value) && new URL(value).host === wanted;
}

function ownTests(filters: Filters): Test[] {
  const tests: Test[] = [];
  const add = (name: FilterName, test: (click: Click, wanted: string) => boolean): void => {
    const wanted = filters[name];
    if (wanted) tests.push((click) => test(click, wanted));
  };
  if (filters.class === 'people') tests.push((click) => isPerson(click.class));
  if (filters.class === 'apart') tests.push((click) => !isPerson(click.class));
  add('browser', (click, wanted) => same(click.browser, wanted));
  add('os', (click, wanted) => same(click.os, wanted));
  add('referrer', (click, wanted) => sameReferrer(click.referrer, wanted));
  add('utm_source', (click, wanted) => same(click.utm?.source, wanted));
  add('utm_medium', (click, wanted) => same(click.utm?.medium, wanted));
  add('utm_campaign', (click, wanted) => same(click.utm?.campaign, wanted));
  if (filters.country === unknownKey) tests.push((click) => !click.country);
  if (filters.device_type === unknownKey) tests.push((click) => !click.device_type);
  return tests;
}

function serverQuery(filters: Filters): Record<string, string | null> {
  const known = (value: string): string | null => (value === unknownKey ? null : value);
  const pseudo = filters.class === 'people' || filters.class === 'apart';
  const days =
    filters.from || filters.to
      ? rangeInstants(filters.from || '2000-01-01', filters.to || '2100-01-01')
      : null;
  return {
    link_id: filters.link_id,
    user_id: filters.user_id,
    program_id: filters.program_id,
    class: pseudo ? null : filters.class,
    country: known(filters.country),
    device_type: known(filters.device_type),
    from: filters.from ? (days?.from ?? null) : null,
    to: filters.to ? (days?.to ?? null) : null,
  };
}

export interface Found extends Page<Click> {
  /** How many clicks were looked through; null when the server did all the filtering. */
  searched: number | null;
}

export async function findClicks(
  filters: Filters,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Found> {
  const query = serverQuery(filters);
  const tests = ownTests(filters);
  if (tests.length === 0) {
    const answer = await get<Page<Click>>(
      '/clicks',
      { ...query, limit: rowsWanted, cursor },
      signal,
    );
    return { ...answer, searched: null };
  }
  const found: Click[] = [];
  let next = cursor;
  let searched = 0;
  for (let page = 0; page < pagesMax && found.length < rowsWanted; page += 1) {
    const asked = { ...query, limit: rowsSearched, cursor: next };
    const answer = await get<Page<Click>>('/clicks', asked, signal);
    searched += answer.data.length;
    found.push(...answer.data.filter((click) => tests.every((test) => test(click))));
    next = answer.next_cursor;
    if (next === null) break;
  }
  return { data: found, next_cursor: next, searched };
}

/** Whether a live click belongs to what is listed. */
export function fits(click: Click, filters: Filters): boolean {
  const exact = (['link_id', 'user_id', 'program_id', 'country', 'device_type'] as const).every(
    (name) => !filters[name] || filters[name] === unknownKey || click[name] === filters[name],
  );
  const pseudo = ['', 'people', 'apart'].includes(filters.class);
  const ofClass = pseudo || click.class === filters.class;
  const days = rangeInstants(filters.from || '2000-01-01', filters.to || '2100-01-01');
  const at = Date.parse(click.clicked_at);
  const inRange = at >= Date.parse(days.from) && at < Date.parse(days.to);
  return exact && ofClass && inRange && ownTests(filters).every((test) => test(click));
}
