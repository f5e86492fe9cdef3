// Whose a conversion is and why: touches in the order of time, the source that decided, every other
// claim with what became of it.
import type { AttributionStep, Decision, Journey } from '../api/sales';
import { element, icon } from '../page/dom';
import { factRows } from '../page/facts';
import { dateTime, plural } from '../page/format';
import { percentOf } from '../page/money';
import { partnerName } from '../page/names';
import { words } from '../page/status';
import { causeName, reasonText, sourceName } from './words';

const symbols: Record<string, string> = {
  override: 'edit',
  lead: 'flag',
  lock: 'lock',
  code: 'key',
  token: 'shield',
  click_id: 'click',
  clicks: 'click',
  match: 'search',
};

/** `names` of partners, as far as they are known. */
export function stepItem(
  step: AttributionStep,
  names: ReadonlyMap<string, string> = new Map(),
): HTMLElement {
  const won = step.reason === 'credited';
  const share = won && step.weight_ppm !== null ? ` with ${percentOf(step.weight_ppm)}` : '';
  const until = step.until ? `, until ${dateTime(step.until)}` : '';
  return element(
    'li',
    { class: won ? 'touch touch-won' : 'touch' },
    element(
      'span',
      { class: 'touch-mark', 'aria-hidden': 'true' },
      icon(symbols[step.source] ?? 'click'),
    ),
    element(
      'div',
      { class: 'touch-text' },
      element(
        'p',
        { class: 'touch-title' },
        element('strong', {}, sourceName(step.source)),
        ' · ',
        partnerName(step.user_id, names.get(step.user_id)),
      ),
      element('p', { class: 'touch-reason' }, `${reasonText(step)}${share}`),
      element(
        'p',
        { class: 'row-detail' },
        `${dateTime(step.made_at)}${until}${step.note ? ` · ${step.note}` : ''}`,
      ),
    ),
  );
}

function policyFacts(journey: Journey): HTMLElement {
  const { policy, source, occurred_at } = journey.trace;
  return element(
    'dl',
    { class: 'facts facts-wide' },
    ...factRows([
      ['Decided by', sourceName(journey.cause === 'override' ? 'override' : source)],
      ['Occurred', dateTime(occurred_at)],
      ['Model', words(policy.model)],
      ['Window', plural(policy.window_days, 'day', 'days')],
      ['Half-life', policy.model === 'decay' && plural(policy.half_life_days, 'day', 'days')],
      ['New customers only', policy.acquisition && 'Yes'],
      ['Version of the program', String(policy.version)],
      ['Locks the customer until', journey.locks_until && dateTime(journey.locks_until)],
      ['Its click', journey.awaits_click && 'Not stored yet; it is decided again once it is'],
    ]),
  );
}

function history(decisions: Decision[]): HTMLElement {
  return element(
    'details',
    { class: 'group' },
    element('summary', {}, `Decided ${plural(decisions.length, 'time', 'times')} before`),
    element(
      'ul',
      { class: 'steps' },
      ...decisions.map((each) =>
        element(
          'li',
          {},
          `${dateTime(each.decided_at)}: ${sourceName(each.source)} – ${causeName(each.cause)}`,
        ),
      ),
    ),
  );
}

/** The touches in the order of time, then the words of the decision. */
export function journeyContent(journey: Journey): HTMLElement[] {
  const steps = [...journey.trace.steps].sort(
    (a, b) => Date.parse(a.made_at) - Date.parse(b.made_at),
  );
  const names = new Map(journey.credits.map((credit) => [credit.user_id, credit.user_name]));
  const lines = journey.sentences.map((line) =>
    line.replace(/usr_\w+/g, (id) => names.get(id) ?? id),
  );
  const outcome = lines.at(-1);
  const earlier = journey.history.slice(1);
  return [
    policyFacts(journey),
    ...(outcome ? [element('p', { class: 'journey-outcome' }, outcome)] : []),
    steps.length > 0
      ? element('ol', { class: 'touches' }, ...steps.map((step) => stepItem(step, names)))
      : element(
          'p',
          { class: 'page-note' },
          'No partner has any claim: no click, code, lead or lock is known for this customer.',
        ),
    ...(lines.length > 0
      ? [
          element(
            'details',
            { class: 'group' },
            element('summary', {}, 'The decision in words'),
            element('ul', { class: 'steps' }, ...lines.map((line) => element('li', {}, line))),
          ),
        ]
      : []),
    ...(earlier.length > 0 ? [history(earlier)] : []),
  ];
}
