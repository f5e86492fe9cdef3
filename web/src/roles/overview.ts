// The roles, and the program's own table of what each includes.
import { get } from '../api/client';
import type { Role } from '../api/types';
import { byId, element, icon } from '../page/dom';
import { showError } from '../page/states';
import { me } from '../shell/session';
import { startPage } from '../shell/shell';
import { roleMeanings, roleNames } from './roles';

interface Permission {
  name: string;
  meaning: string;
  of_keys: boolean;
  roles: Role[];
}

interface RoleTable {
  roles: Role[];
  permissions: Permission[];
}

const isOwn = (role: Role): boolean => me().user.role === role;

function roleItem(role: Role): HTMLElement {
  return element(
    'li',
    {},
    icon('shield', 'icon icon-sm line-icon'),
    element(
      'div',
      { class: 'rows-list-main' },
      element('strong', {}, roleNames[role]),
      element('span', { class: 'row-detail' }, roleMeanings[role]),
    ),
    isOwn(role) && element('span', { class: 'pill pill-good' }, 'Yours'),
    element(
      'a',
      { class: 'btn btn-sm btn-outline-gray-600', href: `/admin/users?role=${role}` },
      'Users',
      element('span', { class: 'visually-hidden' }, ` with the role ${roleNames[role]}`),
    ),
  );
}

function headCell(label: string, own = false): HTMLElement {
  return element('th', { scope: 'col', class: own ? 'matrix-own' : null }, label);
}

function markCell(held: boolean, own: boolean): HTMLElement {
  return element(
    'td',
    { class: own ? 'matrix-own' : null },
    held && icon('check'),
    element('span', { class: 'visually-hidden' }, held ? 'yes' : 'no'),
  );
}

function permissionRow(permission: Permission, roles: Role[]): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, permission.meaning, element('code', {}, permission.name)),
    ...roles.map((role) => markCell(permission.roles.includes(role), isOwn(role))),
    markCell(permission.of_keys, false),
  );
}

function show({ roles, permissions }: RoleTable): void {
  byId('roles').replaceChildren(...roles.map(roleItem));
  byId('matrix-head').replaceChildren(
    headCell('Permission'),
    ...roles.map((role) => headCell(roleNames[role], isOwn(role))),
    headCell('API keys'),
  );
  byId('matrix-rows').replaceChildren(
    ...permissions.map((permission) => permissionRow(permission, roles)),
  );
}

async function load(): Promise<void> {
  try {
    show(await get<RoleTable>('/roles'));
    byId('state').hidden = true;
    byId('role-cards').hidden = false;
  } catch (error) {
    showError(byId('state'), error, () => void load());
  } finally {
    byId('skeleton').hidden = true;
  }
}

await startPage(load);
