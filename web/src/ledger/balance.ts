// The trial balance: sums by kind of account and currency, which agree.
import { get } from '../api/client';
import type { TrialBalanceRow } from '../api/finance';
import type { Page } from '../api/types';
import { cell, row } from '../page/cells';
import { byId, element } from '../page/dom';
import { compareAmounts, money, negated, sumOf } from '../page/money';
import { showEmpty, showError, skeletonRows } from '../page/states';
import { accountName } from './words';

export async function trialBalance(): Promise<TrialBalanceRow[]> {
  return (await get<Page<TrialBalanceRow>>('/ledger/trial-balance')).data;
}

/** Credits less debits: what is owed, for the accounts of partners. */
export const owed = (balance: TrialBalanceRow): string =>
  sumOf([balance.credits, negated(balance.debits)]);

export const currenciesOf = (rows: TrialBalanceRow[]): string[] =>
  [...new Set(rows.map((each) => each.currency))].sort();

function entriesLink(balance: TrialBalanceRow): HTMLElement {
  const query = new URLSearchParams({ account: balance.account });
  return element('a', { href: `/finance/entries?${query}` }, accountName(balance.account));
}

function balanceRow(balance: TrialBalanceRow): HTMLElement {
  return row(
    `${balance.account}-${balance.currency}`,
    cell('Account', 'cell-main', element('span', { class: 'row-title' }, entriesLink(balance))),
    cell('Currency', 'cell-text', balance.currency),
    cell('Debits', 'num', money(balance.debits, balance.currency)),
    cell('Credits', 'num', money(balance.credits, balance.currency)),
  );
}

function totalRow(currency: string, rows: TrialBalanceRow[]): HTMLElement {
  const of = rows.filter((each) => each.currency === currency);
  const debits = sumOf(of.map((each) => each.debits));
  const credits = sumOf(of.map((each) => each.credits));
  const agree = compareAmounts(debits, credits) === 0;
  return element(
    'tr',
    { role: 'row', class: 'row-total' },
    cell(
      'Sum',
      'cell-main',
      element('span', { class: 'row-title' }, agree ? 'Sum, in balance' : 'Sum, NOT in balance'),
    ),
    cell('Currency', 'cell-text', currency),
    cell('Debits', agree ? 'num' : 'num num-bad', money(debits, currency)),
    cell('Credits', agree ? 'num' : 'num num-bad', money(credits, currency)),
  );
}

export async function showBalance(): Promise<void> {
  const body = byId('balance-rows');
  body.replaceChildren(...skeletonRows(4, 4));
  try {
    const rows = await trialBalance();
    byId('balance-state').hidden = true;
    byId('balance').hidden = rows.length === 0;
    const totals = currenciesOf(rows).map((currency) => totalRow(currency, rows));
    body.replaceChildren(...rows.map(balanceRow), ...totals);
    if (rows.length === 0) {
      showEmpty(byId('balance-state'), {
        symbol: 'book',
        title: 'Nothing is posted yet',
        text: 'The first commission makes the first entries.',
      });
    }
  } catch (error) {
    byId('balance').hidden = true;
    showError(byId('balance-state'), error, () => void showBalance());
  } finally {
    body.removeAttribute('aria-busy');
  }
}
