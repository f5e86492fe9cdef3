// What is filtered, each with a button that takes the filter away.
import { byId, element, icon } from './dom';

export interface Chip {
  label: string;
  remove: () => void;
}

export function showChips(chips: Chip[], clearAll: () => void): void {
  const place = byId('chips');
  const made = chips.map((chip) => {
    const button = element(
      'button',
      { type: 'button', class: 'chip', 'aria-label': `Remove filter: ${chip.label}` },
      element('span', {}, chip.label),
      icon('close'),
    );
    button.addEventListener('click', chip.remove);
    return button;
  });
  if (made.length > 1) {
    const all = element('button', { type: 'button', class: 'chip chip-clear' }, 'Clear filters');
    all.addEventListener('click', clearAll);
    made.push(all);
  }
  place.replaceChildren(...made);
}
