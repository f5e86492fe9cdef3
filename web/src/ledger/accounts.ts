// The ledger: is it whole, does it balance, and what stands on which account.
import type { LedgerAccount } from '../api/finance';
import { cell, row } from '../page/cells';
import { element } from '../page/dom';
import { List } from '../page/list';
import { isNegative, money } from '../page/money';
import { partnerName } from '../page/names';
import { startPage } from '../shell/shell';
import { showBalance } from './balance';
import { showProof } from './proof';
import { accountName } from './words';

const filterNames = ['account', 'currency', 'user_id', 'program_id'] as const;
type FilterName = (typeof filterNames)[number];

function chip(name: FilterName, value: string): string {
  if (name === 'account') return accountName(value);
  if (name === 'user_id') return 'One partner';
  return name === 'program_id' ? 'One program' : value;
}

function accountRow(account: LedgerAccount): HTMLElement {
  const query = new URLSearchParams({
    account: account.account,
    ...(account.user_id ? { user_id: account.user_id } : {}),
    ...(account.program_id ? { program_id: account.program_id } : {}),
  });
  const whose = account.user_id
    ? partnerName(account.user_id, account.user_name)
    : (account.program_name ?? '–');
  return row(
    account.id,
    cell(
      'Account',
      'cell-main',
      element(
        'a',
        { class: 'row-title', href: `/finance/entries?${query}` },
        accountName(account.account),
      ),
    ),
    cell('Whose', 'cell-text', whose),
    cell('Currency', 'cell-text', account.currency),
    cell(
      'Balance',
      account.user_id && isNegative(account.balance) ? 'num num-bad' : 'num',
      money(account.balance, account.currency),
    ),
  );
}

await startPage(async () => {
  const list = new List<LedgerAccount, FilterName>({
    path: '/ledger/accounts',
    columns: 4,
    filterNames,
    row: accountRow,
    chip,
    nothingFound: 'No account fits these filters',
    empty: {
      symbol: 'book',
      title: 'No accounts yet',
      text: 'The first commission opens the first accounts.',
    },
  });
  await Promise.all([showProof(), showBalance(), list.start()]);
});
