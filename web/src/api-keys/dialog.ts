// The dialogs of API keys: a new one or a changed one, and the secret that is shown once.
import { write } from '../api/client';
import type { ApiKey, NewApiKey } from '../api/people';
import { copyButton } from '../page/copy';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element, findAll } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { date } from '../page/format';
import { toast } from '../page/toast';
import { permissionMeaning } from '../roles/permissions';
import { me } from '../shell/session';

const dayMs = 86_400_000;
const lifetimes = [30, 90, 365];
const form = byId<HTMLFormElement>('key-form');
const name = byId<HTMLInputElement>('key-name');
const expires = byId<HTMLSelectElement>('key-expires');
let edited: ApiKey | null = null;
let changed: () => void = () => undefined;

/** Keys cannot make keys, change the account or look as others: these belong to people. */
const isForKeys = (permission: string): boolean =>
  !permission.endsWith(':own') && permission !== 'users:view-as';

const addresses = byId<HTMLInputElement>('key-allowed_addresses');

function scopeBox(permission: string, checked: boolean): HTMLElement {
  const id = `scope-${permission}`;
  const box = element('input', {
    class: 'form-check-input',
    type: 'checkbox',
    id,
    value: permission,
    checked,
  });
  const label = element(
    'label',
    { class: 'form-check-label', for: id },
    permissionMeaning(permission),
    element('code', {}, permission),
  );
  return element('div', { class: 'form-check' }, box, label);
}

function fillExpiry(key: ApiKey | null): void {
  const at = (days: number): string => new Date(Date.now() + days * dayMs).toISOString();
  const options = lifetimes.map((days) => {
    const until = at(days);
    return new Option(`In ${days} days, on ${date(until)}`, until, days === 90, days === 90);
  });
  if (key?.expires_at) {
    options.unshift(new Option(`As it is, on ${date(key.expires_at)}`, key.expires_at, true, true));
  }
  const never = new Option('Never', '', false, key !== null && key.expires_at === null);
  expires.replaceChildren(...options, never);
}

export function openKeyDialog(key: ApiKey | null): void {
  edited = key;
  form.reset();
  clearErrors(form);
  byId('key-title').textContent = key ? `Change ${key.name}` : 'New API key';
  byId('key-submit').textContent = key ? 'Save changes' : 'Create key';
  name.value = key?.name ?? '';
  addresses.value = key?.allowed_addresses.join(', ') ?? '';
  fillExpiry(key);
  const scopes = me().permissions.filter(isForKeys);
  const held = new Set(key?.scopes ?? scopes.filter((scope) => scope.endsWith(':read')));
  byId('key-scopes').replaceChildren(...scopes.map((scope) => scopeBox(scope, held.has(scope))));
  openDialog('key-dialog');
  name.focus();
}

/** Shows a key for the one time that it can be shown. */
export function showSecret(key: NewApiKey, note: string): void {
  byId('secret-title').textContent = `The key “${key.name}”`;
  byId('secret-text').textContent = note;
  byId('secret-value').textContent = key.key;
  byId('secret-copy').replaceChildren(copyButton(key.key, 'Copy the key', 'key'));
  openDialog('secret-dialog');
}

async function save(): Promise<void> {
  const chosen = findAll<HTMLInputElement>('input:checked', byId('key-scopes'));
  const body = {
    name: name.value.trim(),
    scopes: chosen.map((box) => box.value),
    allowed_addresses: addresses.value.split(/[\s,]+/).filter((each) => each !== ''),
    ...(edited || expires.value ? { expires_at: expires.value || null } : {}),
  };
  if (edited) {
    await write('PATCH', `/api-keys/${encodeURIComponent(edited.id)}`, body);
    closeDialog('key-dialog');
    toast('The key is changed.');
  } else {
    const made = await write<NewApiKey>('POST', '/api-keys', body);
    closeDialog('key-dialog');
    showSecret(made, 'It is shown only now. Copy it to where your program reads it.');
  }
  changed();
}

/** `reload` runs after every change. */
export function prepareKeyDialogs(reload: () => void): void {
  changed = reload;
  watchForm(form, save);
  const secret = byId<HTMLDialogElement>('secret-dialog');
  // Esc would lose it: only the button closes.
  secret.addEventListener('cancel', (event) => event.preventDefault());
  secret.addEventListener('close', () => {
    byId('secret-value').textContent = '';
    byId('secret-copy').replaceChildren();
  });
}
