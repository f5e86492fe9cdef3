// Choosing a new password by a mailed link.
import { write } from '../api/client';
import { showBranding } from '../page/branding';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { emptyPasswords, watchPasswords } from '../page/password';
import { showStep } from './steps';
import { forgetToken, takeToken } from './token';
import { showTokenFailure, showUnusable } from './unusable';

const token = takeToken();
const form = byId<HTMLFormElement>('reset');
const way = { label: 'Ask for a new link', href: '/auth/forgot' };

showBranding();
watchPasswords();
if (token === '') showUnusable(null, way);
watchForm(
  form,
  async () => {
    const password = byId<HTMLInputElement>('reset-password').value;
    await write('POST', '/auth/reset-password', { token, password });
    emptyPasswords(form);
    forgetToken();
    showStep('done');
  },
  (error) => showTokenFailure(form, error, way),
);
