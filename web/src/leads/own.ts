// The partner's own leads, and registering a deal.
import { write } from '../api/client';
import type { Lead } from '../api/partners';
import { fillPrograms } from '../page/choices';
import { closeDialog, openDialog } from '../page/dialog';
import { byId } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { date } from '../page/format';
import { List } from '../page/list';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { leadRow } from './row';
import { leadStatus } from './status';

const filterNames = ['q', 'status'] as const;
type FilterName = (typeof filterNames)[number];

const form = byId<HTMLFormElement>('lead-form');
const editor = new Editor('lead', {
  program_id: 'text',
  company: 'text',
  name: 'text',
  email: 'text',
  phone: 'text',
  domain: 'text',
  mc_number: 'text',
  dot_number: 'text',
  note: 'text',
});

function openRegister(): void {
  attempt(async () => {
    form.reset();
    clearErrors(form);
    const programs = await fillPrograms(byId<HTMLSelectElement>('lead-program_id'));
    byId('lead-program_id').closest<HTMLElement>('.field')!.hidden = programs.length < 2;
    openDialog('lead-dialog');
    byId('lead-company').focus();
  });
}

await startPage(async () => {
  const list = new List<Lead, FilterName>({
    path: '/leads',
    columns: 4,
    filterNames,
    row: leadRow,
    chip: (name, value) => (name === 'q' ? `“${value}”` : leadStatus(value)),
    nothingFound: 'No lead fits these filters',
    empty: {
      symbol: 'flag',
      title: 'No leads yet',
      text: 'Register a company you are talking to. Once accepted, what it books is yours, without a click.',
      action: may('leads:own') ? { label: 'Register a deal', run: openRegister } : undefined,
    },
  });
  byId('lead-new').addEventListener('click', openRegister);
  watchForm(form, async () => {
    const lead = await write<Lead>('POST', '/leads', editor.readFilled());
    closeDialog('lead-dialog');
    toast(
      lead.protected_until
        ? `Registered, protected until ${date(lead.protected_until)}.`
        : 'Registered. We look at it and tell you.',
    );
    await list.load();
  });
  await list.start();
});
