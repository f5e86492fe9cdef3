// The sign-in page. It loads nothing of the signed-in pages.
import { ApiError, write } from '../api/client';
import { byId } from '../page/dom';
import { passesOwnChecks, showAlert, showFailure, whileBusy } from '../page/form';

const form = byId<HTMLFormElement>('sign-in');
const password = byId<HTMLInputElement>('password');

/** Where to go afterwards: a path of this origin, never another site. */
function destination(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '';
  if (!next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/dashboard/';
  const address = new URL(next, location.origin);
  const leadsBack = address.pathname.startsWith('/auth/');
  if (address.origin !== location.origin || leadsBack) return '/dashboard/';
  return address.pathname + address.search + address.hash;
}

async function signIn(): Promise<void> {
  const email = byId<HTMLInputElement>('email').value.trim();
  try {
    await write('POST', '/auth/sign-in', { email, password: password.value });
    location.assign(destination());
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      showAlert(form, error.message);
      password.select();
    } else {
      showFailure(form, error);
    }
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (passesOwnChecks(form)) void whileBusy(byId<HTMLButtonElement>('sign-in-submit'), signIn);
});

byId('show-password').addEventListener('click', (event) => {
  const button = event.currentTarget as HTMLButtonElement;
  const shown = password.type === 'text';
  password.type = shown ? 'password' : 'text';
  button.textContent = shown ? 'Show' : 'Hide';
  button.setAttribute('aria-pressed', String(!shown));
});

for (const kind of ['keydown', 'keyup', 'mousedown'] as const) {
  password.addEventListener(kind, (event) => {
    const on = (event as KeyboardEvent | MouseEvent).getModifierState?.('CapsLock') ?? false;
    byId('caps-lock').textContent = on ? 'Caps Lock is on.' : '';
  });
}
