// Everybody who signs in.
import type { Member } from '../api/people';
import type { Role, UserStatus } from '../api/types';
import { cell, day, moment, row } from '../page/cells';
import { byId, element } from '../page/dom';
import { List } from '../page/list';
import { rowMenu } from '../page/menu';
import { roleNames } from '../roles/roles';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { userActions } from './actions';
import { openUserDialog, prepareUserDialog } from './dialog';

const filterNames = ['q', 'role', 'status'] as const;
type FilterName = (typeof filterNames)[number];

const statuses: Record<UserStatus, { label: string; pill: string }> = {
  active: { label: 'Active', pill: 'pill pill-good' },
  invited: { label: 'Invited', pill: 'pill pill-warn' },
  disabled: { label: 'Disabled', pill: 'pill pill-bad' },
};

function chipLabel(name: FilterName, value: string): string {
  if (name === 'role') return roleNames[value as Role] ?? value;
  if (name === 'status') return statuses[value as UserStatus]?.label ?? value;
  return `“${value}”`;
}

function userRow(user: Member, changed: () => void): HTMLElement {
  const status = statuses[user.status];
  const links = `/referrals/links?user_id=${encodeURIComponent(user.id)}`;
  const items = userActions(user, changed);
  return row(
    user.id,
    cell(
      'User',
      'cell-main',
      user.role === 'partner' && may('links:read')
        ? element('a', { class: 'row-title', href: links, title: 'Their links' }, user.name)
        : element('span', { class: 'row-title' }, user.name),
      element('span', { class: 'row-detail' }, user.email),
    ),
    cell('Status', 'cell-status', element('span', { class: status.pill }, status.label)),
    cell('Role', 'cell-text', roleNames[user.role]),
    cell('Second factor', 'cell-text', user.totp_enabled ? 'On' : 'Off'),
    cell('Last seen', 'cell-time', user.last_seen_at ? moment(user.last_seen_at) : 'Never'),
    cell('Since', 'cell-time cell-wide', day(user.created_at)),
    cell('Actions', 'cell-actions', items.length > 0 && rowMenu(`Actions for ${user.name}`, items)),
  );
}

await startPage(async () => {
  const list: List<Member, FilterName> = new List<Member, FilterName>({
    path: '/users',
    columns: 7,
    filterNames,
    row: (user) => userRow(user, () => void list.load()),
    chip: chipLabel,
    nothingFound: 'Nobody fits these filters',
    empty: { symbol: 'users', title: 'Nobody yet', text: 'Invite the people you work with.' },
  });
  prepareUserDialog(() => void list.load());
  byId('user-invite').addEventListener('click', () => openUserDialog(null));
  await list.start();
});
