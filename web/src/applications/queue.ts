// The queue of applications: the list, the chosen one beside it, and keys to go through them.
import { ApiError, get } from '../api/client';
import type { Application } from '../api/people';
import { byId, element, findAll } from '../page/dom';
import { ago, countryName } from '../page/format';
import { List } from '../page/list';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { startPage } from '../shell/shell';
import { usePageKeys } from '../shell/shortcuts';
import { approve, hideApplication, openReject, showApplication, watchReject } from './detail';
import { applicationPill, applicationStatus } from './status';

const filterNames = ['q', 'status'] as const;
type FilterName = (typeof filterNames)[number];
let applications: Application[] = [];
let chosenId = '';
let list: List<Application, FilterName>;

const addressOf = (id: string): string => {
  const asked = new URLSearchParams(location.search);
  if (id === '') asked.delete('id');
  else asked.set('id', id);
  const text = asked.toString();
  return text === '' ? location.pathname : `?${text}`;
};

function mark(): void {
  for (const item of findAll('[data-id]', byId('rows'))) {
    const isChosen = item.dataset.id === chosenId;
    const anchor = item.querySelector('a');
    if (isChosen) anchor?.setAttribute('aria-current', 'true');
    else anchor?.removeAttribute('aria-current');
    if (isChosen) item.scrollIntoView({ block: 'nearest' });
  }
}

/** Shows it beside the list; on a phone, instead of the list. */
function choose(application: Application | undefined, how: 'open' | 'quietly'): void {
  chosenId = application?.id ?? '';
  if (application) showApplication(application);
  else hideApplication();
  byId('queue').classList.toggle('queue-open', application !== undefined && how === 'open');
  history.replaceState(null, '', addressOf(how === 'open' ? chosenId : ''));
  mark();
}

function step(by: 1 | -1): void {
  const at = applications.findIndex((each) => each.id === chosenId);
  const next = applications[Math.max(0, Math.min(at + by, applications.length - 1))];
  if (next) choose(next, 'open');
}

function rowOf(application: Application): HTMLElement {
  const anchor = element(
    'a',
    { href: addressOf(application.id) },
    element('strong', {}, application.company || application.name),
    element(
      'span',
      { class: 'row-detail' },
      `${countryName(application.country)} · ${ago(application.created_at)}`,
    ),
    application.status !== 'waiting' && applicationPill(application.status),
  );
  anchor.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(application, 'open');
    byId('detail-name').focus();
  });
  return element('li', { 'data-id': application.id }, anchor);
}

/** The one that the address names, also when it is on another page of the list. */
async function chooseAsked(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('id');
  const found = applications.find((each) => each.id === asked);
  if (found || !asked) {
    choose(found ?? applications[0], found ? 'open' : 'quietly');
    return;
  }
  try {
    choose(await get<Application>(`/applications/${encodeURIComponent(asked)}`), 'open');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast(error.message, 'bad');
    choose(applications[0], 'quietly');
  }
}

/** After a decision: the one that moved up to its place is next. */
async function decided(): Promise<void> {
  const at = applications.findIndex((each) => each.id === chosenId);
  history.replaceState(null, '', addressOf(''));
  await list.load();
  choose(applications[Math.max(0, Math.min(at, applications.length - 1))], 'open');
}

const approveChosen = (): void =>
  attempt(async () => {
    if (await approve()) await decided();
  });

function skeleton(): HTMLElement[] {
  return Array.from({ length: 5 }, () =>
    element(
      'li',
      { class: 'queue-skeleton', 'aria-hidden': 'true' },
      element('span', { class: 'skeleton' }),
      element('span', { class: 'skeleton' }),
    ),
  );
}

await startPage(async () => {
  list = new List<Application, FilterName>({
    path: '/applications',
    columns: 1,
    filterNames,
    skeleton,
    row: rowOf,
    chip: (name, value) => (name === 'q' ? `“${value}”` : applicationStatus(value)),
    query: ({ q, status }) => ({ q, status: status || 'waiting' }),
    loaded: (rows) => {
      applications = rows;
      void chooseAsked();
    },
    nothingFound: 'No application fits these filters',
    empty: {
      symbol: 'check',
      title: 'All done',
      text: 'No application waits for a decision. New ones appear here once their address is confirmed.',
    },
  });
  // Another filter lists others: the chosen one is not kept. Before the list hears of it.
  byId('filters').addEventListener(
    'change',
    () => history.replaceState(null, '', addressOf('')),
    true,
  );
  byId('approve').addEventListener('click', approveChosen);
  byId('reject').addEventListener('click', openReject);
  byId('detail-back').addEventListener('click', () => choose(applications[0], 'quietly'));
  watchReject(() => attempt(decided));
  usePageKeys([
    { key: 'j', meaning: 'Next application', run: () => step(1) },
    { key: 'k', meaning: 'Previous application', run: () => step(-1) },
    { key: 'a', meaning: 'Approve', run: approveChosen },
    { key: 'r', meaning: 'Reject', run: openReject },
  ]);
  await list.start();
});
