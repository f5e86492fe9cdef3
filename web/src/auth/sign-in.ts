// The sign-in page, in two steps when the account has a second factor. It loads nothing of the others.
import { ApiError, write } from '../api/client';
import { showBranding } from '../page/branding';
import { byId } from '../page/dom';
import { clearErrors, showAlert, showFailure, watchForm } from '../page/form';
import { watchPasswords } from '../page/password';

const form = byId<HTMLFormElement>('sign-in');
const password = byId<HTMLInputElement>('sign-in-password');
const code = byId<HTMLInputElement>('sign-in-totp');
let isSecondStep = false;

/** Where to go afterwards: a path of this origin, never another site. */
function destination(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '';
  if (!next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/dashboard/';
  const address = new URL(next, location.origin);
  const leadsBack = address.pathname.startsWith('/auth/');
  if (address.origin !== location.origin || leadsBack) return '/dashboard/';
  return address.pathname + address.search + address.hash;
}

function showStepOf(second: boolean): void {
  isSecondStep = second;
  clearErrors(form);
  byId('first-step').hidden = second;
  byId('second-step').hidden = !second;
  byId('sign-in-back').hidden = !second;
  byId('sign-in-foot').hidden = second;
  byId('sign-in-title').textContent = second ? 'Second factor' : 'Sign in';
  byId('sign-in-note').textContent = second ? 'The password is right. One step is left.' : '';
  byId('sign-in-submit').textContent = second ? 'Continue' : 'Sign in';
  code.required = second;
  code.value = '';
  (second ? code : password).focus();
}

function fail(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 401) {
    showFailure(form, error);
    return;
  }
  const wantsCode = error.kind === 'second-factor';
  if (wantsCode && !isSecondStep) {
    showStepOf(true);
    return;
  }
  clearErrors(form);
  showAlert(form, error.message);
  (isSecondStep ? code : password).select();
}

async function signIn(): Promise<void> {
  const body = { email: byId<HTMLInputElement>('email').value.trim(), password: password.value };
  const totp = code.value.trim();
  await write('POST', '/auth/sign-in', isSecondStep ? { ...body, totp } : body);
  location.assign(destination());
}

showBranding();
watchPasswords();
watchForm(form, signIn, fail);
byId('sign-in-back').addEventListener('click', () => showStepOf(false));
