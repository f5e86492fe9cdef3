// The user's API keys: how they look, rotate and end.
import { get, write } from '../api/client';
import type { ApiKey, NewApiKey } from '../api/people';
import type { Page } from '../api/types';
import { cell, day, moment, row } from '../page/cells';
import { confirmed } from '../page/dialog';
import { byId, element } from '../page/dom';
import { plural } from '../page/format';
import { rowMenu } from '../page/menu';
import { showEmpty, showError, skeletonRows } from '../page/states';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { startPage } from '../shell/shell';
import { openKeyDialog, prepareKeyDialogs, showSecret } from './dialog';

const pathOf = (key: ApiKey): string => `/api-keys/${encodeURIComponent(key.id)}`;

type State = 'active' | 'expired' | 'revoked';
const states: Record<State, { label: string; pill: string }> = {
  active: { label: 'Active', pill: 'pill pill-good' },
  expired: { label: 'Expired', pill: 'pill pill-quiet' },
  revoked: { label: 'Revoked', pill: 'pill pill-bad' },
};

function stateOf(key: ApiKey): State {
  if (key.revoked_at) return 'revoked';
  return key.expires_at && Date.parse(key.expires_at) <= Date.now() ? 'expired' : 'active';
}

const isRotating = (key: ApiKey): boolean =>
  stateOf(key) === 'active' &&
  key.previous_secret_until !== null &&
  Date.parse(key.previous_secret_until) > Date.now();

async function rotate(key: ApiKey): Promise<void> {
  const sure = await confirmed({
    title: `Rotate “${key.name}”?`,
    text: 'You get a new secret. The old one goes on working for a day, so that you can change over.',
    confirm: 'Rotate',
  });
  if (!sure) return;
  const rotated = await write<NewApiKey>('POST', `${pathOf(key)}/rotate`);
  showSecret(rotated, 'It is shown only now. The old one works for another day.');
  await load();
}

async function revoke(key: ApiKey): Promise<void> {
  const sure = await confirmed({
    title: `Revoke “${key.name}”?`,
    text: 'Programs that use it are refused at once. This cannot be taken back.',
    confirm: 'Revoke',
    danger: true,
  });
  if (!sure) return;
  await write('DELETE', pathOf(key));
  toast(`“${key.name}” is revoked.`);
  await load();
}

function menu(key: ApiKey): HTMLElement | null {
  if (stateOf(key) === 'revoked') return null;
  return rowMenu(`Actions for ${key.name}`, [
    { label: 'Change', symbol: 'edit', run: () => openKeyDialog(key) },
    { label: 'Rotate', symbol: 'replay', run: () => attempt(() => rotate(key)) },
    { label: 'Revoke', symbol: 'trash', run: () => attempt(() => revoke(key)) },
  ]);
}

function keyRow(key: ApiKey): HTMLElement {
  const state = states[stateOf(key)];
  const scopes = element(
    'span',
    { title: key.scopes.join(', ') },
    key.scopes.length <= 2 ? key.scopes.join(', ') : plural(key.scopes.length, 'scope', 'scopes'),
  );
  return row(
    key.id,
    cell(
      'Key',
      'cell-main',
      element('span', { class: 'row-title' }, key.name),
      element('span', { class: 'row-detail' }, element('code', {}, `${key.key_id}…`)),
    ),
    cell(
      'State',
      'cell-status',
      element('span', { class: state.pill }, state.label),
      isRotating(key) && element('span', { class: 'row-detail' }, 'the old secret works, too'),
    ),
    cell('Scopes', 'cell-text', scopes),
    cell('Last used', 'cell-time', key.last_used_at ? moment(key.last_used_at) : 'Never'),
    cell('Expires', 'cell-time', key.expires_at ? day(key.expires_at) : 'Never'),
    cell('Actions', 'cell-actions', menu(key)),
  );
}

async function load(): Promise<void> {
  const place = byId('rows');
  try {
    const answer = await get<Page<ApiKey>>('/api-keys');
    byId('state').hidden = true;
    byId('list').hidden = answer.data.length === 0;
    place.replaceChildren(...answer.data.map(keyRow));
    if (answer.data.length > 0) return;
    showEmpty(byId('state'), {
      symbol: 'key',
      title: 'No API keys yet',
      text: 'A key lets a program of yours use the API without your password.',
      action: { label: 'Create a key', run: () => openKeyDialog(null) },
    });
  } catch (error) {
    byId('list').hidden = true;
    showError(byId('state'), error, () => void load());
  } finally {
    place.removeAttribute('aria-busy');
  }
}

await startPage(async () => {
  byId('rows').replaceChildren(...skeletonRows(3, 6));
  prepareKeyDialogs(() => void load());
  byId('key-create').addEventListener('click', () => openKeyDialog(null));
  await load();
});
