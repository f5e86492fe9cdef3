// Later changes of a conversion's facts, and the dialog that adds one.
import { write } from '../api/client';
import type { Adjustment, Conversion } from '../api/sales';
import { cell, day, row } from '../page/cells';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import { clearErrors, watchForm } from '../page/form';
import { instantOf, localInput } from '../page/format';
import { isNegative, isZero, moneyChange } from '../page/money';
import { showEmpty } from '../page/states';
import { toast } from '../page/toast';
import { adjustmentKinds } from './words';

const form = byId<HTMLFormElement>('adjust-form');
const editor = new Editor('adjust', {
  kind: 'text',
  external_id: 'text',
  occurred_at: 'text',
  revenue_change: 'amount',
  cost_change: 'amount',
  quantity_change: 'amount',
  reason: 'text',
});

function change(label: string, amount: string | null, currency: string): HTMLElement {
  if (!amount || isZero(amount)) return cell(label, 'num', '–');
  return cell(label, isNegative(amount) ? 'num num-bad' : 'num', moneyChange(amount, currency));
}

function adjustmentRow(adjustment: Adjustment, currency: string): HTMLElement {
  return row(
    adjustment.external_id,
    cell(
      'Change',
      'cell-main',
      element('span', { class: 'row-title' }, adjustmentKinds[adjustment.kind] ?? adjustment.kind),
      element('span', { class: 'row-detail' }, adjustment.reason ?? adjustment.external_id),
    ),
    change('Revenue', adjustment.revenue_change, currency),
    change('Cost', adjustment.cost_change, currency),
    cell('Quantity', 'num', isZero(adjustment.quantity_change) ? '–' : adjustment.quantity_change),
    cell('Occurred', 'cell-time', day(adjustment.occurred_at)),
  );
}

export function showAdjustments(conversion: Conversion): void {
  const { adjustments } = conversion;
  byId('adjustments').hidden = adjustments.length === 0;
  byId('adjustments-rows').removeAttribute('aria-busy');
  byId('adjustments-rows').replaceChildren(
    ...adjustments.map((each) => adjustmentRow(each, conversion.currency)),
  );
  byId('adjustments-state').hidden = true;
  if (adjustments.length > 0) return;
  showEmpty(byId('adjustments-state'), {
    symbol: 'edit',
    title: 'Nothing changed since',
    text: 'Refunds, changes of cost and cancellations are listed here; each posts the difference.',
  });
}

/** `adjusted` runs after a change is stored. */
export function watchAdjustments(path: string, adjusted: () => Promise<unknown>): void {
  byId('adjust-new').addEventListener('click', () => {
    form.reset();
    clearErrors(form);
    editor.fill({
      kind: 'refund',
      external_id: `manual-${Date.now().toString(36)}`,
      occurred_at: localInput(new Date().toISOString()),
    });
    openDialog('adjust-dialog');
    byId('adjust-kind').focus();
  });
  watchForm(form, async () => {
    const body = editor.readFilled();
    await write<Conversion>('POST', `${path}/adjustments`, {
      ...body,
      occurred_at: instantOf(String(body.occurred_at)),
    });
    closeDialog('adjust-dialog');
    toast('The change is stored, and the difference posted.');
    await adjusted();
  });
}
