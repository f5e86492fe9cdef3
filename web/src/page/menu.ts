// The menu behind the dots of a row.
import { element, icon } from './dom';

export interface MenuItem {
  label: string;
  symbol: string;
  run: () => void;
}

export function rowMenu(label: string, items: MenuItem[]): HTMLElement {
  const opener = element(
    'button',
    {
      type: 'button',
      class: 'btn btn-bare',
      'data-bs-toggle': 'dropdown',
      'aria-expanded': 'false',
      'aria-label': label,
    },
    icon('dots'),
  );
  const made = items.map((each) => {
    const item = element(
      'button',
      { type: 'button', class: 'dropdown-item' },
      icon(each.symbol),
      each.label,
    );
    item.addEventListener('click', each.run);
    return item;
  });
  const list = element('div', { class: 'dropdown-menu dropdown-menu-end' }, ...made);
  return element('div', { class: 'dropdown' }, opener, list);
}
