// The user's own settings: name, time zone, colours, keys.
import { write } from '../api/client';
import type { Me } from '../api/types';
import { closeDialog, openDialog } from '../page/dialog';
import { byId } from '../page/dom';
import { clearErrors, fillTimeZones, passesOwnChecks, showFailure, whileBusy } from '../page/form';
import { currentTimeZone } from '../page/format';
import { toast } from '../page/toast';
import { adoptMe, me } from './session';
import { setSingleKeys, singleKeysOn } from './shortcuts';
import { chooseTheme, chosenTheme, type Theme } from './theme';

const form = (): HTMLFormElement => byId<HTMLFormElement>('preferences-form');

async function save(): Promise<void> {
  const name = byId<HTMLInputElement>('preferences-name').value.trim();
  const timezone = byId<HTMLSelectElement>('preferences-timezone').value;
  const zoneChanged = timezone !== currentTimeZone();
  adoptMe(await write<Me>('PATCH', '/me', { name, timezone }));
  chooseTheme(byId<HTMLSelectElement>('preferences-theme').value as Theme);
  setSingleKeys(byId<HTMLInputElement>('preferences-keys').checked);
  closeDialog('preferences-dialog');
  if (zoneChanged) location.reload();
  else toast('Preferences saved.');
}

export function openPreferences(): void {
  clearErrors(form());
  byId<HTMLInputElement>('preferences-name').value = me().user.name;
  fillTimeZones(byId<HTMLSelectElement>('preferences-timezone'), currentTimeZone());
  byId<HTMLSelectElement>('preferences-theme').value = chosenTheme();
  byId<HTMLInputElement>('preferences-keys').checked = singleKeysOn();
  openDialog('preferences-dialog');
}

export function preparePreferences(): void {
  form().addEventListener('submit', (event) => {
    event.preventDefault();
    if (!passesOwnChecks(form())) return;
    const button = form().querySelector<HTMLButtonElement>('[type="submit"]')!;
    void whileBusy(button, () => save().catch((error: unknown) => showFailure(form(), error)));
  });
}
