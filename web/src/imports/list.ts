// Files of conversions: those that were imported, and a new one.
import { write } from '../api/client';
import type { Import } from '../api/sales';
import { cell, moment, row } from '../page/cells';
import { fillPrograms } from '../page/choices';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { count } from '../page/format';
import { List } from '../page/list';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { readHead, readText } from './csv';
import { readMapping, showMapping } from './mapping';
import { importAddress, importPill } from './words';

const form = byId<HTMLFormElement>('import-form');
const fileInput = byId<HTMLInputElement>('import-file');
const bytesMax = 16 * 2 ** 20;
let columns: string[] = [];

const valueOf = (id: string): string => byId<HTMLInputElement | HTMLSelectElement>(id).value.trim();

function importRow(each: Import): HTMLElement {
  return row(
    each.id,
    cell(
      'File',
      'cell-main',
      element('a', { class: 'row-title', href: importAddress(each.id) }, each.name),
      element('span', { class: 'row-detail' }, each.id),
    ),
    cell('Status', 'cell-status', importPill(each.status)),
    cell('Rows', 'num', count(each.rows)),
    cell('Wrong', each.counts.bad > 0 ? 'num num-bad' : 'num', count(each.counts.bad)),
    cell('Made', 'cell-time', moment(each.created_at)),
    cell('Changed', 'cell-time cell-wide', moment(each.updated_at)),
  );
}

async function chooseFile(): Promise<void> {
  const file = fileInput.files?.[0];
  byId('import-mapping').hidden = !file;
  if (!file) return;
  const head = await readHead(file);
  columns = head.columns;
  if (file.size > bytesMax) toast('The file is too large: at most 16 MiB.', 'bad');
  if (columns.length < 2) {
    toast('This does not look like a CSV file with names in its first line.', 'bad');
  }
  showMapping(head);
}

function openNew(): void {
  form.reset();
  clearErrors(form);
  byId('import-mapping').hidden = true;
  attempt(async () => {
    await fillPrograms(byId<HTMLSelectElement>('import-program_id'));
    openDialog('import-dialog');
    fileInput.focus();
  });
}

/** What a row says that has no column for it. */
function defaults(): Record<string, string> {
  const given = [
    ['kind', valueOf('import-kind')],
    ['source', valueOf('import-source')],
    ['currency', valueOf('import-currency').toUpperCase()],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

async function upload(): Promise<void> {
  const file = fileInput.files?.[0];
  if (!file) return;
  const made = await write<Import>('POST', '/imports', {
    name: file.name,
    csv: await readText(file),
    program_id: valueOf('import-program_id'),
    mapping: readMapping(columns, byId<HTMLInputElement>('import-others').checked),
    defaults: defaults(),
  });
  closeDialog('import-dialog');
  location.assign(importAddress(made.id));
}

await startPage(async () => {
  const list = new List<Import, never>({
    path: '/imports',
    columns: 6,
    filterNames: [],
    row: importRow,
    chip: (_name, value) => value,
    nothingFound: 'No import fits',
    empty: {
      symbol: 'upload',
      title: 'No imports yet',
      text: 'Upload a CSV file of loads or orders. It is checked first; nothing is stored until you say so.',
      action: may('imports:write') ? { label: 'Import the first file', run: openNew } : undefined,
    },
  });
  byId('import-new').addEventListener('click', openNew);
  fileInput.addEventListener('change', () => void chooseFile());
  watchForm(form, upload);
  await list.start();
});
