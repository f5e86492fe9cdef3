// After an application: what comes next, and the mail once more.
import { write } from '../api/client';
import { showBranding } from '../page/branding';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { applicant } from './draft';

const pauseSeconds = 60;
const email = byId<HTMLInputElement>('resend-email');
const button = byId<HTMLButtonElement>('resend-submit');

/** The button counts down before it can be pressed again. */
function pause(): void {
  let left = pauseSeconds;
  const label = button.textContent;
  const count = (): void => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `Again in ${left} s` : label;
    if (left === 0) clearInterval(timer);
    left -= 1;
  };
  const timer = window.setInterval(count, 1_000);
  count();
}

showBranding();
email.value = applicant();
watchForm(byId<HTMLFormElement>('resend'), async () => {
  await write('POST', '/auth/verify-email/resend', { email: email.value.trim() });
  byId('resend-note').textContent =
    'If an application waits for this address, the mail is on its way.';
  // After the form has given the button back.
  setTimeout(pause);
});
