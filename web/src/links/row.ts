// One row of the list of links; on a phone the same cells are a card.
import type { Link } from '../api/types';
import { copyButton } from '../page/copy';
import { element, icon } from '../page/dom';
import { ago, bareUrl, count, date, dateTimeExact } from '../page/format';
import { linkActions } from './actions';
import { statusPill } from './status';

export const linkAddress = (id: string): string => `/referrals/link?id=${encodeURIComponent(id)}`;

function cell(label: string, classes: string, ...children: (Node | string)[]): HTMLElement {
  return element('td', { role: 'cell', class: classes, 'data-label': label }, ...children);
}

export function moment(at: string): HTMLElement {
  return element('time', { datetime: at, title: dateTimeExact(at) }, ago(at));
}

function menu(link: Link, changed: () => void): HTMLElement {
  const items = linkActions(link, changed).map((action) => {
    const item = element(
      'button',
      { type: 'button', class: 'dropdown-item' },
      icon(action.symbol),
      action.label,
    );
    item.addEventListener('click', action.run);
    return item;
  });
  const opener = element(
    'button',
    {
      type: 'button',
      class: 'btn btn-bare',
      'data-bs-toggle': 'dropdown',
      'aria-expanded': 'false',
      'aria-label': `Actions for ${link.code}`,
    },
    icon('dots'),
  );
  const list = element('div', { class: 'dropdown-menu dropdown-menu-end' }, ...items);
  return element('div', { class: 'dropdown' }, opener, list);
}

export function linkRow(link: Link, changed: () => void): HTMLElement {
  const name = element(
    'a',
    { class: 'row-title', href: linkAddress(link.id) },
    link.name ?? link.code,
  );
  const destination = element(
    'span',
    { class: 'row-detail', title: link.destination_url },
    `→ ${bareUrl(link.destination_url)}`,
  );
  const address = element(
    'span',
    { class: 'row-address' },
    element('span', { class: 'row-code' }, bareUrl(link.short_url)),
    copyButton(link.short_url, `Copy the address of ${link.code}`),
    destination,
  );
  const clicksHref = `/referrals/clicks?link_id=${encodeURIComponent(link.id)}`;
  const clicks = element('a', { class: 'num-link', href: clicksHref }, count(link.clicks));
  const unique = element(
    'a',
    { class: 'num-link', href: `${clicksHref}&class=human` },
    count(link.unique_clicks),
  );
  return element(
    'tr',
    { role: 'row', 'data-id': link.id },
    cell('Link', 'cell-main', name, address),
    cell('Status', 'cell-status', statusPill(link.status)),
    cell('Clicks', 'num', clicks),
    cell('Unique', 'num', unique),
    cell('Last click', 'cell-time', link.last_clicked_at ? moment(link.last_clicked_at) : '–'),
    cell(
      'Created',
      'cell-time cell-wide',
      element(
        'time',
        { datetime: link.created_at, title: dateTimeExact(link.created_at) },
        date(link.created_at),
      ),
    ),
    cell('Actions', 'cell-actions', menu(link, changed)),
  );
}
