// The strip of totals and the chart it switches, with the same numbers as a table.
import { get } from '../api/client';
import type { Breakdown, Bucket, Summary, Timeseries } from '../api/types';
import { byId, element, findAll } from '../page/dom';
import { count, date, dateTime, share, time } from '../page/format';
import { clearNotice } from '../page/notice';
import { noteStale, showError } from '../page/states';
import { intervalFor, rangeQuery, type Range } from './range';
import { clicksAddress, type Scope } from './rows';
import { seriesTable } from './table';

export type Metric = 'clicks' | 'unique_clicks' | 'links' | 'bots';

export interface Loaded {
  range: Range;
  summary: Summary;
  series: Timeseries;
  previous: Timeseries | null;
  links: Breakdown | null;
}

const titles: Record<Metric, string> = {
  clicks: 'Clicks',
  unique_clicks: 'Unique clicks',
  links: 'Clicks by link',
  bots: 'Bots',
};

const intervalNames = { hour: 'by hour', day: 'by day', week: 'by week', month: 'by month' };

export function bucketLabel(bucket: Bucket, interval: Timeseries['interval']): string {
  if (interval === 'hour') return time(bucket.at);
  const shown = date(bucket.at);
  return interval === 'day' ? shown.replace(/,? \d{4}$/, '') : shown;
}

const bucketTitle = (bucket: Bucket, interval: Timeseries['interval']): string =>
  interval === 'hour' ? dateTime(bucket.at) : date(bucket.at);

const botsOf = (series: Timeseries): number =>
  series.data.reduce((sum, bucket) => sum + bucket.bots, 0);

export class SeriesCard {
  private metric: Metric = 'clicks';
  private asTable = false;
  private loaded: Loaded | null = null;
  private loadedAt: Date | null = null;
  private load: AbortController | null = null;
  private chart: { destroy(): void } | null = null;

  constructor(private readonly scope: Scope) {
    for (const kpi of findAll<HTMLButtonElement>('[data-metric]')) {
      kpi.addEventListener('click', () => {
        this.metric = kpi.dataset.metric as Metric;
        void this.draw();
      });
    }
    byId('series-table-switch').addEventListener('click', () => {
      this.asTable = !this.asTable;
      void this.draw();
    });
    byId('series-bots').addEventListener('change', () => void this.draw());
    document.addEventListener('themechange', () => void this.draw());
  }

  /** Loads and shows the range; the answer is kept when a later refresh fails. */
  async show(range: Range): Promise<Loaded | null> {
    this.load?.abort();
    const load = new AbortController();
    this.load = load;
    byId('series').setAttribute('aria-busy', 'true');
    try {
      this.loaded = await this.fetch(range, load.signal);
      this.loadedAt = new Date();
      byId('series-state').hidden = true;
      clearNotice();
      this.drawTotals(this.loaded);
      await this.draw();
      return this.loaded;
    } catch (error) {
      if (error instanceof DOMException) return null;
      if (this.loaded && this.loadedAt) {
        noteStale(this.loadedAt, error);
      } else {
        byId('series-chart').hidden = true;
        showError(byId('series-state'), error, () => void this.show(range));
      }
      return null;
    } finally {
      if (this.load === load) byId('series').removeAttribute('aria-busy');
    }
  }

  private async fetch(range: Range, signal: AbortSignal): Promise<Loaded> {
    const query = { ...rangeQuery(range), ...this.scope };
    const interval = intervalFor(range);
    const compare = range.compare === 'none' ? null : range.compare;
    const [summary, series, links] = await Promise.all([
      get<Summary>('/analytics/summary', { ...query, compare }, signal),
      get<Timeseries>('/analytics/timeseries', { ...query, interval }, signal),
      this.scope.link_id
        ? null
        : get<Breakdown>('/analytics/breakdown', { ...query, by: 'link', limit: 10 }, signal),
    ]);
    const before = summary.previous;
    const previous = before
      ? await get<Timeseries>(
          '/analytics/timeseries',
          { ...query, from: before.from, to: before.to, interval },
          signal,
        )
      : null;
    return { range, summary, series, previous, links };
  }

