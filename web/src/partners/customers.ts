// Whom a partner brought: the customers of the conversions that are credited to them.
import { get } from '../api/client';
import type { ConversionRow } from '../api/sales';
import type { Page } from '../api/types';
import { customerAddress } from '../customers/row';
import { cell, day, row } from '../page/cells';
import { byId, element } from '../page/dom';
import { count, plural } from '../page/format';
import { money, sumOf } from '../page/money';
import { showEmpty, showError, skeletonRows } from '../page/states';

const conversionsMax = 200;
const shownMax = 10;

interface Group {
  customer: ConversionRow;
  conversions: ConversionRow[];
}

/** By customer, the one of the latest conversion first. */
function grouped(conversions: ConversionRow[]): Group[] {
  const groups = new Map<string, Group>();
  for (const conversion of conversions) {
    const known = groups.get(conversion.customer_id);
    if (known) known.conversions.push(conversion);
    else groups.set(conversion.customer_id, { customer: conversion, conversions: [conversion] });
  }
  return [...groups.values()];
}

function revenueText(conversions: ConversionRow[]): string {
  const currencies = [...new Set(conversions.map((each) => each.currency))];
  const sums = currencies.map((currency) => {
    const of = conversions.filter((each) => each.currency === currency);
    return money(sumOf(of.map((each) => each.revenue)), currency);
  });
  return sums.join(' · ');
}

function groupRow({ customer, conversions }: Group, userId: string): HTMLElement {
  const query = new URLSearchParams({ user_id: userId, customer_id: customer.customer_id });
  return row(
    customer.customer_id,
    cell(
      'Customer',
      'cell-main',
      element(
        'a',
        { class: 'row-title', href: customerAddress(customer.customer_id) },
        customer.customer_name ?? customer.customer_id,
      ),
    ),
    cell(
      'Conversions',
      'num',
      element(
        'a',
        { class: 'num-link', href: `/admin/conversions?${query}` },
        count(conversions.length),
      ),
    ),
    cell('Revenue', 'num', revenueText(conversions)),
    cell('Last', 'cell-time', day(customer.occurred_at)),
  );
}

export async function showCustomers(userId: string): Promise<void> {
  const body = byId('customers-rows');
  const state = byId('customers-state');
  body.replaceChildren(...skeletonRows(3, 4));
  try {
    const query = { user_id: userId, limit: conversionsMax };
    const answer = await get<Page<ConversionRow>>('/conversions', query);
    const groups = grouped(answer.data.filter((each) => each.status !== 'undone'));
    state.hidden = true;
    byId('customers').hidden = groups.length === 0;
    body.replaceChildren(...groups.slice(0, shownMax).map((group) => groupRow(group, userId)));
    const isPart = answer.next_cursor !== null || groups.length > shownMax;
    byId('customers-note').textContent = isPart
      ? `Of the latest ${plural(answer.data.length, 'conversion', 'conversions')}`
      : '';
    if (groups.length > 0) return;
    showEmpty(state, {
      symbol: 'building',
      title: 'No customers yet',
      text: 'Customers whose conversions are credited to them are listed here.',
    });
  } catch (error) {
    byId('customers').hidden = true;
    showError(state, error, () => void showCustomers(userId));
  } finally {
    body.removeAttribute('aria-busy');
  }
}
