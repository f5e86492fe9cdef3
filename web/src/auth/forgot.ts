// Asking for a link to choose a new password. The answer never tells whether the address is known.
import { write } from '../api/client';
import { showBranding } from '../page/branding';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { showStep } from './steps';

showBranding();
watchForm(byId<HTMLFormElement>('forgot'), async () => {
  const email = byId<HTMLInputElement>('forgot-email').value.trim();
  await write('POST', '/auth/forgot-password', { email });
  byId('forgot-address').textContent = email;
  showStep('sent');
});
