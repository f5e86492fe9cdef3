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

/** A dialog or a question is open. */
const isAnswering = (): boolean => document.querySelector('dialog[open], .swal2-shown') !== null;

function focusPageSearch(): boolean {
  const field = findAll('[data-page-search]')[0];
  field?.focus();
  return field !== undefined;
}

/** A single letter of one page: `a` approves. */
export interface PageKey {
  key: string;
  meaning: string;
  run: () => void;
}

let pageKeys: PageKey[] = [];
let goPressedAt = 0;
const goWindowMs = 1_500;

/** The keys of this page, beside those of all pages. */
export function usePageKeys(keys: PageKey[]): void {
  pageKeys = keys;
}

export const currentPageKeys = (): PageKey[] => pageKeys;

/** The menu's links that G and a letter lead to, as far as this user sees them. */
export function goLinks(): HTMLAnchorElement[] {
  return findAll<HTMLAnchorElement>('#sidebarMenu [data-key]').filter(
    (anchor) => !anchor.closest('[hidden]'),
  );
}

/** The second key after G; answers whether it led anywhere. */
function went(key: string): boolean {
  if (Date.now() - goPressedAt > goWindowMs) return false;
  goPressedAt = 0;
  const found = goLinks().find((anchor) => anchor.dataset.key === key);
  if (found) location.assign(found.href);
  return found !== undefined;
}

function ofPage(key: string): boolean {
  const found = pageKeys.find((each) => each.key === key);
  found?.run();
  return found !== undefined;
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
    if (!singleKeysOn() || isTyping(event.target) || isAnswering()) return;
    if (went(event.key)) return;
    if (event.key === 'g') goPressedAt = Date.now();
    else if (event.key === 'c') actions.create();
    else if (event.key === '?') actions.keys();
    else if (event.key === '/') {
      if (!focusPageSearch()) actions.palette();
    } else if (!ofPage(event.key)) return;
    event.preventDefault();
  });
}
