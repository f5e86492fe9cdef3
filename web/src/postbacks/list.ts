// How conversions come in by themselves: keys that sign postbacks, and the script for one's own pages.
import { write } from '../api/client';
import type { PostbackKey } from '../api/sales';
import { cell, day, moment, row } from '../page/cells';
import { fillPrograms, programName } from '../page/choices';
import { copyButton } from '../page/copy';
import { closeDialog, confirmed, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { rowMenu } from '../page/menu';
import { Table } from '../page/rows';
import { bad, good, pillOf, type Shown } from '../page/status';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';

const states: Shown = {
  active: { label: 'Active', pill: good },
  revoked: { label: 'Revoked', pill: bad },
};

const form = byId<HTMLFormElement>('postback-form');
const editor = new Editor('postback', {
  name: 'text',
  program_id: 'text',
  revenue_max: 'amount',
});

const keys = new Table<PostbackKey>({
  path: '/postback-keys',
  table: 'list',
  body: 'rows',
  state: 'state',
  columns: 6,
  row: keyRow,
  empty: {
    symbol: 'key',
    title: 'No keys for postbacks yet',
    text: 'A system that can call an address tells conversions with one; API keys do it, too.',
  },
});

async function revoke(key: PostbackKey): Promise<void> {
  const sure = await confirmed({
    title: `Revoke “${key.name}”?`,
    text: 'Postbacks with it are refused at once. This cannot be taken back.',
    confirm: 'Revoke',
    danger: true,
  });
  if (!sure) return;
  await write('POST', `/postback-keys/${encodeURIComponent(key.id)}/revoke`);
  toast(`“${key.name}” is revoked.`);
  await keys.load();
}

function keyRow(key: PostbackKey): HTMLElement {
  const program = element('span', {}, key.program_id);
  attempt(async () => {
    program.textContent = await programName(key.program_id);
  });
  const items =
    key.revoked_at || !may('postback-keys:write')
      ? []
      : [{ label: 'Revoke', symbol: 'trash', run: () => attempt(() => revoke(key)) }];
  return row(
    key.id,
    cell(
      'Key',
      'cell-main',
      element('span', { class: 'row-title' }, key.name),
      element('span', { class: 'row-detail' }, element('code', {}, key.key)),
    ),
    cell('Status', 'cell-status', pillOf(states, key.revoked_at ? 'revoked' : 'active')),
    cell('Program', 'cell-text', program),
    cell('Last used', 'cell-time', key.last_used_at ? moment(key.last_used_at) : 'Never'),
    cell('Made', 'cell-time cell-wide', day(key.created_at)),
    cell('Actions', 'cell-actions', items.length > 0 && rowMenu(`Actions for ${key.name}`, items)),
  );
}

/** The secret is shown only now. */
function showSecret(made: { key: PostbackKey; secret: string }): void {
  byId('secret-key').textContent = made.key.key;
  byId('secret-value').textContent = made.secret;
  byId('secret-copy').replaceChildren(copyButton(made.secret, 'Copy the secret', 'secret'));
  openDialog('secret-dialog');
}

function showExamples(): void {
  const { origin } = location;
  byId('example-postback').textContent =
    `${origin}/api/v1/postback?key=pbk…&timestamp=…&external_id=L-4711&revenue=2400.00&cost=2010.00` +
    '&customer_id=C-99&click_id=…&signature=…';
  byId('example-script').textContent = `<script src="${origin}/js/referral.js" defer></script>`;
}

await startPage(async () => {
  showExamples();
  byId('postback-new').addEventListener('click', () =>
    attempt(async () => {
      form.reset();
      clearErrors(form);
      await fillPrograms(byId<HTMLSelectElement>('postback-program_id'));
      openDialog('postback-dialog');
    }),
  );
  watchForm(form, async () => {
    const body = editor.readFilled();
    const made = await write<{ key: PostbackKey; secret: string }>('POST', '/postback-keys', body);
    closeDialog('postback-dialog');
    showSecret(made);
    await keys.load();
  });
  await keys.load();
});
