// The partner's earnings: totals, and every line with when it is payable and why not yet.
import type { Commission } from '../api/finance';
import { commissionColumns, commissionRow } from '../commissions/row';
import { openExplanation } from '../commissions/explanation';
import { commissionStatus, dayText } from '../commissions/status';
import { rangeInstants } from '../analytics/range';
import { List } from '../page/list';
import { startPage } from '../shell/shell';
import { showTotals } from './overview';

const filterNames = ['status', 'from', 'to'] as const;
type FilterName = (typeof filterNames)[number];

await startPage(async () => {
  const list: List<Commission, FilterName> = new List<Commission, FilterName>({
    path: '/commissions',
    columns: commissionColumns,
    filterNames,
    row: (commission) => commissionRow(commission, () => void list.load()),
    chip: (name, value) => {
      if (name === 'status') return commissionStatus(value);
      return `${name === 'from' ? 'From' : 'To'} ${dayText(value)}`;
    },
    query: (filters) => ({
      ...filters,
      from: filters.from && rangeInstants(filters.from, filters.from).from,
      to: filters.to && rangeInstants(filters.to, filters.to).to,
    }),
    nothingFound: 'No line fits these filters',
    empty: {
      symbol: 'coins',
      title: 'Nothing earned yet',
      text: 'Share your link. What your customers book shows up here, with when it is paid.',
      action: { label: 'My links', run: () => location.assign('/referrals/links') },
    },
  });
  await Promise.all([showTotals(), list.start()]);
  const asked = new URLSearchParams(location.search).get('id');
  if (asked) await openExplanation(asked);
});
