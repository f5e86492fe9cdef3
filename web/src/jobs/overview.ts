// Background work: queues, failures with replay and discard, schedules. Looked at again every 30 seconds.
import type { Job, JobQueue, JobSchedule } from '../api/operations';
import { cell, day, moment, row } from '../page/cells';
import { byId, element } from '../page/dom';
import { count, dateTime, time } from '../page/format';
import { List } from '../page/list';
import { rowMenu, type MenuItem } from '../page/menu';
import { Table } from '../page/rows';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { discard, jobPill, jobStateLabel, openJob, replay } from './details';

const filterNames = ['state', 'kind'] as const;
type FilterName = (typeof filterNames)[number];
const everyMs = 30_000;
let jobs: List<Job, FilterName>;

/** A number that leads to the jobs behind it. */
function jobsLink(queue: JobQueue, state: string, value: number): Node | string {
  if (value === 0) return '0';
  const query = new URLSearchParams({ kind: queue.kind, ...(state ? { state } : {}) });
  const anchor = element('a', { class: 'num-link', href: `/admin/jobs?${query}` }, count(value));
  anchor.addEventListener('click', (event) => {
    event.preventDefault();
    jobs.update({ kind: queue.kind, state });
    byId('jobs-title').scrollIntoView({ block: 'start' });
  });
  return anchor;
}

function queueRow(queue: JobQueue): HTMLElement {
  return row(
    queue.kind,
    cell(
      'Kind',
      'cell-main',
      element('span', { class: 'row-title' }, queue.kind),
      element('span', { class: 'row-detail' }, queue.meaning),
    ),
    cell('Waiting', 'num', jobsLink(queue, 'waiting', queue.waiting)),
    cell('Running', 'num', jobsLink(queue, 'running', queue.running)),
    cell('Dead', queue.dead > 0 ? 'num num-bad' : 'num', jobsLink(queue, '', queue.dead)),
    cell('Done, 24 h', 'num', count(queue.done_24h)),
    cell('Failed, 24 h', 'num', count(queue.failed_24h + queue.lost_24h)),
    cell('Oldest', 'cell-time', queue.oldest_at ? moment(queue.oldest_at) : '–'),
  );
}

function menuItems(job: Job): MenuItem[] {
  const reload = (): void => void reloadAll();
  const details: MenuItem = { label: 'Details', symbol: 'eye', run: () => openJob(job, reload) };
  if (job.state !== 'dead' || !may('jobs:write')) return [details];
  return [
    details,
    { label: 'Replay', symbol: 'replay', run: () => attempt(() => replay(job).then(reloadAll)) },
    {
      label: 'Discard',
      symbol: 'trash',
      run: () =>
        attempt(async () => {
          if (await discard(job)) await reloadAll();
        }),
    },
  ];
}

function progress(job: Job): HTMLElement | null {
  if (job.state !== 'running' || !job.progress_total) return null;
  return element('progress', {
    max: job.progress_total,
    value: job.progress_done ?? 0,
    'aria-label': `Progress of ${job.kind}`,
  });
}

function jobRow(job: Job): HTMLElement {
  return row(
    job.id,
    cell(
      'Job',
      'cell-main',
      element('span', { class: 'row-title' }, job.kind),
      element('span', { class: 'row-detail', title: job.last_error }, job.last_error ?? job.id),
      progress(job),
    ),
    cell('State', 'cell-status', jobPill(job.state)),
    cell('Attempts', 'num', count(job.attempts)),
    cell('Last try', 'cell-time', job.attempts > 0 ? moment(job.updated_at) : '–'),
    cell('Made', 'cell-time cell-wide', day(job.created_at)),
    cell('Actions', 'cell-actions', rowMenu(`Actions for ${job.kind} ${job.id}`, menuItems(job))),
  );
}

function scheduleRow(schedule: JobSchedule): HTMLElement {
  return row(
    schedule.name,
    cell(
      'Name',
      'cell-main',
      element('span', { class: 'row-title' }, schedule.name),
      element('span', { class: 'row-detail' }, schedule.kind),
    ),
    cell('When', 'cell-text', element('code', {}, schedule.cron), ` ${schedule.timezone}`),
    cell('Last run', 'cell-time', schedule.last_at ? moment(schedule.last_at) : 'Never'),
    cell('Next run', 'cell-time', dateTime(schedule.next_at)),
  );
}

const queues = new Table<JobQueue>({
  path: '/job-queues',
  table: 'queues',
  body: 'queue-rows',
  state: 'queues-state',
  columns: 7,
  row: queueRow,
  empty: { symbol: 'jobs', title: 'No kinds of work', text: 'This program does nothing by jobs.' },
  loaded: (rows) => {
    const kinds = byId<HTMLSelectElement>('filter-kind');
    if (kinds.options.length > 1) return;
    kinds.append(...rows.map(({ kind }) => new Option(kind, kind)));
    kinds.value = jobs.filters.read().kind;
  },
});

const schedules = new Table<JobSchedule>({
  path: '/job-schedules',
  table: 'schedules',
  body: 'schedule-rows',
  state: 'schedules-state',
  columns: 4,
  row: scheduleRow,
  empty: { symbol: 'history', title: 'No schedules', text: 'Nothing runs by the clock.' },
});

async function reloadAll(): Promise<void> {
  await Promise.all([queues.load(), jobs.load(), schedules.load()]);
  byId('jobs-note').textContent = `Updated ${time(new Date())}, every 30 seconds.`;
}

await startPage(async () => {
  jobs = new List<Job, FilterName>({
    path: '/jobs',
    columns: 6,
    filterNames,
    row: jobRow,
    chip: (name, value) => (name === 'state' ? jobStateLabel(value) : value),
    query: ({ state, kind }) => ({ state: state || 'dead', kind }),
    nothingFound: 'No job fits these filters',
    empty: {
      symbol: 'check',
      title: 'Nothing has failed for good',
      text: 'Jobs that fail are tried again; those that never succeed are listed here.',
    },
  });
  await Promise.all([queues.load(), jobs.start(), schedules.load()]);
  setInterval(() => {
    // Not under an open menu, which would vanish.
    const isBusy = document.hidden || document.querySelector('.dropdown-menu.show, dialog[open]');
    if (!isBusy) void reloadAll();
  }, everyMs);
});
