// The chart's numbers as a table; every row leads to its clicks.
import type { Bucket } from '../api/types';
import { element } from '../page/dom';
import { count, date, dateTime, dayOf } from '../page/format';
import { addDays } from './range';
import { clicksAddress, type Scope } from './rows';
import type { Loaded, Metric } from './series';

const cell = (value: number | undefined): HTMLElement =>
  element('td', { class: 'num' }, value === undefined ? '–' : count(value));

const heading = (label: string, isNumber = true): HTMLElement =>
  element('th', { scope: 'col', class: isNumber ? 'num' : null }, label);

/** The days of a bucket: up to the day before the next one, or the end of the range. */
function bucketDays(loaded: Loaded, at: number): { from: string; to: string } {
  const day = (bucket: Bucket | undefined): string | null =>
    bucket ? dayOf(new Date(bucket.at)) : null;
  const { data, interval } = loaded.series;
  // The first week or month may begin before the range does.
  const start = day(data[at]) ?? loaded.range.from;
  const from = start < loaded.range.from ? loaded.range.from : start;
  const next = day(data[at + 1]);
  const to = interval === 'hour' ? from : next ? addDays(next, -1) : loaded.range.to;
  return { from, to };
}

function byTime(loaded: Loaded, scope: Scope): HTMLElement {
  const { data, interval } = loaded.series;
  const rows = data.map((bucket, at) => {
    const label = interval === 'hour' ? dateTime(bucket.at) : date(bucket.at);
    const href = clicksAddress(scope, { ...loaded.range, ...bucketDays(loaded, at) });
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('a', { href }, label)),
      cell(bucket.clicks),
      cell(bucket.unique_clicks),
      cell(bucket.bots),
      loaded.previous && cell(loaded.previous.data[at]?.clicks),
    );
  });
  return element(
    'table',
    { class: 'table table-sm' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        heading('Time', false),
        heading('Clicks'),
        heading('Unique'),
        heading('Bots'),
        loaded.previous && heading('Clicks before'),
      ),
    ),
    element('tbody', {}, ...rows.reverse()),
  );
}

function byLink(loaded: Loaded): HTMLElement {
  const rows = (loaded.links?.data ?? []).map((row) => {
    const href = `/referrals/link?id=${encodeURIComponent(row.key)}`;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('a', { href }, row.label)),
      cell(row.clicks),
      cell(row.unique_clicks),
    );
  });
  return element(
    'table',
    { class: 'table table-sm' },
    element(
      'thead',
      {},
      element('tr', {}, heading('Link', false), heading('Clicks'), heading('Unique')),
    ),
    element('tbody', {}, ...rows),
  );
}

export function seriesTable(loaded: Loaded, metric: Metric, scope: Scope): HTMLElement {
  return metric === 'links' ? byLink(loaded) : byTime(loaded, scope);
}
