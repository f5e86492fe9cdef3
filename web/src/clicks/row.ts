// One row of a list of clicks.
import type { Click } from '../api/types';
import { classPill } from '../analytics/classes';
import { element, icon } from '../page/dom';
import {
  ago,
  bareUrl,
  countryName,
  dateTimeExact,
  deviceName,
  timeWithSeconds,
} from '../page/format';

export function place(click: Click): string {
  if (!click.country) return 'Unknown';
  const country = countryName(click.country);
  const closer = click.city ?? click.region;
  return closer ? `${closer}, ${country}` : country;
}

export function device(click: Click): string {
  const parts = [click.browser, click.os].filter((part) => part);
  return parts.length > 0 ? parts.join(' · ') : deviceName(click.device_type);
}

/** The words "2 min. ago" with the exact second below: rows of a stream are told apart by it. */
export function clickTime(click: Click): HTMLElement {
  return element(
    'time',
    { datetime: click.clicked_at, title: dateTimeExact(click.clicked_at) },
    element('span', { class: 'row-title' }, ago(click.clicked_at)),
    element('span', { class: 'row-detail' }, timeWithSeconds(click.clicked_at)),
  );
}

export function linkCell(click: Click): HTMLElement {
  if (!click.link_id) return element('span', { class: 'row-code' }, click.code || '–');
  const href = `/referrals/link?id=${encodeURIComponent(click.link_id)}`;
  return element('a', { class: 'row-code', href }, click.code);
}

function cell(label: string, classes: string, ...children: (Node | string)[]): HTMLElement {
  return element('td', { role: 'cell', class: classes, 'data-label': label }, ...children);
}

export function clickRow(click: Click, open: (click: Click) => void): HTMLElement {
  const details = element(
    'button',
    {
      type: 'button',
      class: 'btn btn-bare',
      'aria-label': `Details of the click on ${click.code}`,
    },
    icon('right'),
  );
  details.addEventListener('click', () => open(click));
  const referrer = click.referrer ? bareUrl(click.referrer) : 'Direct';
  return element(
    'tr',
    { role: 'row', 'data-id': click.id },
    cell('Time', 'cell-time', clickTime(click)),
    cell('Link', 'cell-main', linkCell(click)),
    cell('Class', 'cell-status', classPill(click.class)),
    cell('Place', 'cell-text', place(click)),
    cell('Device', 'cell-text', device(click)),
    cell('Referrer', 'cell-text', referrer),
    cell('Details', 'cell-actions', details),
  );
}
