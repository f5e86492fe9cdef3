// Keys. Single letters can be switched off (WCAG 2.1.4), Ctrl+K and Esc always work.
import { findAll } from '../page/dom';

const storageKey = 'single-letter-keys';

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off');
  } catch {
    // Without storage the keys stay on.
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

function focusPageSearch(): boolean {
  const field = findAll('[data-page-search]')[0];
  field?.focus();
  return field !== undefined;
}

export function watchKeys(actions: {
  palette: () => void;
  create: () => void;
  keys: () => void;
}): void {
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      actions.palette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!singleKeysOn() || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === 'c') actions.create();
    else if (event.key === '?') actions.keys();
    else if (event.key === '/') {
      if (!focusPageSearch()) actions.palette();
    } else return;
    event.preventDefault();
  });
}
