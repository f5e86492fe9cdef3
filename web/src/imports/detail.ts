// One import: how far it is, which rows are wrong, and storing or undoing it.
import { write } from '../api/client';
import type { Import, ImportRow } from '../api/sales';
import { conversionAddress } from '../conversions/row';
import { cell, row } from '../page/cells';
import { confirmed } from '../page/dialog';
import { byId, element } from '../page/dom';
import { factRows } from '../page/facts';
import { count, dateTime, plural } from '../page/format';
import { List } from '../page/list';
import { askedId, RecordPage, showName } from '../page/record';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { importPill, importStatus, isBusy } from './words';

const everyMs = 1_000;
let rows: List<ImportRow, 'status'>;
let watching = false;

const page = new RecordPage<Import>({
  path: '/imports',
  show,
  missing: {
    title: 'There is no such import',
    back: { label: 'All imports', href: '/admin/imports' },
  },
});

const counted = (shown: Import, status: ImportRow['status']): number => shown.counts?.[status] ?? 0;

function showProgress(shown: Import): void {
  byId('import-running').hidden = !isBusy(shown);
  const bar = byId<HTMLProgressElement>('import-progress');
  // What is checked waits for it, what is stored was good, what is undone was made.
  const waiting = { checking: 'waiting', committing: 'good', undoing: 'made' } as const;
  const left = isBusy(shown) ? counted(shown, waiting[shown.status as keyof typeof waiting]) : 0;
  bar.max = Math.max(1, shown.rows);
  bar.value = Math.max(0, shown.rows - left);
  byId('import-text').textContent = `${count(bar.value)} of ${plural(shown.rows, 'row', 'rows')}`;
}

function show(shown: Import): void {
  showName(shown.name);
  byId('import-name').textContent = shown.name;
  byId('import-status').replaceChildren(importPill(shown.status));
  const states = ['good', 'same', 'bad', 'made', 'undone'] as const;
  byId('import-facts').replaceChildren(
    ...factRows([
      ['Rows', count(shown.rows)],
      ...states.map(
        (status) =>
          [importStatus(status), counted(shown, status) > 0 && count(counted(shown, status))] as [
            string,
            string | false,
          ],
      ),
      ['Not used', shown.ignored_columns.join(', ')],
      ['Made', dateTime(shown.created_at)],
    ]),
  );
  showProgress(shown);
  const allowed = may('imports:write');
  byId('import-commit').hidden = !allowed || shown.status !== 'checked';
  byId<HTMLButtonElement>('import-commit').disabled = counted(shown, 'good') === 0;
  byId('import-commit').textContent = `Import ${plural(counted(shown, 'good'), 'row', 'rows')}`;
  byId('import-undo').hidden = !allowed || shown.status !== 'committed';
  const made = byId<HTMLAnchorElement>('import-conversions');
  made.hidden = counted(shown, 'made') === 0;
  made.href = `/admin/conversions?import_id=${encodeURIComponent(shown.id)}`;
}

/** Looks again each second until all is done. */
async function watch(): Promise<void> {
  if (watching) return;
  watching = true;
  try {
    while (page.row && isBusy(page.row)) {
      await new Promise((done) => setTimeout(done, everyMs));
      if (!(await page.load())) return;
    }
  } finally {
    watching = false;
  }
  await rows.load();
}

async function commit(): Promise<void> {
  const { row: shown } = page;
  if (!shown) return;
  const wrong = counted(shown, 'bad');
  const sure = await confirmed({
    title: `Import ${plural(counted(shown, 'good'), 'row', 'rows')}?`,
    text:
      wrong > 0
        ? `${plural(wrong, 'row is', 'rows are')} wrong and left out. What is there already is not stored again.`
        : 'What is there already is not stored again.',
    confirm: 'Import',
  });
  if (!sure) return;
  await write('POST', `${page.path}/commit`);
  await page.load();
  await watch();
  toast('The rows are imported.');
}

async function undo(): Promise<void> {
  const sure = await confirmed({
    title: 'Undo this import?',
    text: 'All that it stored is reversed, and the commissions of it go back to nothing.',
    confirm: 'Undo',
    danger: true,
  });
  if (!sure) return;
  await write('POST', `${page.path}/undo`);
  await page.load();
  await watch();
  toast('The import is undone.');
}

function rowOf(each: ImportRow): HTMLElement {
  const errors = each.errors.map(({ field, message }) => `${field} ${message}`).join(' · ');
  const conversion = each.conversion_id;
  return row(
    String(each.number),
    cell('Line', 'num', count(each.number)),
    cell('Status', 'cell-status', importPill(each.status)),
    cell(
      'Row',
      'cell-main cell-sentence',
      element('span', { class: 'row-title' }, each.fields.join(' · ')),
      errors !== '' && element('span', { class: 'row-detail row-wrong' }, errors),
    ),
    cell(
      'Conversion',
      'cell-text',
      conversion ? element('a', { href: conversionAddress(conversion) }, conversion) : '–',
    ),
  );
}

await startPage(async () => {
  byId('import-commit').addEventListener('click', () => attempt(commit));
  byId('import-undo').addEventListener('click', () => attempt(undo));
  if (!(await page.load())) return;
  rows = new List<ImportRow, 'status'>({
    path: `/imports/${encodeURIComponent(askedId())}/rows`,
    columns: 4,
    filterNames: ['status'],
    row: rowOf,
    chip: (_name, value) => importStatus(value),
    nothingFound: 'No row is so',
    empty: { symbol: 'upload', title: 'No rows', text: 'The file has names and nothing else.' },
  });
  await rows.start();
  attempt(watch);
});
