// The entries of the ledger: only ever added.
import type { LedgerEntry } from '../api/finance';
import { rangeInstants } from '../analytics/range';
import { dayText } from '../commissions/status';
import { openExplanation } from '../commissions/explanation';
import { cell, row } from '../page/cells';
import { element } from '../page/dom';
import { dateTime, dateTimeExact } from '../page/format';
import { List } from '../page/list';
import { isNegative, money, negated } from '../page/money';
import { partnerName } from '../page/names';
import { words } from '../page/status';
import { startPage } from '../shell/shell';
import { accountName } from './words';

const filterNames = [
  'account',
  'user_id',
  'program_id',
  'commission_id',
  'payout_id',
  'from',
  'to',
] as const;
type FilterName = (typeof filterNames)[number];

const one: Partial<Record<FilterName, string>> = {
  user_id: 'One partner',
  program_id: 'One program',
  commission_id: 'One commission',
  payout_id: 'One payout',
};

function chip(name: FilterName, value: string): string {
  if (name === 'account') return accountName(value);
  if (name === 'from') return `From ${dayText(value)}`;
  if (name === 'to') return `To ${dayText(value)}`;
  return one[name] ?? value;
}

function about(entry: LedgerEntry): Node | string {
  const { commission_id: id } = entry;
  if (!id) return entry.payout_id ?? '–';
  const button = element('button', { type: 'button', class: 'btn-link-quiet' }, id);
  button.addEventListener('click', () => void openExplanation(id));
  return button;
}

function entryRow(entry: LedgerEntry): HTMLElement {
  const isDebit = isNegative(entry.amount);
  const at = entry.posted_at;
  return row(
    `${entry.transaction_id}-${entry.number}`,
    cell(
      'Account',
      'cell-main',
      element('span', { class: 'row-title' }, accountName(entry.account)),
      element('span', { class: 'row-detail' }, partnerName(entry.user_id, entry.user_name)),
    ),
    cell(
      'Posting',
      'cell-text',
      words(entry.posting),
      entry.note && element('span', { class: 'row-detail' }, entry.note),
    ),
    cell('Debit', 'num', isDebit ? money(negated(entry.amount), entry.currency) : ''),
    cell('Credit', 'num', isDebit ? '' : money(entry.amount, entry.currency)),
    cell('About', 'cell-text', about(entry)),
    cell(
      'Posted',
      'cell-time',
      element('time', { datetime: at, title: dateTimeExact(at) }, dateTime(at)),
      element('span', { class: 'row-detail' }, `${entry.transaction_id}, ${entry.number}`),
    ),
  );
}

await startPage(async () => {
  const list = new List<LedgerEntry, FilterName>({
    path: '/ledger/entries',
    columns: 6,
    filterNames,
    row: entryRow,
    chip,
    query: (filters) => ({
      ...filters,
      from: filters.from && rangeInstants(filters.from, filters.from).from,
      to: filters.to && rangeInstants(filters.to, filters.to).to,
    }),
    nothingFound: 'No entry fits these filters',
    empty: {
      symbol: 'book',
      title: 'Nothing is posted yet',
      text: 'The first commission makes the first entries.',
    },
  });
  await list.start();
});
