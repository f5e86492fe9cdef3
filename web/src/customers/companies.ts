// Companies: the accounts behind customers.
import type { Account } from '../api/sales';
import { List } from '../page/list';
import { startPage } from '../shell/shell';
import { accountRow } from './row';

await startPage(async () => {
  const list = new List<Account, 'q'>({
    path: '/accounts',
    columns: 4,
    filterNames: ['q'],
    row: accountRow,
    chip: (_name, value) => `“${value}”`,
    nothingFound: 'No company fits these filters',
    empty: {
      symbol: 'building',
      title: 'No companies yet',
      text: 'A company appears here with the first customer of it.',
    },
  });
  await list.start();
});
