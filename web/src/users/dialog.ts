// Inviting somebody, and changing what a user is called and may do.
import { write } from '../api/client';
import type { Member } from '../api/people';
import type { Role } from '../api/types';
import { roleMeanings } from '../roles/roles';
import { closeDialog, openDialog } from '../page/dialog';
import { byId } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { toast } from '../page/toast';

const form = byId<HTMLFormElement>('user-form');
const email = byId<HTMLInputElement>('user-email');
const name = byId<HTMLInputElement>('user-name');
const role = byId<HTMLSelectElement>('user-role');
let edited: Member | null = null;
let changed: () => void = () => undefined;

function showNote(): void {
  byId('user-role-note').textContent = roleMeanings[role.value as Role];
}

export function openUserDialog(user: Member | null): void {
  edited = user;
  form.reset();
  clearErrors(form);
  byId('user-title').textContent = user ? `Change ${user.name}` : 'Invite somebody';
  byId('user-submit').textContent = user ? 'Save changes' : 'Send the invitation';
  email.value = user?.email ?? '';
  email.disabled = user !== null;
  name.value = user?.name ?? '';
  role.value = user?.role ?? 'partner';
  showNote();
  openDialog('user-dialog');
  (user ? name : email).focus();
}

async function save(): Promise<void> {
  const body = { name: name.value.trim(), role: role.value };
  if (edited) {
    await write('PATCH', `/users/${encodeURIComponent(edited.id)}`, body);
    toast(`${body.name} is changed.`);
  } else {
    await write('POST', '/users', { ...body, email: email.value.trim() });
    toast(`The invitation is on its way to ${email.value.trim()}.`);
  }
  closeDialog('user-dialog');
  changed();
}

/** `reload` runs after every change. */
export function prepareUserDialog(reload: () => void): void {
  changed = reload;
  role.addEventListener('change', showNote);
  watchForm(form, save);
}
