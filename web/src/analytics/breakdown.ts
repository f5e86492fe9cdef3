// Cards of bar lists: who, from where, with what. Each row leads to its clicks.
import { get } from '../api/client';
import type { Breakdown, BreakdownRow } from '../api/types';
import { element, findAll, svgElement } from '../page/dom';
import { count, countryName, deviceName, share } from '../page/format';
import { noteStale, showEmpty, showError } from '../page/states';
import { rangeQuery, type Range } from './range';
import { rowAddress, type Scope } from './rows';

const rowsMax = 7;
const rowsMaxShort = 4;
const rowsMaxSources = 10;

function rowLabel(by: string, row: BreakdownRow): string {
  if (row.key === '') return by === 'referrer' ? 'Direct or unknown' : 'Unknown';
  if (by === 'country') return countryName(row.key);
  if (by === 'device_type') return deviceName(row.key);
  return row.label || row.key;
}

function contents(label: string, clicks: number, most: number, whole: number): Node[] {
  const width = most === 0 ? 0 : (100 * clicks) / most;
  const bar = svgElement('rect', { width: width.toFixed(1), height: '1' });
  return [
    svgElement(
      'svg',
      { class: 'bar', 'aria-hidden': 'true', viewBox: '0 0 100 1', preserveAspectRatio: 'none' },
      bar,
    ),
    element('span', { class: 'bar-label', title: label }, label),
    element('span', { class: 'bar-share' }, share(clicks, whole)),
    element('span', { class: 'bar-value' }, count(clicks)),
  ];
}

export function barRows(answer: Breakdown, scope: Scope, range: Range): HTMLElement[] {
  const most = Math.max(0, ...answer.data.map((row) => row.clicks));
  const whole = answer.data.reduce((sum, row) => sum + row.clicks, answer.other.clicks);
  const rows: HTMLElement[] = answer.data.map((row) =>
    element(
      'a',
      { class: 'bar-row', href: rowAddress(answer.by, row.key, scope, range) },
      ...contents(rowLabel(answer.by, row), row.clicks, most, whole),
    ),
  );
  if (answer.other.clicks > 0) {
    rows.push(
      element(
        'div',
        { class: 'bar-row bar-row-quiet' },
        ...contents('All others', answer.other.clicks, most, whole),
      ),
    );
  }
  return rows;
}

export class BreakdownCard {
  private range: Range | null = null;
  private loadedAt: Date | null = null;
  private load: AbortController | null = null;

  constructor(
    private readonly card: HTMLElement,
    private readonly scope: Scope,
    /** Told about each new answer: the map draws the countries'. */
    private readonly loaded: (answer: Breakdown) => void = () => {},
  ) {
    for (const tab of findAll<HTMLButtonElement>('button[data-by]', card)) {
      tab.addEventListener('click', () => {
        for (const other of findAll('button[data-by]', card)) {
          other.setAttribute('aria-pressed', String(other === tab));
        }
        this.loadedAt = null;
        if (this.range) void this.show(this.range);
      });
    }
  }

  private get by(): string {
    return (
      this.card.querySelector<HTMLElement>('[data-by][aria-pressed="true"]')?.dataset.by ?? 'link'
    );
  }

  private get limit(): number {
    if (this.card.classList.contains('breakdown-short')) return rowsMaxShort;
    return this.card.dataset.breakdown === 'sources' ? rowsMaxSources : rowsMax;
  }

  async show(range: Range): Promise<void> {
    this.range = range;
    this.load?.abort();
    const load = new AbortController();
    this.load = load;
    const body = this.card.querySelector<HTMLElement>('.breakdown-body')!;
    const query = { ...rangeQuery(range), ...this.scope, by: this.by, limit: this.limit };
    try {
      const answer = await get<Breakdown>('/analytics/breakdown', query, load.signal);
      this.loadedAt = new Date();
      if (answer.data.length === 0) {
        showEmpty(body, {
          symbol: 'chart',
          title: 'No clicks in this period',
          text: 'Choose a longer period, or share a link.',
        });
      } else {
        body.replaceChildren(...barRows(answer, this.scope, range));
      }
      this.loaded(answer);
    } catch (error) {
      if (error instanceof DOMException) return;
      if (this.loadedAt) noteStale(this.loadedAt, error);
      else showError(body, error, () => void this.show(range));
    }
  }
}
