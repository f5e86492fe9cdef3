// One conversion: facts, later changes, what it earned, and why it is whose it is.
import { get, write } from '../api/client';
import type { Conversion, Journey } from '../api/sales';
import type { Commission } from '../api/finance';
import type { Partner } from '../api/partners';
import { commissionColumns, commissionRow } from '../commissions/row';
import { customerAddress } from '../customers/row';
import { closeDialog, confirmed, openDialog } from '../page/dialog';
import { importAddress } from '../imports/words';
import { byId, element } from '../page/dom';
import { factRows, linkTo } from '../page/facts';
import { clearErrors, watchForm } from '../page/form';
import { countryName, dateTime } from '../page/format';
import { programName } from '../page/choices';
import { money } from '../page/money';
import { Picker } from '../page/picker';
import { RecordPage, showName } from '../page/record';
import { Table } from '../page/rows';
import { showError } from '../page/states';
import { words } from '../page/status';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { showAdjustments, watchAdjustments } from './adjustments';
import { journeyContent } from './journey';
import { creditedTo } from './row';
import { conversionPill } from './words';

let commissions: Table<Commission>;
let partner: Picker<Partner>;

const page = new RecordPage<Conversion>({
  path: '/conversions',
  show,
  missing: {
    title: 'There is no such conversion',
    back: { label: 'All conversions', href: '/admin/conversions' },
  },
});

function customer(conversion: Conversion): Node {
  const { customer_id: id, customer_name: name } = conversion;
  return linkTo(customerAddress(id), name ?? id);
}

function imported({ import_id: id }: Conversion): Node | null {
  return id ? linkTo(importAddress(id), id) : null;
}

function metadata(conversion: Conversion): string {
  return Object.entries(conversion.metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join(' · ');
}

function show(conversion: Conversion): void {
  const name = `${words(conversion.kind)} ${conversion.external_id}`;
  showName(name);
  byId('conversion-name').textContent = name;
  byId('conversion-status').replaceChildren(conversionPill(conversion.status));
  const program = element('span', {}, conversion.program_id);
  attempt(async () => {
    program.textContent = await programName(conversion.program_id);
  });
  const { currency } = conversion;
  byId('conversion-facts').replaceChildren(
    ...factRows([
      ['Credited to', creditedTo(conversion)],
      ['Revenue', money(conversion.revenue, currency)],
      ['Cost', money(conversion.cost, currency)],
      ['Quantity', `${conversion.quantity} ${conversion.unit}`],
      ['Occurred', dateTime(conversion.occurred_at)],
      ['Received', dateTime(conversion.received_at)],
      ['Customer', customer(conversion)],
      ['Country', conversion.customer_country ? countryName(conversion.customer_country) : null],
      ['Program', program],
      ['Mode', conversion.mode?.toUpperCase()],
      ['Lane', conversion.lane],
      ['Code', conversion.code],
      ['Click', conversion.click_id],
      ['Source', conversion.source],
      ['Import', imported(conversion)],
      ['Line', conversion.line],
      ['More', metadata(conversion)],
      ['Id', conversion.id],
    ]),
  );
  showAdjustments(conversion);
}

async function showJourney(): Promise<void> {
  const place = byId('journey');
  try {
    const journey = await get<Journey>(`${page.path}/attribution`);
    place.replaceChildren(...journeyContent(journey));
  } catch (error) {
    showError(place, error, () => void showJourney());
  }
}

async function reload(): Promise<void> {
  await Promise.all([page.load(), showJourney(), commissions.load()]);
}

function watchOverride(): void {
  const form = byId<HTMLFormElement>('override-form');
  partner = new Picker<Partner>({
    field: 'override-user_id',
    path: '/partners',
    idOf: (each) => each.user_id,
    labelOf: (each) => `${each.company || each.name} (${each.email})`,
  });
  byId('override-open').addEventListener('click', () => {
    form.reset();
    clearErrors(form);
    openDialog('override-dialog');
    byId('override-user_id').focus();
  });
  watchForm(form, async () => {
    const reason = byId<HTMLTextAreaElement>('override-reason').value.replace(/\s+/g, ' ').trim();
    await write('POST', `${page.path}/attribute`, { user_id: partner.id || null, reason });
    closeDialog('override-dialog');
    toast('Decided. Differences are posted.');
    await reload();
  });
}

/** By what is known now: leads accepted later, clicks stored later. */
async function decideAgain(): Promise<void> {
  const sure = await confirmed({
    title: 'Decide again?',
    text: 'Whose it is is decided by what is known now. An override stays. Differences are posted.',
    confirm: 'Decide again',
  });
  if (!sure) return;
  await write('POST', `${page.path}/reattribute`);
  toast('Decided again.');
  await reload();
}

await startPage(async () => {
  byId('decide-again').addEventListener('click', () => attempt(decideAgain));
  watchAdjustments(page.path, reload);
  watchOverride();
  if (!(await page.load())) return;
  const id = encodeURIComponent(page.row?.id ?? '');
  commissions = new Table<Commission>({
    path: `/commissions?conversion_id=${id}&limit=200`,
    table: 'commissions',
    body: 'commissions-rows',
    state: 'commissions-state',
    columns: commissionColumns,
    row: (commission) => commissionRow(commission, () => void commissions.load()),
    empty: {
      symbol: 'coins',
      title: 'It earned nothing',
      text: 'It is credited to nobody, or no rule is for it.',
    },
  });
  byId('commissions-card').hidden = !may('commissions:read');
  await Promise.all([showJourney(), may('commissions:read') ? commissions.load() : null]);
});
