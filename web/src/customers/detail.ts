// One customer: who they are, whose they are, and what they booked.
import type { ConversionRow, Customer } from '../api/sales';
import { conversionColumns, conversionRow } from '../conversions/row';
import { byId } from '../page/dom';
import { factRows, linkTo } from '../page/facts';
import { countryName, dateTime } from '../page/format';
import { RecordPage, showName } from '../page/record';
import { Table } from '../page/rows';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { accountAddress, customerName } from './row';

const page = new RecordPage<Customer>({
  path: '/customers',
  show,
  missing: {
    title: 'There is no such customer',
    back: { label: 'All customers', href: '/admin/customers' },
  },
});

function show(customer: Customer): void {
  const name = customerName(customer);
  showName(name);
  byId('customer-name').textContent = name;
  const { account_id: account } = customer;
  byId('customer-facts').replaceChildren(
    ...factRows([
      ['E-mail', customer.email],
      ['Phone', customer.phone],
      ['Company', account && linkTo(accountAddress(account), customer.company ?? account)],
      ['Customer number', customer.external_id],
      ['Country', customer.country ? countryName(customer.country) : null],
      ['First seen', dateTime(customer.first_seen_at)],
      ['Id', customer.id],
    ]),
  );
}

await startPage(async () => {
  if (!(await page.load())) return;
  const id = encodeURIComponent(page.row?.id ?? '');
  byId('conversions-card').hidden = !may('conversions:read');
  byId<HTMLAnchorElement>('conversions-all').href = `/admin/conversions?customer_id=${id}`;
  const conversions = new Table<ConversionRow>({
    path: `/conversions?customer_id=${id}&limit=20`,
    table: 'conversions',
    body: 'conversions-rows',
    state: 'conversions-state',
    columns: conversionColumns,
    row: conversionRow,
    empty: {
      symbol: 'truck',
      title: 'No conversions',
      text: 'This customer is known by a lead or a click only.',
    },
  });
  if (may('conversions:read')) await conversions.load();
});
