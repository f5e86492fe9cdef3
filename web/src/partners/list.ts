// All partners, and the dialog that makes one.
import { write } from '../api/client';
import type { Partner } from '../api/partners';
import { cell, day, row } from '../page/cells';
import { allPrograms, fillGroups, fillPrograms } from '../page/choices';
import { copyButton } from '../page/copy';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { List } from '../page/list';
import { partnerAddress } from '../page/names';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { startPage } from '../shell/shell';
import { enrolmentPill, enrolmentStatus } from './status';

const filterNames = ['q', 'program_id', 'group_id', 'status'] as const;
type FilterName = (typeof filterNames)[number];

const form = byId<HTMLFormElement>('partner-form');
const editor = new Editor('partner', {
  email: 'text',
  name: 'text',
  company: 'text',
  program_id: 'text',
  group_id: 'text',
});

function chip(name: FilterName, value: string): string {
  if (name === 'status') return enrolmentStatus(value);
  if (name === 'program_id') return 'One program';
  if (name === 'group_id') return 'One group';
  return `“${value}”`;
}

function programsOf(partner: Partner): HTMLElement {
  const pills = partner.enrolments.map((each) => {
    const pill = enrolmentPill(each.status);
    pill.title = each.program_name;
    return pill;
  });
  return element('span', { class: 'pill-list' }, ...(pills.length > 0 ? pills : ['In no program']));
}

function partnerRow(partner: Partner): HTMLElement {
  const id = encodeURIComponent(partner.user_id);
  return row(
    partner.id,
    cell(
      'Partner',
      'cell-main',
      element(
        'a',
        { class: 'row-title', href: partnerAddress(partner.user_id) },
        partner.company || partner.name,
      ),
      element(
        'span',
        { class: 'row-detail' },
        partner.company ? `${partner.name} · ${partner.email}` : partner.email,
      ),
    ),
    cell('Status', 'cell-status', programsOf(partner)),
    cell('Code', 'cell-text cell-code', ...codeOf(partner)),
    cell(
      'Money',
      'cell-text',
      element('a', { href: `/finance/commissions?user_id=${id}` }, 'Commissions'),
    ),
    cell('Since', 'cell-time cell-wide', day(partner.created_at)),
  );
}

function codeOf(partner: Partner): (Node | string)[] {
  if (!partner.code) return ['–'];
  const copied = partner.short_url ?? partner.code;
  return [partner.code, copyButton(copied, `Copy the address of ${partner.code}`)];
}

async function openDialogForNew(): Promise<void> {
  form.reset();
  clearErrors(form);
  const programs = await fillPrograms(byId<HTMLSelectElement>('partner-program_id'));
  await fillGroups(byId<HTMLSelectElement>('partner-group_id'), programs[0]?.id ?? '');
  openDialog('partner-dialog');
  byId('partner-email').focus();
}

async function create(): Promise<void> {
  const made = await write<Partner>('POST', '/partners', editor.readFilled());
  closeDialog('partner-dialog');
  toast(
    made.code ? `${made.name} is a partner; the code is ${made.code}.` : 'The partner is made.',
  );
  location.assign(partnerAddress(made.user_id));
}

await startPage(async () => {
  const list: List<Partner, FilterName> = new List<Partner, FilterName>({
    path: '/partners',
    columns: 5,
    filterNames,
    row: partnerRow,
    chip,
    nothingFound: 'No partner fits these filters',
    empty: {
      symbol: 'handshake',
      title: 'No partners yet',
      text: 'Approve an application, or enrol a partner yourself.',
    },
  });
  attempt(async () => {
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
    byId<HTMLSelectElement>('filter-program_id').value = list.filters.read().program_id;
  });
  byId('partner-new').addEventListener('click', () => attempt(openDialogForNew));
  byId('partner-program_id').addEventListener('change', (event) =>
    attempt(() =>
      fillGroups(
        byId<HTMLSelectElement>('partner-group_id'),
        (event.target as HTMLSelectElement).value,
      ),
    ),
  );
  watchForm(form, create);
  await Promise.all([list.start(), allPrograms()]);
});
