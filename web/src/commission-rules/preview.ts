// The rule as a sentence while it is being written, and what it pays for a sample order.
import { ApiError, ask } from '../api/client';
import type { RulePreview } from '../api/finance';
import { stepText } from '../commissions/steps';
import { byId, debounced, element } from '../page/dom';
import { money, typedAmount } from '../page/money';
import { words } from '../page/status';
import { ruleBody } from './form';

const typingPauseMs = 300;
let asking: AbortController | null = null;

const valueOf = (id: string): string => byId<HTMLInputElement | HTMLSelectElement>(id).value.trim();

const texts = ['event_kind', 'unit', 'mode', 'lane', 'customer_country', 'currency'];
const amounts = ['revenue', 'cost', 'quantity', 'commission', 'volume', 'exchange_rate'];

/** The sample order; what is left empty is left to the server. */
function sampleBody(): Record<string, unknown> {
  const sample: Record<string, unknown> = {};
  for (const name of texts) {
    const value = valueOf(`sample-${name}`);
    if (value !== '') sample[name] = value;
  }
  for (const name of amounts) {
    const value = typedAmount(valueOf(`sample-${name}`));
    if (value !== null) sample[name] = value;
  }
  sample.is_returning = byId<HTMLInputElement>('sample-is_returning').checked;
  return sample;
}

function say(text: string, isWrong: boolean): void {
  const place = byId('sentence');
  place.textContent = text;
  place.classList.toggle('rule-sentence-wrong', isWrong);
}

function listOf(lines: string[]): HTMLElement {
  return element('ol', { class: 'steps' }, ...lines.map((line) => element('li', {}, line)));
}

function showResult(preview: RulePreview | null): void {
  const place = byId('sample-result');
  if (!preview || preview.applies === null) {
    place.replaceChildren();
    return;
  }
  const { amount, currency, applies, why_not: whyNot } = preview;
  if (!applies || amount === null || currency === null) {
    const text = whyNot ?? 'Another rule would be for this order.';
    place.replaceChildren(element('p', { class: 'sample-amount' }, 'It pays nothing'), text);
    return;
  }
  const { sentences, steps } = preview;
  const lines =
    sentences.length > 0 ? sentences : (steps ?? []).map((step) => stepText(step, currency));
  place.replaceChildren(
    element(
      'p',
      { class: 'sample-amount' },
      'It pays ',
      element('strong', {}, money(amount, currency)),
    ),
    listOf(lines),
  );
}

/** "rule.min_amount" as people read it. */
const fieldName = (field: string): string =>
  words(field.replace(/^(rule|sample)\./, '')).toLowerCase();

function show(preview: RulePreview): void {
  const [first, ...others] = preview.errors;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const isOfSample = first?.field.startsWith('sample') ?? false;
  if (first && !isOfSample) {
    say(`Not a rule yet: ${fieldName(first.field)} ${first.message}${more}.`, true);
  } else {
    say(preview.sentence ?? '', false);
  }
  showResult(preview);
  if (first && isOfSample) {
    byId('sample-result').replaceChildren(
      element('p', { class: 'field-error' }, `${fieldName(first.field)} ${first.message}`),
    );
  }
}

export async function showPreview(): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  byId('preview').setAttribute('aria-busy', 'true');
  try {
    const body = { rule: ruleBody(), sample: sampleBody() };
    show(await ask<RulePreview>('/commission-rules/preview', body, signal));
  } catch (error) {
    if (error instanceof DOMException) return;
    if (!(error instanceof ApiError)) throw error;
    const [first] = error.fields;
    say(first ? `${fieldName(first.field)} ${first.message}` : error.message, true);
    showResult(null);
  }
  byId('preview').removeAttribute('aria-busy');
}

export const previewSoon = debounced(() => void showPreview(), typingPauseMs);
