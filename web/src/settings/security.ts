// How the user signs in: password, address, second factor, sessions.
import { write } from '../api/client';
import { byId, findAll } from '../page/dom';
import { watchForm } from '../page/form';
import { emptyPasswords, watchPasswords } from '../page/password';
import { me } from '../shell/session';
import { startPage } from '../shell/shell';
import { showSessions, watchSessions } from './sessions';
import { showTotp, watchTotp } from './totp';

const input = (id: string): HTMLInputElement => byId<HTMLInputElement>(id);

async function changePassword(): Promise<void> {
  const form = byId('password-form');
  const totp = input('password-totp').value.trim();
  await write('POST', '/me/password', {
    current_password: input('password-current_password').value,
    new_password: input('password-new_password').value,
    ...(totp === '' ? {} : { totp }),
  });
  emptyPasswords(form);
  input('password-totp').value = '';
  byId('password-saved').textContent = 'Changed. Your other sessions have ended.';
  await showSessions();
}

async function changeEmail(): Promise<void> {
  const email = input('email-email').value.trim();
  const totp = input('email-totp').value.trim();
  const password = input('email-password').value;
  await write('POST', '/me/email', { email, password, ...(totp === '' ? {} : { totp }) });
  emptyPasswords(byId('email-card'));
  input('email-email').value = '';
  input('email-totp').value = '';
  byId('email-saved').textContent = `A mail is on its way to ${email}: open it to confirm.`;
}

await startPage(async () => {
  for (const field of findAll<HTMLInputElement>('[data-own-email]')) field.value = me().user.email;
  // As the server's rule: with a second factor a shorter one is enough.
  input('password-new_password').minLength = me().totp_enabled ? 8 : 15;
  watchPasswords(() => [me().user.name, me().user.email]);
  watchTotp();
  watchSessions();
  watchForm(byId<HTMLFormElement>('password-form'), changePassword);
  watchForm(byId<HTMLFormElement>('email-card'), changeEmail);
  showTotp();
  await showSessions();
});
