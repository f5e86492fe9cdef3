// All commissions: what is owed to whom, until when it is held, and the decisions about it.
import type { Commission } from '../api/finance';
import { rangeInstants } from '../analytics/range';
import { fillPrograms } from '../page/choices';
import { byId } from '../page/dom';
import { List } from '../page/list';
import { attempt } from '../shell/attempt';
import { startPage } from '../shell/shell';
import { openExplanation } from './explanation';
import { commissionColumns, commissionRow } from './row';
import { commissionStatus, dayText } from './status';

const filterNames = [
  'status',
  'program_id',
  'user_id',
  'conversion_id',
  'rule_id',
  'customer_id',
  'from',
  'to',
] as const;
type FilterName = (typeof filterNames)[number];

const one: Partial<Record<FilterName, string>> = {
  program_id: 'One program',
  user_id: 'One partner',
  conversion_id: 'One conversion',
  rule_id: 'One rule',
  customer_id: 'One customer',
};

function chip(name: FilterName, value: string): string {
  if (name === 'status') return commissionStatus(value);
  if (name === 'from') return `From ${dayText(value)}`;
  if (name === 'to') return `To ${dayText(value)}`;
  return one[name] ?? value;
}

await startPage(async () => {
  const list: List<Commission, FilterName> = new List<Commission, FilterName>({
    path: '/commissions',
    columns: commissionColumns,
    filterNames,
    row: (commission) => commissionRow(commission, () => void list.load()),
    chip,
    query: (filters) => ({
      ...filters,
      from: filters.from && rangeInstants(filters.from, filters.from).from,
      to: filters.to && rangeInstants(filters.to, filters.to).to,
    }),
    nothingFound: 'No commission fits these filters',
    empty: {
      symbol: 'coins',
      title: 'No commissions yet',
      text: 'A conversion that is credited to a partner makes one, if a rule is for it.',
    },
  });
  attempt(async () => {
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
    byId<HTMLSelectElement>('filter-program_id').value = list.filters.read().program_id;
  });
  await list.start();
  const asked = new URLSearchParams(location.search).get('id');
  if (asked) await openExplanation(asked);
});
