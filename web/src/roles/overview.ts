// The roles, and which permissions one's own includes.
import type { Role } from '../api/types';
import { byId, element, icon } from '../page/dom';
import { may, me } from '../shell/session';
import { startPage } from '../shell/shell';
import { knownPermissions, permissionMeaning } from './permissions';
import { roleMeanings, roleNames } from './roles';

function roleItem(role: Role): HTMLElement {
  const own = me().user.role === role;
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
    own && element('span', { class: 'pill pill-good' }, 'Yours'),
    may('users:read') &&
      element(
        'a',
        { class: 'btn btn-sm btn-outline-gray-600', href: `/admin/users?role=${role}` },
        'Users',
        element('span', { class: 'visually-hidden' }, ` with the role ${roleNames[role]}`),
      ),
  );
}

function permissionItem(permission: string): HTMLElement {
  const held = me().permissions.includes(permission);
  return element(
    'li',
    { class: held ? 'permission-held' : null },
    icon(held ? 'check' : 'close'),
    element(
      'span',
      {},
      permissionMeaning(permission),
      element('span', { class: 'visually-hidden' }, held ? ': yes' : ': no'),
      element('code', {}, permission),
    ),
  );
}

await startPage(() => {
  byId('roles').replaceChildren(...(Object.keys(roleNames) as Role[]).map(roleItem));
  const all = new Set([...knownPermissions, ...me().permissions]);
  byId('permissions').replaceChildren(...[...all].map(permissionItem));
});
