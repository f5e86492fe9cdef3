// Customers: who was referred. For staff and, masked, for the partner who referred them.
import type { Customer } from '../api/sales';
import { List } from '../page/list';
import { isPartner } from '../shell/session';
import { startPage } from '../shell/shell';
import { customerRow } from './row';

const filterNames = ['q', 'account_id'] as const;
type FilterName = (typeof filterNames)[number];

await startPage(async () => {
  const list = new List<Customer, FilterName>({
    path: '/customers',
    columns: 4,
    filterNames,
    row: customerRow,
    chip: (name, value) => (name === 'q' ? `“${value}”` : 'Of one company'),
    nothingFound: 'No customer fits these filters',
    empty: {
      symbol: 'building',
      title: 'No customers yet',
      text: isPartner()
        ? 'Customers appear here once something of theirs is credited to you.'
        : 'Customers appear here with the first conversion that names them.',
    },
  });
  await list.start();
});
