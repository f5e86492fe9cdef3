// The words of conversions: kinds, sources of attribution, and what became of a claim.
import type { AttributionStep } from '../api/sales';
import { plural } from '../page/format';
import { bad, good, labelOf, pillOf, quiet, words, type Shown } from '../page/status';

export const eventKinds = [
  'lead',
  'signup',
  'booked',
  'delivered',
  'invoiced',
  'paid',
  'custom',
] as const;

export const adjustmentKinds: Record<string, string> = {
  refund: 'Refund',
  short_pay: 'Short pay',
  cost_change: 'Cost change',
  cancel: 'Canceled',
  claim: 'Claim',
  write_off: 'Written off',
  correction: 'Correction',
};

const statuses: Shown = {
  attributed: { label: 'Credited', pill: good },
  organic: { label: 'Organic', pill: quiet },
  reversed: { label: 'Reversed', pill: bad },
  undone: { label: 'Undone', pill: quiet },
};

export const conversionStatus = (status: string): string => labelOf(statuses, status);
export const conversionPill = (status: string): HTMLElement => pillOf(statuses, status);

const sources: Record<string, string> = {
  override: 'Override',
  lead: 'Registered lead',
  lock: 'Customer’s lock',
  code: 'Code',
  token: 'Signed token',
  click_id: 'The conversion’s click',
  clicks: 'Click',
  match: 'Match, for review',
  organic: 'Nobody',
};

export const sourceName = (source: string): string => sources[source] ?? words(source);

const causes: Record<string, string> = {
  conversion: 'The conversion came',
  click: 'Its click was stored',
  override: 'Somebody decided',
  recalculation: 'Something earlier came later',
  undo: 'Its import was undone',
};

/** Why it was decided then. */
export const causeName = (cause: string): string => causes[cause] ?? words(cause);

const reasons: Record<string, string> = {
  credited: 'Credited',
  not_enrolled: 'The partner was not in the program then',
  applied: 'The partner had only applied then',
  invited: 'The partner had only been invited then',
  rejected: 'The partner had been rejected',
  suspended: 'The partner was suspended then',
  banned: 'The partner was banned then',
  left: 'The partner had left the program',
  self: 'Partner and customer are the same',
  not_human: 'Not a click of a person',
  not_accepted: 'The lead was not accepted',
  not_yet: 'Made after the conversion',
  outside_window: 'Too long before the conversion',
  over: 'Its time had ended',
  existing_customer: 'The company was a customer before',
  outranked: 'Good, but a stronger claim won',
  not_first: 'Good, but an earlier one counts',
  not_last: 'Good, but a later one counts',
  no_weight: 'Good, but its share is nothing',
  for_review: 'A hint for people, credits nobody',
};

function span(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  if (days > 0) return plural(days, 'day', 'days');
  const hours = Math.floor(seconds / 3_600);
  if (hours > 0) return plural(hours, 'hour', 'hours');
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? plural(minutes, 'minute', 'minutes') : plural(seconds, 'second', 'seconds');
}

/** Why a claim won or lost, with how far it missed its time. */
export function reasonText(step: AttributionStep): string {
  const text = reasons[step.reason] ?? words(step.reason);
  const click = step.click_class ? ` (${step.click_class})` : '';
  const missed = step.outside_seconds ? `, by ${span(step.outside_seconds)}` : '';
  return `${text}${click}${missed}`;
}
