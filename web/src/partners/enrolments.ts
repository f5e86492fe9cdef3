// A partner's enrolments: in which programs, in which group, and what can be decided.
import { get, write } from '../api/client';
import type { Enrolment, EnrolmentStatus } from '../api/partners';
import { cell, day, row } from '../page/cells';
import { fillGroups, fillPrograms } from '../page/choices';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { date } from '../page/format';
import { rowMenu, type MenuItem } from '../page/menu';
import { decide, type Decision } from '../page/reason';
import { Table } from '../page/rows';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { enrolmentPill, enrolmentStatus } from './status';

type Verb = 'approve' | 'reject' | 'suspend' | 'reinstate' | 'ban' | 'leave';

interface Choice {
  verb: Verb;
  label: string;
  symbol: string;
  from: EnrolmentStatus[];
  text: string;
  danger?: boolean;
}

const choices: Choice[] = [
  {
    verb: 'approve',
    label: 'Approve',
    symbol: 'check',
    from: ['applied', 'invited', 'rejected', 'left'],
    text: 'From now on conversions can be credited to this partner.',
  },
  {
    verb: 'reject',
    label: 'Reject',
    symbol: 'close',
    from: ['applied', 'invited'],
    text: 'They do not take part in this program.',
  },
  {
    verb: 'suspend',
    label: 'Suspend',
    symbol: 'pause',
    from: ['approved'],
    text: 'Nothing that happens from now on is credited to them, and nothing of theirs is approved, until they are reinstated.',
  },
  {
    verb: 'reinstate',
    label: 'Reinstate',
    symbol: 'play',
    from: ['suspended', 'banned'],
    text: 'From now on conversions can be credited to them again.',
  },
  {
    verb: 'leave',
    label: 'Has left',
    symbol: 'exit',
    from: ['applied', 'invited', 'approved'],
    text: 'They take part no longer. What they earned until now stays theirs.',
  },
  {
    verb: 'ban',
    label: 'Ban',
    symbol: 'stop',
    from: ['applied', 'invited', 'approved', 'rejected', 'suspended', 'left'],
    text: 'For partners who cheated: nothing is credited to them any more.',
    danger: true,
  },
];

let userId = '';
let moved: Enrolment | null = null;

const pathOf = (enrolment: Enrolment): string => `/enrolments/${encodeURIComponent(enrolment.id)}`;

function decisionOf(enrolment: Enrolment, choice: Choice): Decision {
  return {
    title: `${choice.label}: ${enrolment.program_name}`,
    text: choice.text,
    submit: choice.label,
    danger: choice.danger ?? false,
    optional: ['approve', 'reinstate', 'leave'].includes(choice.verb),
    reasonNote: 'The partner can read it',
  };
}

function items(enrolment: Enrolment): MenuItem[] {
  if (!may('enrolments:write')) return [];
  const decisions = choices
    .filter((choice) => choice.from.includes(enrolment.status))
    .map((choice) => ({
      label: choice.label,
      symbol: choice.symbol,
      run: () =>
        decide(decisionOf(enrolment, choice), async ({ reason }) => {
          const body = reason === '' ? {} : { reason };
          const changed = await write<Enrolment>(
            'POST',
            `${pathOf(enrolment)}/${choice.verb}`,
            body,
          );
          toast(`${enrolment.program_name}: ${enrolmentStatus(changed.status)}.`);
          await enrolments.load();
        }),
    }));
  const move = { label: 'Change the group', symbol: 'users', run: () => openMove(enrolment) };
  const history = { label: 'History', symbol: 'history', run: () => openHistory(enrolment) };
  return [move, history, ...decisions];
}

function openMove(enrolment: Enrolment): void {
  moved = enrolment;
  attempt(async () => {
    const select = byId<HTMLSelectElement>('move-group_id');
    await fillGroups(select, enrolment.program_id);
    select.value = enrolment.group_id ?? '';
    clearErrors(byId('move-form'));
    openDialog('move-dialog');
  });
}

function openHistory(enrolment: Enrolment): void {
  attempt(async () => {
    const { changes = [] } = await get<Enrolment>(pathOf(enrolment));
    byId('history-rows').replaceChildren(
      ...changes.map((change) =>
        element(
          'li',
          {},
          element(
            'div',
            { class: 'rows-list-main' },
            enrolmentPill(change.status),
            element('span', { class: 'row-detail' }, change.reason ?? ''),
          ),
          element(
            'span',
            { class: 'page-note' },
            `${date(change.since)}${change.by_name ? `, ${change.by_name}` : ''}`,
          ),
        ),
      ),
    );
    openDialog('history-dialog');
  });
}

function enrolmentRow(enrolment: Enrolment): HTMLElement {
  const menu = items(enrolment);
  return row(
    enrolment.id,
    cell(
      'Program',
      'cell-main',
      element('span', { class: 'row-title' }, enrolment.program_name),
      enrolment.reason && element('span', { class: 'row-detail' }, enrolment.reason),
    ),
    cell('Status', 'cell-status', enrolmentPill(enrolment.status)),
    cell('Group', 'cell-text', enrolment.group_name ?? '–'),
    cell('Since', 'cell-time', day(enrolment.since)),
    cell(
      'Actions',
      'cell-actions',
      menu.length > 0 && rowMenu(`Actions for ${enrolment.program_name}`, menu),
    ),
  );
}

let enrolments: Table<Enrolment>;

function watch(): void {
  const enrolForm = byId<HTMLFormElement>('enrol-form');
  byId('enrol-new').addEventListener('click', () =>
    attempt(async () => {
      enrolForm.reset();
      clearErrors(enrolForm);
      await fillPrograms(byId<HTMLSelectElement>('enrol-program_id'));
      openDialog('enrol-dialog');
    }),
  );
  watchForm(enrolForm, async () => {
    const program_id = byId<HTMLSelectElement>('enrol-program_id').value;
    await write<Enrolment>('POST', '/enrolments', { user_id: userId, program_id });
    closeDialog('enrol-dialog');
    toast('Enrolled.');
    await enrolments.load();
  });
  watchForm(byId<HTMLFormElement>('move-form'), async () => {
    if (!moved) return;
    const group_id = byId<HTMLSelectElement>('move-group_id').value || null;
    await write<Enrolment>('PATCH', pathOf(moved), { group_id });
    closeDialog('move-dialog');
    toast('The group is changed.');
    await enrolments.load();
  });
}

/** Shows the enrolments of a user in the card #enrolments. */
export async function showEnrolments(user: string): Promise<void> {
  userId = user;
  enrolments = new Table<Enrolment>({
    path: `/enrolments?user_id=${encodeURIComponent(user)}&limit=200`,
    table: 'enrolments',
    body: 'enrolments-rows',
    state: 'enrolments-state',
    columns: 5,
    row: enrolmentRow,
    empty: {
      symbol: 'program',
      title: 'In no program',
      text: 'Nothing is credited to this partner until they are enrolled.',
    },
  });
  watch();
  await enrolments.load();
}
