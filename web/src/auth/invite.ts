// Accepting an invitation: who one is, and a password.
import { write } from '../api/client';
import type { Role } from '../api/types';
import { showBranding } from '../page/branding';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { emptyPasswords, watchPasswords } from '../page/password';
import { showError } from '../page/states';
import { showStep } from './steps';
import { forgetToken, takeToken } from './token';
import { isAboutToken, showTokenFailure, showUnusable } from './unusable';

interface Invitation {
  email: string;
  name: string;
  role: Role;
}

const token = takeToken();
const form = byId<HTMLFormElement>('invite');
const name = byId<HTMLInputElement>('invite-name');
const used =
  'It has been used already, or its time is over. Ask whoever invited you for a new one.';

async function load(): Promise<void> {
  byId('invite-state').hidden = true;
  byId('invite-skeleton').hidden = false;
  try {
    const invitation = await write<Invitation>('POST', '/auth/invitation', { token });
    byId('invite-role').textContent = invitation.role;
    byId('invite-email').textContent = invitation.email;
    name.value = invitation.name;
    showStep('ask');
  } catch (error) {
    byId('invite-skeleton').hidden = true;
    if (isAboutToken(error)) showUnusable(used);
    else showError(byId('invite-state'), error, () => void load());
  }
}

showBranding();
watchPasswords(() => [name.value, byId('invite-email').textContent ?? '']);
watchForm(
  form,
  async () => {
    const password = byId<HTMLInputElement>('invite-password').value;
    const body = { token, name: name.value.trim(), password };
    await write('POST', '/auth/accept-invitation', body);
    emptyPasswords(form);
    forgetToken();
    showStep('done');
  },
  (error) => showTokenFailure(form, error),
);
if (token === '') showUnusable(null);
else await load();
