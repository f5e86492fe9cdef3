// What every signed-in page has: session, menu, theme, keys, palette, dialogs, notices.
import 'bootstrap/js/dist/collapse';
import 'bootstrap/js/dist/dropdown';
import { ApiError } from '../api/client';
import { watchDialogs } from '../page/dialog';
import { byId } from '../page/dom';
import { showError } from '../page/states';
import { watchConnection } from '../page/notice';
import { attempt } from './attempt';
import { openPalette, preparePalette } from './palette';
import { openKeys, prepareKeys } from './keys';
import { endViewingAs, leadsToSecondFactor, may, signOut, startSession } from './session';
import { watchKeys } from './shortcuts';
import { switchTheme } from './theme';

async function createLink(): Promise<void> {
  if (!may('links:write')) return;
  const { openLinkDialog } = await import('../links/dialog');
  await openLinkDialog();
}

const actions: Record<string, () => void> = {
  palette: openPalette,
  keys: openKeys,
  theme: switchTheme,
  create: () => void createLink(),
  'sign-out': () => attempt(signOut),
  'end-viewing-as': () => attempt(endViewingAs),
};

function listen(): void {
  document.addEventListener('click', (event) => {
    const control = (event.target as Element).closest<HTMLElement>('[data-action]');
    if (control) actions[control.dataset.action ?? '']?.();
  });
  document.addEventListener('create-link', () => void createLink());
  document.addEventListener('switch-theme', switchTheme);
  prepareKeys();
  watchKeys({ palette: openPalette, create: () => void createLink(), keys: openKeys });
  watchDialogs();
  watchConnection();
}

/** Starts a page: loads the session, then `page`. A failure of either is shown with a way to retry. */
export async function startPage(page: () => void | Promise<void>): Promise<void> {
  listen();
  preparePalette();
  const main = byId('main');
  try {
    await startSession();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return;
    showError(main, error, () => location.reload());
    return;
  }
  if (leadsToSecondFactor()) return;
  await page();
}
