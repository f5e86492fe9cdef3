// The steps of a calculation in words: those of the API where it has them, else made of its facts.
import type { ExplanationStep } from '../api/finance';
import type { Json } from '../api/operations';
import { dateTime } from '../page/format';
import { money, percentOf } from '../page/money';
import { words } from '../page/status';
import { reasonText } from './status';

const text = (value: Json | undefined): string => (value === null ? '–' : String(value ?? '–'));

const why = (reason: Json | undefined): string => {
  const found = reasonText(text(reason));
  return found.charAt(0).toLowerCase() + found.slice(1);
};

/** Each kind of step; `currency` is that of the rule. */
const sentences: Record<string, (step: ExplanationStep, currency: string) => string> = {
  facts: (step) =>
    `${words(text(step.event_kind))} on ${dateTime(text(step.occurred_at))}: revenue ` +
    `${money(text(step.revenue), text(step.currency))}, cost ${money(text(step.cost), text(step.currency))}, ` +
    `quantity ${text(step.quantity)} ${text(step.unit)}`,
  rule: (step) =>
    `Rule “${text(step.name)}”, version ${text(step.version)}, in force since ` +
    dateTime(text(step.effective_from)),
  window: (step) =>
    `${words(text(step.window))}: ${step.from ? `from ${dateTime(text(step.from))}` : 'from the beginning'}` +
    `${step.until ? ` until ${dateTime(text(step.until))}` : ', without end'} – ` +
    (step.inside ? 'inside' : 'outside'),
  nothing: (step) => `Nothing is due: ${why(step.reason)}`,
  basis: (step) => `Basis: ${text(step.basis)} of ${text(step.amount)}`,
  exchange: (step, currency) =>
    `Exchange rate ${text(step.exchange_rate)}: ${text(step.amount)} ${currency}`,
  tier: (step) =>
    `Tier from ${text(step.from)}, reached with ${text(step.volume)}: ${text(step.rate)}`,
  slice: (step) =>
    `Of it ${text(step.amount)} in the tier from ${text(step.from)}: ${text(step.rate)}`,
  rate: (step) => `Rate: ${text(step.rate)}`,
  bonus: (step) => `Bonus on the rate: ${percentOf(Number(step.bonus_ppm))}`,
  rounding: (step, currency) =>
    `${text(step.exact)} is rounded to ${money(text(step.rounded), currency)}, half away from zero`,
  minimum: (step, currency) =>
    `At least ${money(text(step.limit), currency)}: ${money(text(step.amount), currency)}`,
  maximum: (step, currency) =>
    `At most ${money(text(step.limit), currency)}: ${money(text(step.amount), currency)}`,
  cap: (step, currency) =>
    `Cap of ${money(text(step.limit), currency)}, ${money(text(step.used), currency)} of it used: ` +
    `${money(text(step.amount), currency)} – ${why(step.cap)}`,
  split: (step, currency) =>
    `The partner’s share of ${money(text(step.total), currency)} is ` +
    `${text(step.weight)} of ${text(step.weights)}: ${money(text(step.amount), currency)}`,
  post: (step, currency) =>
    `Due ${money(text(step.amount), currency)}, posted before ${money(text(step.posted), currency)}: ` +
    `difference ${money(text(step.difference), currency)}`,
};

export function stepText(step: ExplanationStep, currency: string): string {
  if (step.text) return step.text;
  const sentence = sentences[step.step];
  if (sentence) return sentence(step, currency);
  const rest = Object.entries(step).filter(([name]) => name !== 'step');
  return `${words(step.step)}: ${rest.map(([name, value]) => `${name} ${text(value)}`).join(', ')}`;
}

/** A text of lines as lines; lists stay lists. */
export function linesOf(from: {
  text?: string | undefined;
  sentences?: string[] | undefined;
}): string[] {
  if (from.sentences && from.sentences.length > 0) return from.sentences;
  return (from.text ?? '').split('\n').filter((line) => line.trim() !== '');
}
