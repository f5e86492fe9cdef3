// One partner: profile, programs, links, customers, leads and commissions.
import { write } from '../api/client';
import type { Commission } from '../api/finance';
import type { Lead, Partner } from '../api/partners';
import type { ConversionRow } from '../api/sales';
import type { Link } from '../api/types';
import { commissionColumns, commissionRow } from '../commissions/row';
import { conversionColumns, conversionRow } from '../conversions/row';
import { leadRow } from '../leads/row';
import { bareUrl, count, countryName, date } from '../page/format';
import { cell, row } from '../page/cells';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import { factRows, linkTo } from '../page/facts';
import { clearErrors, watchForm } from '../page/form';
import { partnerName } from '../page/names';
import { Picker } from '../page/picker';
import { askedId, RecordPage, showName } from '../page/record';
import { Table } from '../page/rows';
import { toast } from '../page/toast';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { linkAddress } from '../links/row';
import { statusPill } from '../links/status';
import { showCustomers } from './customers';
import { showEnrolments } from './enrolments';

const shownRows = 10;
const form = byId<HTMLFormElement>('profile-form');
const editor = new Editor('profile', {
  kind: 'text',
  company: 'text',
  country: 'code',
  website: 'text',
  audience: 'text',
  mc_number: 'text',
  dot_number: 'text',
});
let referrer: Picker<Partner>;

const page = new RecordPage<Partner>({
  path: '/partners',
  show,
  missing: {
    title: 'There is no such partner',
    back: { label: 'All partners', href: '/admin/partners' },
  },
});

function webSite(url: string): Node | string {
  if (!/^https?:\/\//.test(url)) return url;
  return element(
    'a',
    { href: url, rel: 'noopener noreferrer nofollow', target: '_blank' },
    bareUrl(url),
  );
}

function show(partner: Partner): void {
  const name = partner.company || partner.name;
  showName(name);
  byId('partner-name').textContent = name;
  byId('partner-audience').textContent = partner.audience ?? '';
  byId('partner-facts').replaceChildren(
    ...factRows([
      ['Name', partner.name],
      ['E-mail', partner.email],
      ['Company', partner.company],
      ['Country', partner.country ? countryName(partner.country) : null],
      ['Web site', partner.website ? webSite(partner.website) : null],
      ['MC number', partner.mc_number],
      ['DOT number', partner.dot_number],
      [
        'Referred by',
        partner.referred_by ? partnerName(partner.referred_by, partner.referred_by_name) : 'Nobody',
      ],
      ['Partner since', date(partner.created_at)],
      ['Code', partner.code],
      ['User', partner.user_id],
    ]),
  );
}

function openProfile(): void {
  if (!page.row) return;
  clearErrors(form);
  editor.fill({ ...page.row });
  const { referred_by: by, referred_by_name: name } = page.row;
  referrer.choose(by ?? '', name ?? by ?? '');
  openDialog('profile-dialog');
}

async function save(): Promise<void> {
  const body = { ...editor.read(), referred_by: referrer.id || null };
  await write<Partner>('PATCH', page.path, body);
  closeDialog('profile-dialog');
  toast('Saved.');
  await page.load();
}

function linkRowOf(link: Link): HTMLElement {
  return row(
    link.id,
    cell(
      'Link',
      'cell-main',
      element('a', { class: 'row-title', href: linkAddress(link.id) }, link.name ?? link.code),
      element('span', { class: 'row-detail' }, bareUrl(link.short_url)),
    ),
    cell('Status', 'cell-status', statusPill(link.status)),
    cell(
      'Clicks',
      'num',
      linkTo(`/referrals/clicks?link_id=${encodeURIComponent(link.id)}`, count(link.clicks)),
    ),
    cell('Unique', 'num', count(link.unique_clicks)),
  );
}

/** A short list of what belongs to the partner, below a head that leads to all of it. */
function part<Row>(
  name: string,
  path: string,
  columns: number,
  rowOf: (row: Row) => HTMLElement,
  empty: { symbol: string; title: string; text: string },
): Table<Row> {
  return new Table<Row>({
    path,
    table: name,
    body: `${name}-rows`,
    state: `${name}-state`,
    columns,
    row: rowOf,
    empty,
  });
}

async function showParts(userId: string): Promise<void> {
  const id = encodeURIComponent(userId);
  const query = `?user_id=${id}&limit=${shownRows}`;
  const commissions: Table<Commission> = part<Commission>(
    'commissions',
    `/commissions${query}`,
    commissionColumns,
    (commission) => commissionRow(commission, () => void commissions.load()),
    { symbol: 'coins', title: 'No commissions yet', text: 'Nothing was credited to them so far.' },
  );
  const shown: [string, string, Table<never>, string][] = [
    [
      'links',
      'links:read',
      part<Link>('links', `/links${query}`, 4, linkRowOf, {
        symbol: 'link',
        title: 'No links yet',
        text: 'Without a link or code nothing can be credited to them by itself.',
      }) as Table<never>,
      `/referrals/links?user_id=${id}`,
    ],
    [
      'conversions',
      'conversions:read',
      part<ConversionRow>('conversions', `/conversions${query}`, conversionColumns, conversionRow, {
        symbol: 'truck',
        title: 'No customers yet',
        text: 'What their customers booked is listed here.',
      }) as Table<never>,
      `/admin/conversions?user_id=${id}`,
    ],
    [
      'leads',
      'leads:read',
      part<Lead>('leads', `/leads${query}`, 4, leadRow, {
        symbol: 'flag',
        title: 'No leads',
        text: 'Deals that they register are listed here.',
      }) as Table<never>,
      `/admin/leads?user_id=${id}`,
    ],
    [
      'commissions',
      'commissions:read',
      commissions as Table<never>,
      `/finance/commissions?user_id=${id}`,
    ],
  ];
  await Promise.all(
    shown.map(async ([name, permission, table, all]) => {
      byId(`${name}-card`).hidden = !may(permission);
      byId<HTMLAnchorElement>(`${name}-all`).href = all;
      if (may(permission)) await table.load();
    }),
  );
}

await startPage(async () => {
  referrer = new Picker<Partner>({
    field: 'profile-referred_by',
    path: '/partners',
    idOf: (partner) => partner.user_id,
    labelOf: (partner) => `${partner.company || partner.name} (${partner.email})`,
  });
  byId('profile-edit').addEventListener('click', openProfile);
  watchForm(form, save);
  if (!(await page.load())) return;
  const userId = page.row?.user_id ?? askedId();
  byId<HTMLAnchorElement>('partner-why').href =
    `/referrals/why-not?user_id=${encodeURIComponent(userId)}`;
  byId<HTMLAnchorElement>('partner-audit').href =
    `/admin/audit-log?object_id=${encodeURIComponent(userId)}`;
  await Promise.all([
    may('enrolments:read') ? showEnrolments(userId) : Promise.resolve(),
    may('conversions:read') ? showCustomers(userId) : Promise.resolve(),
    showParts(userId),
  ]);
});
