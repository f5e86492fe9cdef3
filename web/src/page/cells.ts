// Cells of tables whose rows are cards on phones.
import { element } from './dom';
import { ago, date, dateTimeExact } from './format';

type Content = Node | string | null | undefined | false;

/** `label` stands above the value on a phone. */
export function cell(label: string, classes: string, ...children: Content[]): HTMLElement {
  return element('td', { role: 'cell', class: classes, 'data-label': label }, ...children);
}

/** "5 min. ago", exact on request. */
export function moment(at: string): HTMLElement {
  return element('time', { datetime: at, title: dateTimeExact(at) }, ago(at));
}

export function day(at: string): HTMLElement {
  return element('time', { datetime: at, title: dateTimeExact(at) }, date(at));
}

export function row(id: string, ...cells: HTMLElement[]): HTMLElement {
  return element('tr', { role: 'row', 'data-id': id }, ...cells);
}
