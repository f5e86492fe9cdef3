// A state as a word with a dot; what is not known is shown as it is.
import { element } from './dom';

export type Shown = Record<string, { label: string; pill: string }>;

export const good = 'pill pill-good';
export const warn = 'pill pill-warn';
export const bad = 'pill pill-bad';
export const quiet = 'pill pill-quiet';

/** "four_eyes" as "Four eyes". */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const labelOf = (shown: Shown, name: string): string => shown[name]?.label ?? words(name);

export function pillOf(shown: Shown, name: string): HTMLElement {
  return element('span', { class: shown[name]?.pill ?? quiet }, labelOf(shown, name));
}
