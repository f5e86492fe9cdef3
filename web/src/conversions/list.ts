// All conversions: what the business reported, whose it is, what it earned.
import type { ConversionRow } from '../api/sales';
import { rangeInstants } from '../analytics/range';
import { dayText } from '../commissions/status';
import { fillPrograms } from '../page/choices';
import { byId } from '../page/dom';
import { List } from '../page/list';
import { words } from '../page/status';
import { attempt } from '../shell/attempt';
import { startPage } from '../shell/shell';
import { prepareReport } from './report';
import { conversionColumns, conversionRow } from './row';
import { conversionStatus } from './words';

const filterNames = [
  'external_id',
  'kind',
  'status',
  'program_id',
  'user_id',
  'customer_id',
  'import_id',
  'from',
  'to',
] as const;
type FilterName = (typeof filterNames)[number];

const one: Partial<Record<FilterName, string>> = {
  program_id: 'One program',
  user_id: 'One partner',
  customer_id: 'One customer',
  import_id: 'One import',
};

function chip(name: FilterName, value: string): string {
  if (name === 'kind') return words(value);
  if (name === 'status') return conversionStatus(value);
  if (name === 'from') return `From ${dayText(value)}`;
  if (name === 'to') return `To ${dayText(value)}`;
  return one[name] ?? `“${value}”`;
}

await startPage(async () => {
  const list: List<ConversionRow, FilterName> = new List<ConversionRow, FilterName>({
    path: '/conversions',
    columns: conversionColumns,
    filterNames,
    row: conversionRow,
    chip,
    query: (filters) => ({
      ...filters,
      from: filters.from && rangeInstants(filters.from, filters.from).from,
      to: filters.to && rangeInstants(filters.to, filters.to).to,
    }),
    nothingFound: 'No conversion fits these filters',
    empty: {
      symbol: 'truck',
      title: 'No conversions yet',
      text: 'They come in by the API, a CSV import, a postback or the script on your pages.',
      action: { label: 'Import a file', run: () => location.assign('/admin/imports') },
    },
  });
  prepareReport(() => void list.load());
  attempt(async () => {
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
    byId<HTMLSelectElement>('filter-program_id').value = list.filters.read().program_id;
  });
  await list.start();
});
