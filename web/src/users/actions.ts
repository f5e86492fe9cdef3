// What can be done with a user: each only where their state and one's own permissions allow it.
import { write } from '../api/client';
import type { Member } from '../api/people';
import { confirmed } from '../page/dialog';
import type { MenuItem } from '../page/menu';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may, me, viewAs } from '../shell/session';
import { openUserDialog } from './dialog';

interface Change {
  done: string;
  request: () => Promise<unknown>;
  question?: { title: string; text: string; confirm: string; danger?: boolean };
}

const pathOf = (user: Member): string => `/users/${encodeURIComponent(user.id)}`;

async function run(change: Change, changed: () => void): Promise<void> {
  if (change.question && !(await confirmed(change.question))) return;
  await change.request();
  toast(change.done);
  changed();
}

const invite = (user: Member): Change => ({
  done: `The invitation is on its way to ${user.email} again.`,
  request: () => write('POST', `${pathOf(user)}/invite`),
});

const signOut = (user: Member): Change => ({
  done: `All sessions of ${user.name} have ended.`,
  request: () => write('POST', `${pathOf(user)}/sign-out`),
  question: {
    title: `Sign ${user.name} out?`,
    text: 'All their sessions end at once. They can sign in again.',
    confirm: 'Sign out',
  },
});

const resetTotp = (user: Member): Change => ({
  done: `${user.name} can sign in with the password alone.`,
  request: () => write('POST', `${pathOf(user)}/reset-totp`),
  question: {
    title: `Reset the second factor of ${user.name}?`,
    text: 'Only when you are sure who asks for it: from then on the password alone is enough, until they set up another.',
    confirm: 'Reset',
    danger: true,
  },
});

const disable = (user: Member): Change => ({
  done: `${user.name} is disabled.`,
  request: () => write('PATCH', pathOf(user), { status: 'disabled' }),
  question: {
    title: `Disable ${user.name}?`,
    text: 'Their sessions and API keys stop at once, and they cannot sign in. You can enable them again.',
    confirm: 'Disable',
    danger: true,
  },
});

const enable = (user: Member): Change => ({
  done: `${user.name} is enabled.`,
  request: () => write('PATCH', pathOf(user), { status: 'active' }),
});

async function startViewing(user: Member): Promise<void> {
  const sure = await confirmed({
    title: `Look as ${user.name}?`,
    text: 'You see what they see and can change nothing. That you looked stands in the audit log.',
    confirm: 'Look',
  });
  if (sure) await viewAs(user.id);
}

export function userActions(user: Member, changed: () => void): MenuItem[] {
  const items: MenuItem[] = [];
  const add = (label: string, symbol: string, action: () => void): void => {
    items.push({ label, symbol, run: action });
  };
  const addChange = (label: string, symbol: string, change: Change): void =>
    add(label, symbol, () => attempt(() => run(change, changed)));
  const isSelf = user.id === me().user.id;
  if (may('users:write')) {
    add('Name and role', 'edit', () => openUserDialog(user));
    if (user.status === 'invited') addChange('Send the invitation again', 'mail', invite(user));
    if (user.status === 'active') addChange('Sign out', 'exit', signOut(user));
    if (user.totp_enabled && !isSelf) addChange('Reset second factor', 'lock', resetTotp(user));
    if (user.status === 'disabled') addChange('Enable', 'play', enable(user));
    else if (!isSelf) addChange('Disable', 'stop', disable(user));
  }
  if (may('users:view-as') && user.role === 'partner' && user.status === 'active') {
    add('See as this partner', 'eye', () => attempt(() => startViewing(user)));
  }
  if (may('audit-logs:read')) {
    const id = encodeURIComponent(user.id);
    add('What they did', 'history', () => location.assign(`/admin/audit-log?user_id=${id}`));
  }
  return items;
}
