// Months of the programs: what is closed takes no entries any more.
import { write } from '../api/client';
import type { LedgerPeriod } from '../api/finance';
import { cell, day, row } from '../page/cells';
import { allPrograms, fillPrograms } from '../page/choices';
import { closeDialog, confirmed, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { count, dayOf } from '../page/format';
import { List } from '../page/list';
import { pillOf, good, quiet, type Shown } from '../page/status';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { startPage } from '../shell/shell';

const states: Shown = {
  open: { label: 'Open', pill: good },
  closed: { label: 'Closed', pill: quiet },
};

const form = byId<HTMLFormElement>('close-form');
let programNames = new Map<string, string>();

/** "2026-10" or its first day as "October 2026". */
function monthName(period: string): string {
  const at = new Date(`${period.slice(0, 7)}-15T12:00:00Z`);
  if (Number.isNaN(at.getTime())) return period;
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    at,
  );
}

function periodRow(period: LedgerPeriod): HTMLElement {
  const name = monthName(period.period);
  return row(
    `${period.program_id}-${period.period}`,
    cell('Month', 'cell-main', element('span', { class: 'row-title' }, name)),
    cell('Status', 'cell-status', pillOf(states, period.closed_at ? 'closed' : 'open')),
    cell('Program', 'cell-text', period.program_name),
    cell('Transactions', 'num', count(period.transactions)),
    cell('Closed', 'cell-time', period.closed_at ? day(period.closed_at) : '–'),
    cell('By', 'cell-text', period.closed_by_name ?? '–'),
  );
}

/** The month before this one. */
function lastMonth(): string {
  const [year = 0, month = 1] = dayOf(new Date()).split('-').map(Number);
  const before = new Date(Date.UTC(year, month - 2, 15));
  return before.toISOString().slice(0, 7);
}

async function close(): Promise<boolean> {
  const program_id = byId<HTMLSelectElement>('close-program_id').value;
  const period = byId<HTMLInputElement>('close-period').value.slice(0, 7);
  const sure = await confirmed({
    title: `Close ${monthName(period)}?`,
    text: 'Nothing can be posted to it any more, and it cannot be opened again.',
    confirm: 'Close the month',
    danger: true,
  });
  if (!sure) return false;
  await write('POST', '/ledger/periods/close', { program_id, period: `${period}-01` });
  toast(`${monthName(period)} is closed.`);
  return true;
}

await startPage(async () => {
  const list: List<LedgerPeriod, 'program_id'> = new List<LedgerPeriod, 'program_id'>({
    path: '/ledger/periods',
    columns: 6,
    isWhole: true,
    filterNames: ['program_id'],
    row: periodRow,
    chip: (_name, value) => programNames.get(value) ?? 'One program',
    nothingFound: 'No month fits these filters',
    empty: {
      symbol: 'calendar',
      title: 'No months yet',
      text: 'The first posting opens the first one. A month that is closed stays as it is.',
    },
  });
  attempt(async () => {
    const programs = await allPrograms();
    programNames = new Map(programs.map((program) => [program.id, program.name]));
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
    byId<HTMLSelectElement>('filter-program_id').value = list.filters.read().program_id;
    await fillPrograms(byId<HTMLSelectElement>('close-program_id'));
    await list.load();
  });
  byId('close-open').addEventListener('click', () => {
    clearErrors(form);
    byId<HTMLInputElement>('close-period').value = lastMonth();
    openDialog('close-dialog');
  });
  watchForm(form, async () => {
    // The question would lie below the dialog.
    closeDialog('close-dialog');
    try {
      if (await close()) await list.load();
    } catch (error) {
      openDialog('close-dialog');
      throw error;
    }
  });
  await list.start();
});