  private drawTotals({ summary, series, previous }: Loaded): void {
    const before = summary.previous;
    const totals: Record<Metric, [number, number | null]> = {
      clicks: [summary.clicks, before?.clicks ?? null],
      unique_clicks: [summary.unique_clicks, before?.unique_clicks ?? null],
      links: [summary.links, before?.links ?? null],
      bots: [botsOf(series), previous ? botsOf(previous) : null],
    };
    for (const kpi of findAll('[data-metric]')) {
      const [value, earlier] = totals[kpi.dataset.metric as Metric];
      kpi.querySelector('.kpi-value')!.textContent = count(value);
      const change = kpi.querySelector<HTMLElement>('.kpi-change')!;
      change.className = 'kpi-change';
      if (earlier === null) {
        change.textContent = '\u00a0';
      } else if (earlier === value) {
        change.textContent = 'as before';
      } else if (earlier === 0) {
        change.textContent = 'none before';
      } else {
        const up = value >= earlier;
        const sign = up ? '▲' : '▼';
        change.textContent = `${sign} ${share(Math.abs(value - earlier), earlier)}`;
        if (kpi.dataset.metric !== 'bots') change.classList.add(up ? 'up' : 'down');
        change.title = `Before: ${count(earlier)}`;
      }
    }
  }

  private drawHead({ range, series }: Loaded): void {
    for (const kpi of findAll('[data-metric]')) {
      kpi.setAttribute('aria-pressed', String(kpi.dataset.metric === this.metric));
    }
    const byLink = this.metric === 'links';
    const title = titles[this.metric] + (byLink ? '' : ` ${intervalNames[series.interval]}`);
    byId('series-title').textContent = title;
    byId('series-canvas').setAttribute('aria-label', `${title}; “Table” shows the numbers`);
    byId('series-table-switch').setAttribute('aria-pressed', String(this.asTable));
    const bots = byId('series-bots');
    bots.parentElement!.hidden = byLink || this.metric === 'bots';
    const filters: Scope = this.metric === 'unique_clicks' ? { class: 'human' } : {};
    if (this.metric === 'clicks') filters.class = 'people';
    if (this.metric === 'bots') filters.class = 'bot';
    byId<HTMLAnchorElement>('series-rows').href = byLink
      ? '/referrals/links?sort=-clicks'
      : clicksAddress(this.scope, range, filters);
    byId('series-rows').firstChild!.textContent = byLink ? 'See the links' : 'See the clicks';
  }

  private drawLegend(lines: { label: string; key: string }[]): void {
    byId('series-legend').replaceChildren(
      ...lines.map((line) =>
        element('span', { class: 'legend-item' }, element('span', { class: line.key }), line.label),
      ),
    );
  }

  private clearChart(): void {
    this.chart?.destroy();
    this.chart = null;
  }

  private async draw(): Promise<void> {
    const loaded = this.loaded;
    if (!loaded) return;
    this.drawHead(loaded);
    const withBots = byId<HTMLInputElement>('series-bots').checked && this.metric !== 'bots';
    byId('series-chart').hidden = this.asTable;
    byId('series-table').hidden = !this.asTable;
    this.clearChart();
    if (this.asTable) {
      this.drawLegend([]);
      byId('series-table').replaceChildren(seriesTable(loaded, this.metric, this.scope));
      return;
    }
    const { barChart, lineChart } = await import('./chart');
    if (this.loaded !== loaded || this.asTable) return;
    const canvas = byId<HTMLCanvasElement>('series-canvas');
    this.clearChart();
    if (this.metric === 'links') {
      this.drawLegend([]);
      const rows = loaded.links?.data ?? [];
      this.chart = barChart(canvas, rows, (row) =>
        location.assign(`/referrals/link?id=${encodeURIComponent(row.key)}`),
      );
      return;
    }
    const metric = this.metric;
    const { interval, data } = loaded.series;
    this.drawLegend([
      { label: titles[metric], key: 'legend-now' },
      ...(loaded.previous ? [{ label: 'Before', key: 'legend-before' }] : []),
      ...(withBots ? [{ label: 'Bots', key: 'legend-bots' }] : []),
    ]);
    this.chart = lineChart(canvas, {
      labels: data.map((bucket) => bucketLabel(bucket, interval)),
      titles: data.map((bucket) => bucketTitle(bucket, interval)),
      now: { label: titles[metric], values: data.map((bucket) => bucket[metric]) },
      before: loaded.previous?.data.map((bucket) => bucket[metric]) ?? null,
      bots: withBots ? data.map((bucket) => bucket.bots) : null,
    });
  }
}
