// What every signed-in page has: session, menu, theme, keys, palette, dialogs, notices.
import 'bootstrap/js/dist/collapse';
import 'bootstrap/js/dist/dropdown';
import { ApiError } from '../api/client';
import { openDialog, watchDialogs } from '../page/dialog';
import { byId } from '../page/dom';
import { showError } from '../page/states';
import { watchConnection } from '../page/notice';
import { toast } from '../page/toast';
import { openPalette, preparePalette } from './palette';
import { openPreferences, preparePreferences } from './preferences';
import { may, signOut, startSession } from './session';
import { setSingleKeys, singleKeysOn, watchKeys } from './shortcuts';
import { switchTheme, watchSystemTheme } from './theme';

async function createLink(): Promise<void> {
  if (!may('links:write')) return;
  const { openLinkDialog } = await import('../links/dialog');
  await openLinkDialog();
}

function openKeys(): void {
  byId<HTMLInputElement>('keys-single').checked = singleKeysOn();
  openDialog('keys-dialog');
}

const actions: Record<string, () => void> = {
  palette: openPalette,
  keys: openKeys,
  theme: switchTheme,
  preferences: openPreferences,
  create: () => void createLink(),
  'sign-out': () => {
    signOut().catch((error: unknown) => {
      if (error instanceof ApiError) toast(error.message, 'bad');
      else throw error;
    });
  },
};

function listen(): void {
  document.addEventListener('click', (event) => {
    const control = (event.target as Element).closest<HTMLElement>('[data-action]');
    if (control) actions[control.dataset.action ?? '']?.();
  });
  document.addEventListener('create-link', () => void createLink());
  document.addEventListener('switch-theme', switchTheme);
  byId<HTMLInputElement>('keys-single').addEventListener('change', (event) => {
    setSingleKeys((event.target as HTMLInputElement).checked);
  });
  watchKeys({ palette: openPalette, create: () => void createLink(), keys: openKeys });
  watchDialogs();
  watchConnection();
  watchSystemTheme();
}

/** Starts a page: loads the session, then `page`. A failure of either is shown with a way to retry. */
export async function startPage(page: () => void | Promise<void>): Promise<void> {
  listen();
  preparePalette();
  preparePreferences();
  const main = byId('main');
  try {
    await startSession();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return;
    showError(main, error, () => location.reload());
    return;
  }
  await page();
}
