// One company: how it is recognised, since when it is known, and its customers.
import { write } from '../api/client';
import type { Account, Customer } from '../api/sales';
import { closeDialog, openDialog } from '../page/dialog';
import { byId } from '../page/dom';
import { Editor } from '../page/editor';
import { factRows } from '../page/facts';
import { clearErrors, watchForm } from '../page/form';
import { countryName, dateTime, instantOf, localInput } from '../page/format';
import { RecordPage, showName } from '../page/record';
import { Table } from '../page/rows';
import { toast } from '../page/toast';
import { startPage } from '../shell/shell';
import { customerRow } from './row';

const form = byId<HTMLFormElement>('company-form');
const editor = new Editor('company', {
  name: 'text',
  domains: 'text',
  mc_number: 'text',
  dot_number: 'text',
  tms_id: 'text',
  country: 'code',
  first_known_at: 'text',
});

const page = new RecordPage<Account>({
  path: '/accounts',
  show,
  missing: {
    title: 'There is no such company',
    back: { label: 'All companies', href: '/admin/companies' },
  },
});

function show(account: Account): void {
  showName(account.name);
  byId('company-name-shown').textContent = account.name;
  byId('company-facts').replaceChildren(
    ...factRows([
      ['Domains', account.domains.join(', ')],
      ['MC number', account.mc_number],
      ['DOT number', account.dot_number],
      ['TMS number', account.tms_id],
      ['Country', account.country ? countryName(account.country) : null],
      ['Known since', dateTime(account.first_known_at)],
      ['Id', account.id],
    ]),
  );
}

function openEdit(): void {
  const { row } = page;
  if (!row) return;
  clearErrors(form);
  editor.fill({
    ...row,
    domains: row.domains.join(', '),
    first_known_at: localInput(row.first_known_at),
  });
  openDialog('company-dialog');
}

async function save(): Promise<void> {
  const values = editor.read();
  const domains = String(values.domains ?? '').split(/[\s,;]+/);
  const known = String(values.first_known_at ?? '');
  // To the minute: what was not touched is not sent, or its seconds would be lost.
  const isSame = page.row !== null && known === localInput(page.row.first_known_at);
  const { first_known_at: _, ...rest } = values;
  await write<Account>('PATCH', page.path, {
    ...rest,
    domains: domains.filter((domain) => domain !== ''),
    ...(known === '' || isSame ? {} : { first_known_at: instantOf(known) }),
  });
  closeDialog('company-dialog');
  toast('Saved.');
  await page.load();
}

await startPage(async () => {
  byId('company-edit').addEventListener('click', openEdit);
  watchForm(form, save);
  if (!(await page.load())) return;
  const id = encodeURIComponent(page.row?.id ?? '');
  byId<HTMLAnchorElement>('customers-all').href = `/admin/customers?account_id=${id}`;
  await new Table<Customer>({
    path: `/customers?account_id=${id}&limit=20`,
    table: 'customers',
    body: 'customers-rows',
    state: 'customers-state',
    columns: 4,
    row: customerRow,
    empty: { symbol: 'user', title: 'No customers', text: 'Nobody of this company is known yet.' },
  }).load();
});
