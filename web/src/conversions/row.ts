// One row of a list of conversions.
import type { ConversionRow } from '../api/sales';
import { cell, row } from '../page/cells';
import { element } from '../page/dom';
import { date, dateTimeExact } from '../page/format';
import { money, percentOf } from '../page/money';
import { partnerName } from '../page/names';
import { words } from '../page/status';
import { conversionPill } from './words';

export const conversionAddress = (id: string): string =>
  `/admin/conversion?id=${encodeURIComponent(id)}`;

/** Whose it is: names, with shares when there are several. */
export function creditedTo(conversion: ConversionRow): HTMLElement {
  const credits = conversion.attributions;
  if (credits.length === 0) return element('span', {}, 'Nobody');
  const names = credits.flatMap((credit, at) => [
    at > 0 ? ', ' : '',
    partnerName(credit.user_id, credit.user_name),
    credits.length > 1 ? ` ${percentOf(credit.weight_ppm)}` : '',
  ]);
  return element('span', {}, ...names);
}

export function conversionRow(conversion: ConversionRow): HTMLElement {
  const at = conversion.occurred_at;
  const line = conversion.line ? ` · ${conversion.line}` : '';
  return row(
    conversion.id,
    cell(
      'Conversion',
      'cell-main',
      element(
        'a',
        { class: 'row-title', href: conversionAddress(conversion.id) },
        `${words(conversion.kind)} ${conversion.external_id}${line}`,
      ),
      element('span', { class: 'row-detail' }, conversion.customer_name ?? conversion.source),
    ),
    cell('Status', 'cell-status', conversionPill(conversion.status)),
    cell('Credited to', 'cell-text', creditedTo(conversion)),
    cell('Revenue', 'num', money(conversion.revenue, conversion.currency)),
    cell(
      'Occurred',
      'cell-time',
      element('time', { datetime: at, title: dateTimeExact(at) }, date(at)),
    ),
  );
}

export const conversionColumns = 5;
