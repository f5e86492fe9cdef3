// What a commission's state is called, when it becomes payable, and why not yet.
import type { Commission } from '../api/finance';
import { element } from '../page/dom';
import { date } from '../page/format';
import { bad, good, labelOf, pillOf, quiet, warn, words, type Shown } from '../page/status';

const shown: Shown = {
  pending: { label: 'Pending', pill: warn },
  approved: { label: 'Approved', pill: good },
  held: { label: 'Held', pill: bad },
  in_payout: { label: 'In a payout', pill: good },
  paid: { label: 'Paid', pill: good },
  rejected: { label: 'Rejected', pill: bad },
  canceled: { label: 'Canceled', pill: quiet },
};

export const commissionStatuses = Object.keys(shown);
export const commissionStatus = (status: string): string => labelOf(shown, status);
export const commissionPill = (status: string): HTMLElement => pillOf(shown, status);

/** A calendar day of the API, or a moment. */
export const dayText = (day: string): string =>
  date(/^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T12:00:00Z` : day);

/** When it can be paid, and below it the same as a sentence, or why not yet. */
export function payable(commission: Commission): HTMLElement {
  const { status, payable_on: on, payable_sentence: sentence } = commission;
  const isOver = ['paid', 'rejected', 'canceled'].includes(status);
  const when = isOver ? '–' : on ? dayText(on) : 'Not known yet';
  return element(
    'span',
    {},
    element('span', {}, when),
    element('span', { class: 'row-detail row-reason', title: sentence }, sentence),
  );
}

const reasons: Record<string, string> = {
  reversed: 'Nothing is left of the conversion',
  other_unit: 'The quantity counts something else than the rule pays for',
  term_over: 'The customer’s months are over, or had not begun',
  cap_customer: 'The rule has paid all that it pays for one customer',
  cap_partner_period: 'The rule has paid all that it pays to one partner in the period',
  budget: 'The budget is used up',
};

/** Why it is less than the rate says. */
export const reasonText = (reason: string | null): string =>
  reason === null ? '' : (reasons[reason] ?? words(reason));
