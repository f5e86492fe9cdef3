// Reporting one conversion by hand, as the business's systems do by the API.
import { write } from '../api/client';
import type { Conversion } from '../api/sales';
import { fillPrograms } from '../page/choices';
import { closeDialog, openDialog } from '../page/dialog';
import { byId } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { instantOf, localInput } from '../page/format';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { conversionAddress } from './row';

const customerFields = {
  'customer.external_id': 'text',
  'customer.email': 'text',
  'customer.company': 'text',
  'customer.country': 'code',
} as const;

const editor = new Editor('report', {
  program_id: 'text',
  kind: 'text',
  source: 'text',
  external_id: 'text',
  occurred_at: 'text',
  currency: 'code',
  revenue: 'amount',
  cost: 'amount',
  quantity: 'amount',
  unit: 'text',
  mode: 'text',
  lane: 'text',
  code: 'text',
  ...customerFields,
});

/** `customer.email` and the like become the member `customer`. */
function bodyOf(): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const customer: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(editor.readFilled())) {
    if (name.startsWith('customer.')) customer[name.slice('customer.'.length)] = value;
    else body[name] = value;
  }
  body.occurred_at = instantOf(String(body.occurred_at ?? ''));
  if (Object.keys(customer).length > 0) body.customer = customer;
  return body;
}

export function prepareReport(changed: () => void): void {
  const form = byId<HTMLFormElement>('report-form');
  byId('report-new').addEventListener('click', () =>
    attempt(async () => {
      form.reset();
      clearErrors(form);
      const select = byId<HTMLSelectElement>('report-program_id');
      const programs = await fillPrograms(select);
      editor.fill({
        program_id: select.value,
        kind: 'delivered',
        source: 'manual',
        unit: 'load',
        quantity: '1',
        occurred_at: localInput(new Date().toISOString()),
        currency: programs.find((program) => program.id === select.value)?.currency ?? 'USD',
      });
      openDialog('report-dialog');
      byId('report-external_id').focus();
    }),
  );
  watchForm(form, async () => {
    const made = await write<Conversion>('POST', '/conversions', bodyOf());
    closeDialog('report-dialog');
    toast('The conversion is stored.');
    changed();
    location.assign(conversionAddress(made.id));
  });
}
