// Settings of the installation: branding, applications, second factor, a test mail.
import { get, seenLimits, write } from '../api/client';
import type { Settings } from '../api/operations';
import type { Role } from '../api/types';
import { applyBranding } from '../page/branding';
import { byId, element, findAll } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { count, dateTime, plural } from '../page/format';
import { showError } from '../page/states';
import { forgetMe, may, me } from '../shell/session';
import { startPage } from '../shell/shell';
import { chosenAccent, showAccent, watchAccent } from './accent';
import { showNewestTerms, watchNewTerms } from './terms';

const form = byId<HTMLFormElement>('settings-form');
const input = (id: string): HTMLInputElement => byId<HTMLInputElement>(id);
const roleBoxes = (): HTMLInputElement[] => findAll<HTMLInputElement>('[data-totp-role]');

function show(settings: Settings): void {
  clearErrors(form);
  input('settings-branding_name').value = settings.branding_name;
  showAccent(settings.branding_accent);
  input('settings-support_email').value = settings.support_email ?? '';
  input('settings-open').checked = settings.applications_open;
  for (const box of roleBoxes()) {
    box.checked = settings.totp_required_roles.includes(box.value as Role);
  }
  byId<HTMLFieldSetElement>('settings-fields').disabled = !may('settings:write');
}

/** Known from the answers: "read.user" counts this user's reading. */
function showLimits(): void {
  const entries = [...seenLimits()].sort(([a], [b]) => a.localeCompare(b));
  byId('limits').hidden = entries.length === 0;
  byId('limits-facts').replaceChildren(
    ...entries.map(([name, { atOnce, seconds }]) => {
      const text = `${count(atOnce)} at once, back within ${plural(seconds, 'second', 'seconds')}`;
      return element('div', {}, element('dt', {}, name), element('dd', {}, text));
    }),
  );
}

async function save(): Promise<void> {
  const saved = await write<Settings>('PATCH', '/settings', {
    branding_name: input('settings-branding_name').value.trim(),
    branding_accent: chosenAccent(),
    support_email: input('settings-support_email').value.trim() || null,
    applications_open: input('settings-open').checked,
    totp_required_roles: roleBoxes()
      .filter((box) => box.checked)
      .map((box) => box.value),
  });
  show(saved);
  applyBranding({ name: saved.branding_name, accent: saved.branding_accent });
  // Who needs a second factor may have changed, oneself included: the next page asks.
  forgetMe();
  byId('settings-saved').textContent = 'Saved.';
  showLimits();
}

async function sendTest(): Promise<void> {
  const to = input('test-mail-to').value.trim();
  await write('POST', '/settings/test-mail', { to });
  byId('test-mail-sent').textContent = `On its way to ${to}.`;
}

async function load(): Promise<void> {
  try {
    const settings = await get<Settings>('/settings');
    byId('state').hidden = true;
    byId('settings').hidden = false;
    show(settings);
    await showNewestTerms();
    showLimits();
    byId('settings-saved').textContent = `Last changed ${dateTime(settings.updated_at)}`;
  } catch (error) {
    showError(byId('state'), error, () => void load());
  } finally {
    byId('skeleton').hidden = true;
  }
}

await startPage(async () => {
  watchAccent();
  input('test-mail-to').value = me().user.email;
  form.addEventListener('input', () => {
    byId('settings-saved').textContent = 'Not saved yet.';
  });
  watchForm(form, save);
  watchForm(byId<HTMLFormElement>('test-mail'), sendTest);
  watchNewTerms();
  await load();
});
