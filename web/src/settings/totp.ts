// The second factor: setting it up, new recovery codes, turning it off. One dialog with the steps each needs.
import { get, write } from '../api/client';
import type { Me } from '../api/types';
import { copyButton } from '../page/copy';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element, findAll } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { emptyPasswords } from '../page/password';
import { toast } from '../page/toast';
import { adoptMe, me } from '../shell/session';
import { showCodes, watchCodes } from './codes';

interface Setup {
  secret: string;
  uri: string;
  qr_svg: string;
}

interface Codes {
  recovery_codes: string[];
}

type Step = 'password' | 'scan' | 'code';
type Task = 'set-up' | 'renew' | 'remove';

const titles: Record<Task, string> = {
  'set-up': 'Set up a second factor',
  renew: 'New recovery codes',
  remove: 'Turn the second factor off',
};
const submits: Record<Task, string> = {
  'set-up': 'Continue',
  renew: 'Make new codes',
  remove: 'Turn off',
};

const form = byId<HTMLFormElement>('totp-form');
const password = byId<HTMLInputElement>('totp-password');
const code = byId<HTMLInputElement>('totp-totp');
let task: Task = 'set-up';
let scanned = false;

function showSteps(steps: Step[]): void {
  for (const part of findAll<HTMLFieldSetElement>('[data-totp-step]', form)) {
    const isShown = steps.includes(part.dataset.totpStep as Step);
    part.hidden = !isShown;
    part.disabled = !isShown;
  }
}

function open(wanted: Task): void {
  task = wanted;
  scanned = false;
  form.reset();
  emptyPasswords(form);
  clearErrors(form);
  byId('totp-dialog-title').textContent = titles[task];
  byId('totp-submit').textContent = submits[task];
  byId('totp-password-note').hidden = task !== 'set-up';
  // A wrong code is refused as `code` when it is set up, as `totp` otherwise.
  byId('totp-totp-error').dataset.error = task === 'set-up' ? 'code' : 'totp';
  showSteps(task === 'set-up' ? ['password'] : ['password', 'code']);
  openDialog('totp-dialog');
  password.focus();
}

function showSetup(setup: Setup): void {
  scanned = true;
  byId<HTMLImageElement>('totp-qr').src = `data:image/svg+xml,${encodeURIComponent(setup.qr_svg)}`;
  byId('totp-secret').textContent = setup.secret.replace(/(.{4})(?=.)/g, '$1 ');
  byId('totp-secret-copy').replaceChildren(copyButton(setup.secret, 'Copy the secret', 'secret'));
  byId('totp-submit').textContent = 'Turn on';
  showSteps(['scan', 'code']);
  code.focus();
}

async function refresh(): Promise<void> {
  adoptMe(await get<Me>('/me'));
  showTotp();
}

function finish(codes: string[], message: string): void {
  closeDialog('totp-dialog');
  showCodes(codes, () => {
    toast(message);
    refresh().catch(() => location.reload());
  });
}

async function send(): Promise<void> {
  const typed = { password: password.value, totp: code.value.trim() };
  if (task === 'set-up' && !scanned) {
    showSetup(await write<Setup>('POST', '/me/totp', { password: password.value }));
  } else if (task === 'set-up') {
    const answer = await write<Codes>('POST', '/me/totp/confirm', { code: typed.totp });
    finish(answer.recovery_codes, 'The second factor is on.');
  } else if (task === 'renew') {
    const answer = await write<Codes>('POST', '/me/recovery-codes', typed);
    finish(answer.recovery_codes, 'The old recovery codes no longer work.');
  } else {
    await write('POST', '/me/totp/disable', typed);
    closeDialog('totp-dialog');
    toast('The second factor is off.');
    await refresh();
  }
}

/** The state, and what can be done about it. */
export function showTotp(): void {
  const { totp_enabled: on, must_set_up_totp: required } = me();
  const pill = on
    ? element('span', { class: 'pill pill-good' }, 'On')
    : element('span', { class: 'pill pill-warn' }, 'Off');
  byId('totp-state').replaceChildren(pill);
  byId('totp-off').hidden = on;
  byId('totp-on').hidden = !on;
  byId('totp-required').hidden = !required;
  for (const place of findAll('[data-totp]')) place.hidden = !on;
}

export function watchTotp(): void {
  watchCodes();
  for (const button of findAll('[data-set-up]')) {
    button.addEventListener('click', () => open('set-up'));
  }
  byId('codes-renew').addEventListener('click', () => open('renew'));
  byId('totp-remove').addEventListener('click', () => open('remove'));
  watchForm(form, send);
}
