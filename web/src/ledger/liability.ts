// What is owed to partners now, by stage, and to whom most.
import type { LedgerAccount, TrialBalanceRow } from '../api/finance';
import { cell, row } from '../page/cells';
import { byId, element } from '../page/dom';
import { isNegative, money, sumOf } from '../page/money';
import { partnerName } from '../page/names';
import { Table } from '../page/rows';
import { showEmpty, showError } from '../page/states';
import { startPage } from '../shell/shell';
import { currenciesOf, owed, trialBalance } from './balance';
import { showProof } from './proof';
import { accountName, liabilities } from './words';

/** What each stage means, and where the commissions of it are. */
const stages: Record<string, { meaning: string; href: string }> = {
  pending: { meaning: 'Waits for its hold to end', href: '/finance/commissions?status=pending' },
  held: { meaning: 'Somebody holds it', href: '/finance/commissions?status=held' },
  payable: { meaning: 'Due with the next payout', href: '/finance/commissions?status=approved' },
  in_transit: { meaning: 'On its way', href: '/finance/commissions?status=in_payout' },
};

function stage(name: string, amount: string, currency: string): HTMLElement {
  const { meaning = '', href = '/finance/commissions' } = stages[name] ?? {};
  return element(
    'a',
    { class: 'stage', href },
    element('span', { class: 'kpi-label' }, accountName(name)),
    element(
      'strong',
      { class: isNegative(amount) ? 'kpi-value num-bad' : 'kpi-value' },
      money(amount, currency),
    ),
    element('span', { class: 'kpi-change' }, meaning),
  );
}

function currencyCard(currency: string, rows: TrialBalanceRow[]): HTMLElement {
  const amountOf = (account: string): string =>
    sumOf(rows.filter((each) => each.account === account && each.currency === currency).map(owed));
  const amounts = liabilities.map((name) => [name, amountOf(name)] as const);
  const total = sumOf(amounts.map(([, amount]) => amount));
  const expense = money(amountOf('commission_expense').replace(/^-/, ''), currency);
  return element(
    'section',
    { class: 'card', 'aria-label': `Liability in ${currency}` },
    element(
      'div',
      { class: 'card-head' },
      element('h2', {}, `Owed in ${currency}: `, money(total, currency)),
      element('span', { class: 'page-note' }, `Expense until now: ${expense}`),
    ),
    element(
      'div',
      { class: 'stages' },
      ...amounts.map(([name, amount]) => stage(name, amount, currency)),
    ),
  );
}

async function showLiability(): Promise<void> {
  const place = byId('liability');
  try {
    const rows = await trialBalance();
    place.removeAttribute('aria-busy');
    const cards = currenciesOf(rows).map((currency) => currencyCard(currency, rows));
    place.replaceChildren(...cards);
    if (cards.length > 0) return;
    showEmpty(place, {
      symbol: 'coins',
      title: 'Nothing is owed',
      text: 'The first commission shows up here.',
    });
  } catch (error) {
    place.removeAttribute('aria-busy');
    showError(place, error, () => void showLiability());
  }
}

function accountRow(account: LedgerAccount): HTMLElement {
  const id = encodeURIComponent(account.user_id ?? '');
  return row(
    account.id,
    cell(
      'Partner',
      'cell-main',
      element(
        'span',
        { class: 'row-title' },
        account.user_id ? partnerName(account.user_id, account.user_name) : '–',
      ),
    ),
    cell(
      'Payable',
      isNegative(account.balance) ? 'num num-bad' : 'num',
      money(account.balance, account.currency),
    ),
    cell(
      'Entries',
      'cell-text',
      element('a', { href: `/finance/entries?account=payable&user_id=${id}` }, 'Entries'),
    ),
  );
}

await startPage(async () => {
  const payable = new Table<LedgerAccount>({
    path: '/ledger/accounts?account=payable&limit=20',
    table: 'payable',
    body: 'payable-rows',
    state: 'payable-state',
    columns: 3,
    row: accountRow,
    empty: {
      symbol: 'check',
      title: 'Nothing is payable',
      text: 'Commissions become payable once they are approved.',
    },
  });
  await Promise.all([showLiability(), payable.load(), showProof()]);
});
