// The queue of leads that partners registered: accepted, they protect the customer for the partner.
import { get, write } from '../api/client';
import type { Lead } from '../api/partners';
import { fillPrograms, programName } from '../page/choices';
import { confirmed } from '../page/dialog';
import { byId, element } from '../page/dom';
import { factRows, linkTo } from '../page/facts';
import { ago, date } from '../page/format';
import { partnerName } from '../page/names';
import { Queue } from '../page/queue';
import { decide } from '../page/reason';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { usePageKeys } from '../shell/shortcuts';
import { leadFacts } from './row';
import { leadPill, leadStatus } from './status';

const filterNames = ['q', 'status', 'program_id', 'user_id'] as const;
type FilterName = (typeof filterNames)[number];

const pathOf = (lead: Lead): string => `/leads/${encodeURIComponent(lead.id)}`;
const canAccept = (lead: Lead | null): lead is Lead =>
  lead?.status === 'waiting' && may('leads:write');
/** Also one that was accepted by mistake. */
const canReject = (lead: Lead | null): lead is Lead =>
  (lead?.status === 'waiting' || lead?.status === 'accepted') && may('leads:write');

function customerLink(lead: Lead): Node | null {
  if (!lead.customer_id || !may('customers:read')) return null;
  const id = encodeURIComponent(lead.customer_id);
  return linkTo(`/admin/customer?id=${id}`, lead.customer_id);
}

/** What speaks against it: the company is known already, or others have registered it, too. */
async function showWarnings(lead: Lead): Promise<void> {
  const { rivals = [], known_since: since } = await get<Lead>(pathOf(lead));
  if (queue.chosen?.id !== lead.id) return;
  const known = since ? [`The company is known to us since ${date(since)}.`] : [];
  const others = rivals.map(
    (rival) =>
      `${rival.user_name} registered it on ${date(rival.registered_at)}: ` +
      leadStatus(rival.status).toLowerCase() +
      (rival.protected_until ? `, protected until ${date(rival.protected_until)}` : ''),
  );
  byId('detail-warnings').replaceChildren(
    ...[...known, ...others].map((text) => element('li', {}, text)),
  );
}

function show(lead: Lead): void {
  byId('detail-name').textContent = lead.company;
  byId('detail-status').replaceChildren(leadPill(lead.status));
  byId('detail-note').textContent = lead.note ?? '';
  const program = element('span', {}, lead.program_id);
  attempt(async () => {
    program.textContent = await programName(lead.program_id);
  });
  byId('detail-facts').replaceChildren(
    ...factRows([
      ['Partner', partnerName(lead.user_id, lead.user_name)],
      ['Program', program],
      ...leadFacts(lead),
      ['Customer', customerLink(lead)],
    ]),
  );
  byId('detail-warnings').replaceChildren();
  attempt(() => showWarnings(lead));
  byId('detail-actions').hidden = !canReject(lead);
  byId('accept').hidden = !canAccept(lead);
}

const queue = new Queue<Lead, FilterName>({
  path: '/leads',
  filterNames,
  chip: (name, value) => {
    if (name === 'status') return value === 'all' ? 'Any status' : leadStatus(value);
    if (name === 'program_id') return 'One program';
    return name === 'user_id' ? 'One partner' : `“${value}”`;
  },
  query: (filters) => ({
    ...filters,
    status: filters.status === 'all' ? '' : filters.status || (filters.user_id ? '' : 'waiting'),
  }),
  item: (lead) => [
    element('strong', {}, lead.company),
    element('span', { class: 'row-detail' }, `${lead.user_name} · ${ago(lead.registered_at)}`),
    lead.status !== 'waiting' && leadPill(lead.status),
  ],
  show,
  hide: () => undefined,
  nothingFound: 'No lead fits these filters',
  empty: {
    symbol: 'check',
    title: 'All done',
    text: 'No lead waits for a decision. New ones appear here as partners register them.',
  },
});

const accept = (): void =>
  attempt(async () => {
    const lead = queue.chosen;
    if (!canAccept(lead)) return;
    const sure = await confirmed({
      title: `Accept ${lead.company}?`,
      text: 'Until the end of the protection, what this customer books is credited to the partner who registered it.',
      confirm: 'Accept',
    });
    if (!sure) return;
    const accepted = await write<Lead>('POST', `${pathOf(lead)}/accept`);
    const until = accepted?.protected_until;
    toast(until ? `Accepted, protected until ${date(until)}.` : 'Accepted.');
    await queue.decided();
  });

function reject(): void {
  const lead = queue.chosen;
  if (!canReject(lead)) return;
  decide(
    {
      title: `Reject ${lead.company}`,
      text: 'The partner gets no protection for this customer.',
      submit: 'Reject',
      danger: true,
      reasonNote: 'The partner reads it',
    },
    async ({ reason }) => {
      await write<Lead>('POST', `${pathOf(lead)}/reject`, { reason });
      toast(`${lead.company} is rejected.`);
      await queue.decided();
    },
  );
}

await startPage(async () => {
  byId('accept').addEventListener('click', accept);
  byId('reject').addEventListener('click', reject);
  usePageKeys([
    { key: 'j', meaning: 'Next lead', run: () => queue.step(1) },
    { key: 'k', meaning: 'Previous lead', run: () => queue.step(-1) },
    { key: 'a', meaning: 'Accept', run: accept },
    { key: 'r', meaning: 'Reject', run: reject },
  ]);
  attempt(async () => {
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
  });
  await queue.start();
});
