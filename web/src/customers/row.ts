// One row of a list of customers or of companies. Partners see names and addresses masked by the API.
import type { Account, Customer } from '../api/sales';
import { cell, day, row } from '../page/cells';
import { element } from '../page/dom';
import { countryName } from '../page/format';
import { isPartner } from '../shell/session';

export const customerAddress = (id: string): string =>
  `/admin/customer?id=${encodeURIComponent(id)}`;
export const accountAddress = (id: string): string => `/admin/company?id=${encodeURIComponent(id)}`;

export const customerName = (customer: Customer): string =>
  customer.name ?? customer.email ?? customer.external_id ?? customer.id;

function company(customer: Customer): Node | string {
  const name = customer.company ?? '–';
  if (!customer.account_id) return name;
  if (isPartner()) return name;
  return element('a', { href: accountAddress(customer.account_id) }, name);
}

export function customerRow(customer: Customer): HTMLElement {
  const name = customerName(customer);
  const shown = isPartner()
    ? element('span', { class: 'row-title' }, name)
    : element('a', { class: 'row-title', href: customerAddress(customer.id) }, name);
  const detail = [customer.email, customer.external_id].filter((each) => each && each !== name);
  return row(
    customer.id,
    cell(
      'Customer',
      'cell-main',
      shown,
      element('span', { class: 'row-detail' }, detail.join(' · ')),
    ),
    cell('Company', 'cell-text', company(customer)),
    cell('Country', 'cell-text', customer.country ? countryName(customer.country) : '–'),
    cell('First seen', 'cell-time', day(customer.first_seen_at)),
  );
}

export function accountRow(account: Account): HTMLElement {
  const numbers = [
    account.mc_number && `MC ${account.mc_number}`,
    account.dot_number && `DOT ${account.dot_number}`,
  ].filter((each) => each);
  return row(
    account.id,
    cell(
      'Company',
      'cell-main',
      element('a', { class: 'row-title', href: accountAddress(account.id) }, account.name),
      element('span', { class: 'row-detail' }, account.domains.join(', ')),
    ),
    cell('Numbers', 'cell-text', numbers.join(' · ') || '–'),
    cell('Country', 'cell-text', account.country ? countryName(account.country) : '–'),
    cell('Known since', 'cell-time', day(account.first_known_at)),
  );
}
