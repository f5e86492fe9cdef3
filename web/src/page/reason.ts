// The dialog that asks for a reason, and for an amount where the decision has one. Its markup is
// partials/reason-dialog.html.
import { closeDialog, openDialog } from './dialog';
import { byId } from './dom';
import { clearErrors, watchForm } from './form';
import { typedAmount } from './money';

export interface Decision {
  title: string;
  /** What will happen. */
  text: string;
  submit: string;
  danger?: boolean;
  reasonNote?: string;
  /** Whether the reason may be left out. */
  optional?: boolean;
  /** `field` is how the API calls it in refusals. */
  amount?: { label: string; note: string; optional?: boolean; field?: string };
}

export interface Answer {
  reason: string;
  amount: string | null;
}

type Action = (answer: Answer) => Promise<void>;
let action: Action | null = null;

const form = (): HTMLFormElement => byId<HTMLFormElement>('decision-form');
const reason = (): HTMLTextAreaElement => byId<HTMLTextAreaElement>('decision-reason');
const amount = (): HTMLInputElement => byId<HTMLInputElement>('decision-amount');

let watched = false;

function watch(): void {
  if (watched) return;
  watched = true;
  watchForm(form(), async () => {
    await action?.({
      reason: reason().value.replace(/\s+/g, ' ').trim(),
      amount: typedAmount(amount().value),
    });
    closeDialog('decision-dialog');
  });
}

/** Opens the dialog; `then` runs with what was typed, and its refusal is shown in the dialog. */
export function decide(decision: Decision, then: Action): void {
  watch();
  action = then;
  form().reset();
  clearErrors(form());
  byId('decision-title').textContent = decision.title;
  byId('decision-text').textContent = decision.text;
  byId('decision-reason-note').textContent = decision.reasonNote ?? '';
  const submit = byId('decision-submit');
  submit.textContent = decision.submit;
  submit.classList.toggle('btn-danger', decision.danger ?? false);
  submit.classList.toggle('btn-primary', !decision.danger);
  reason().required = !decision.optional;
  byId('decision-amount-field').hidden = !decision.amount;
  amount().required = decision.amount !== undefined && !decision.amount.optional;
  amount().name = decision.amount?.field ?? 'amount';
  byId('decision-amount-error').dataset.error = amount().name;
  amount().disabled = !decision.amount;
  byId('decision-amount-label').textContent = decision.amount?.label ?? '';
  byId('decision-amount-note').textContent = decision.amount?.note ?? '';
  openDialog('decision-dialog');
  (decision.amount ? amount() : reason()).focus();
}
