// Groups: sets of a program's partners that can have their own rules.
import { write } from '../api/client';
import type { Group } from '../api/partners';
import { cell, day, row } from '../page/cells';
import { allPrograms, fillPrograms } from '../page/choices';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { count } from '../page/format';
import { List } from '../page/list';
import { rowMenu } from '../page/menu';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';

const form = byId<HTMLFormElement>('group-form');
const editor = new Editor('group', { program_id: 'text', name: 'text', description: 'text' });
let edited: Group | null = null;
let programNames = new Map<string, string>();

function openGroup(group: Group | null): void {
  edited = group;
  clearErrors(form);
  byId('group-title').textContent = group ? `Change ${group.name}` : 'New group';
  byId('group-submit').textContent = group ? 'Save changes' : 'Create group';
  const program = byId<HTMLSelectElement>('group-program_id');
  program.disabled = group !== null;
  editor.fill(group ? { ...group } : { program_id: program.options[0]?.value });
  openDialog('group-dialog');
  byId('group-name').focus();
}

async function save(): Promise<void> {
  if (edited) {
    const { name, description } = editor.read();
    await write<Group>('PATCH', `/groups/${encodeURIComponent(edited.id)}`, { name, description });
    toast('Saved.');
  } else {
    await write<Group>('POST', '/groups', editor.readFilled());
    toast('The group is made. Partners join it on their own page.');
  }
  closeDialog('group-dialog');
}

function groupRow(group: Group): HTMLElement {
  const id = encodeURIComponent(group.id);
  const program = encodeURIComponent(group.program_id);
  const rules = `/admin/rules?program_id=${program}&scope=group`;
  const edit = { label: 'Name and description', symbol: 'edit', run: () => openGroup(group) };
  return row(
    group.id,
    cell(
      'Group',
      'cell-main',
      element('span', { class: 'row-title' }, group.name),
      element('span', { class: 'row-detail' }, group.description ?? ''),
    ),
    cell('Program', 'cell-text', programNames.get(group.program_id) ?? group.program_id),
    cell(
      'Partners',
      'num',
      element(
        'a',
        { class: 'num-link', href: `/admin/partners?group_id=${id}` },
        count(group.partners),
      ),
    ),
    cell(
      'Rules',
      'cell-text',
      may('commission-rules:read') ? element('a', { href: rules }, 'Rules of the program') : '–',
    ),
    cell('Since', 'cell-time cell-wide', day(group.created_at)),
    cell(
      'Actions',
      'cell-actions',
      may('groups:write') && rowMenu(`Actions for ${group.name}`, [edit]),
    ),
  );
}

await startPage(async () => {
  const list: List<Group, 'program_id'> = new List<Group, 'program_id'>({
    path: '/groups',
    columns: 6,
    filterNames: ['program_id'],
    row: groupRow,
    chip: (_name, value) => programNames.get(value) ?? 'One program',
    nothingFound: 'No group fits these filters',
    empty: {
      symbol: 'users',
      title: 'No groups yet',
      text: 'Partners in a group can have rules of their own, such as a higher rate.',
      action: may('groups:write')
        ? { label: 'Create the first group', run: () => openGroup(null) }
        : undefined,
    },
  });
  attempt(async () => {
    const programs = await allPrograms();
    programNames = new Map(programs.map((program) => [program.id, program.name]));
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
    byId<HTMLSelectElement>('filter-program_id').value = list.filters.read().program_id;
    await fillPrograms(byId<HTMLSelectElement>('group-program_id'));
    await list.load();
  });
  byId('group-new').addEventListener('click', () => openGroup(null));
  watchForm(form, () => save().then(() => list.load()));
  await list.start();
});
