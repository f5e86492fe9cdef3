// The user's own name and time zone, and what this browser keeps: colours and keys.
import { write } from '../api/client';
import type { Me } from '../api/types';
import { byId } from '../page/dom';
import { fillTimeZones, watchForm } from '../page/form';
import { currentTimeZone } from '../page/format';
import { adoptMe, me } from '../shell/session';
import { startPage } from '../shell/shell';
import { setSingleKeys, singleKeysOn } from '../shell/shortcuts';
import { chooseTheme, chosenTheme, type Theme } from '../shell/theme';

const form = byId<HTMLFormElement>('profile');
const timezones = byId<HTMLSelectElement>('profile-timezone');
const theme = byId<HTMLSelectElement>('look-theme');
const keys = byId<HTMLInputElement>('look-keys');

async function save(): Promise<void> {
  const name = byId<HTMLInputElement>('profile-name').value.trim();
  adoptMe(await write<Me>('PATCH', '/me', { name, timezone: timezones.value }));
  byId('profile-saved').textContent = 'Saved.';
}

await startPage(() => {
  byId<HTMLInputElement>('profile-name').value = me().user.name;
  fillTimeZones(timezones, currentTimeZone());
  theme.value = chosenTheme();
  keys.checked = singleKeysOn();
  theme.addEventListener('change', () => chooseTheme(theme.value as Theme));
  keys.addEventListener('change', () => setSingleKeys(keys.checked));
  document.addEventListener('themechange', () => {
    theme.value = chosenTheme();
  });
  form.addEventListener('input', () => {
    byId('profile-saved').textContent = 'Not saved yet.';
  });
  watchForm(form, save);
});
