// What a widget shows when it has no rows: still loading, nothing there, nothing found, failed.
import { ApiError } from '../api/client';
import { element, icon } from './dom';
import { showNotice } from './notice';

interface Action {
  label: string;
  run: () => void;
}

function actionButton(action: Action, primary: boolean): HTMLButtonElement {
  const classes = primary ? 'btn btn-sm btn-primary' : 'btn btn-sm btn-outline-gray-600';
  const button = element('button', { type: 'button', class: classes }, action.label);
  button.addEventListener('click', action.run);
  return button;
}

/** Nothing there: why, and what to do about it. */
export function showEmpty(
  place: HTMLElement,
  content: { symbol: string; title: string; text: string; action?: Action | undefined },
): void {
  place.replaceChildren(
    element(
      'div',
      { class: 'empty' },
      icon(content.symbol, 'icon icon-md line-icon'),
      element('h3', {}, content.title),
      element('p', {}, content.text),
      content.action && actionButton(content.action, true),
    ),
  );
  place.hidden = false;
}

/** Failed: what the server said, its request id for the log, and a way to try again. */
export function showError(place: HTMLElement, error: unknown, retry: () => void): void {
  if (!(error instanceof ApiError)) throw error;
  place.replaceChildren(
    element(
      'div',
      { class: 'empty empty-error', role: 'alert' },
      icon('warning', 'icon icon-md line-icon'),
      element('h3', {}, 'This could not be loaded'),
      element('p', {}, error.message),
      error.requestId && element('p', { class: 'request-id' }, `Request ${error.requestId}`),
      actionButton({ label: 'Try again', run: retry }, false),
    ),
  );
  place.hidden = false;
}

/** Old numbers stay on the page; the notice says from when they are. */
export function noteStale(loadedAt: Date, error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  showNotice({ kind: 'stale', loadedAt, reason: error.message });
}

/** Rows of grey bars of the size of what will be there. */
export function skeletonRows(rows: number, columns: number): HTMLElement[] {
  return Array.from({ length: rows }, () =>
    element(
      'tr',
      { class: 'skeleton-row', 'aria-hidden': 'true' },
      ...Array.from({ length: columns }, () =>
        element('td', {}, element('span', { class: 'skeleton' })),
      ),
    ),
  );
}
