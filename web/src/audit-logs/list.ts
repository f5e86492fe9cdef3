// The audit log: filters, entries, the state of the proof, the same as CSV.
import { withQuery, type Query } from '../api/client';
import type { AuditLog } from '../api/operations';
import { rangeInstants } from '../analytics/range';
import { cell, row } from '../page/cells';
import { byId, element, icon } from '../page/dom';
import { date, dateTime, dateTimeExact } from '../page/format';
import { List } from '../page/list';
import { startPage } from '../shell/shell';
import { changedNames, changesOf } from './changes';
import { actorDetail, actorName, openEntry } from './entry';
import { showProof } from './proof';

const filterNames = [
  'action',
  'object_type',
  'object_id',
  'user_id',
  'request_id',
  'from',
  'to',
] as const;
type FilterName = (typeof filterNames)[number];
const objectTypes = [
  'user',
  'application',
  'terms',
  'api_key',
  'session',
  'link',
  'program',
  'group',
  'partner',
  'enrolment',
  'lead',
  'account',
  'conversion',
  'import',
  'commission-rule',
  'commission',
  'exchange-rate',
  'settings',
  'mail',
];

const labels: Partial<Record<FilterName, string>> = {
  object_type: 'Object',
  object_id: 'Object',
  user_id: 'By',
  request_id: 'Request',
};

const dayLabel = (text: string): string => date(`${text}T12:00:00Z`);

function chipLabel(name: FilterName, value: string): string {
  if (name === 'from') return `From ${dayLabel(value)}`;
  if (name === 'to') return `To ${dayLabel(value)}`;
  return labels[name] ? `${labels[name]} ${value}` : value;
}

/** Days become moments in the user's time zone. */
function queryOf(filters: Record<FilterName, string>): Query {
  const { from, to } = filters;
  return {
    ...filters,
    from: from && rangeInstants(from, from).from,
    to: to && rangeInstants(to, to).to,
  };
}

function entryRow(entry: AuditLog): HTMLElement {
  const details = element(
    'button',
    {
      type: 'button',
      class: 'btn btn-bare',
      'aria-label': `Details of ${entry.action} at ${dateTime(entry.created_at)}`,
    },
    icon('right'),
  );
  details.addEventListener('click', () => openEntry(entry));
  const changed = changedNames(changesOf(entry.before, entry.after));
  return row(
    entry.id,
    cell(
      'Time',
      'cell-time',
      element(
        'time',
        { datetime: entry.created_at, title: dateTimeExact(entry.created_at) },
        dateTime(entry.created_at),
      ),
    ),
    cell(
      'Who',
      'cell-text',
      element('span', {}, actorName(entry)),
      element('span', { class: 'row-detail' }, actorDetail(entry)),
    ),
    cell(
      'Action',
      'cell-main',
      element('span', { class: 'row-title' }, entry.action),
      changed && element('span', { class: 'row-detail' }, changed),
    ),
    cell(
      'Object',
      'cell-text',
      element('span', {}, entry.object_type),
      element('span', { class: 'row-detail' }, entry.object_id),
    ),
    cell('Address', 'cell-text', entry.ip ?? '–'),
    cell('Details', 'cell-actions', details),
  );
}

function showExport(list: List<AuditLog, FilterName>): void {
  const query = queryOf(list.filters.read());
  byId<HTMLAnchorElement>('export').href = `/api/v1${withQuery('/audit-logs/export', query)}`;
}

await startPage(async () => {
  const types = objectTypes.map((type) => new Option(type.replace(/[_-]/, ' '), type));
  byId('filter-object-type').append(...types);
  const list: List<AuditLog, FilterName> = new List<AuditLog, FilterName>({
    path: '/audit-logs',
    columns: 6,
    filterNames,
    row: entryRow,
    chip: chipLabel,
    query: queryOf,
    loaded: () => showExport(list),
    nothingFound: 'No entry fits these filters',
    empty: {
      symbol: 'history',
      title: 'Nothing has been changed yet',
      text: 'Every change from now on is written down here.',
    },
  });
  void showProof();
  await list.start();
});
