// The rule builder: its fields, which of them a basis needs, and the body of the request.
import type { Basis, RuleVersion, ScopeKind } from '../api/finance';
import type { Enrolment, Group } from '../api/partners';
import type { Link } from '../api/types';
import { byId } from '../page/dom';
import { Editor } from '../page/editor';
import { instantOf } from '../page/format';
import { Picker } from '../page/picker';
import { readConditions, showConditions } from './conditions';
import { addTier, rateBody, rateText, readTiers, showTiers } from './tiers';

const editor = new Editor('rule', {
  name: 'text',
  priority: 'number',
  event_kind: 'text',
  level: 'number',
  min_amount: 'amount',
  max_amount: 'amount',
  cap_customer: 'amount',
  cap_partner_period: 'amount',
  budget: 'amount',
  duration_months: 'number',
});

const basisOf = (): Basis => byId<HTMLSelectElement>('rule-basis').value as Basis;
const scopeOf = (): ScopeKind => byId<HTMLSelectElement>('rule-scope').value as ScopeKind;
const hasTiers = (): boolean => byId<HTMLInputElement>('rule-has-tiers').checked;
const valueOf = (id: string): string => byId<HTMLInputElement | HTMLSelectElement>(id).value.trim();
export const chosenProgram = (): string => valueOf('rule-program_id');

let pickers: Record<Exclude<ScopeKind, 'program'>, Picker<never>>;

function preparePickers(): void {
  const query = (): Record<string, string> => ({ program_id: chosenProgram() });
  pickers = {
    group: new Picker<Group>({
      field: 'rule-group',
      path: '/groups',
      query,
      // Groups are few and not searched for by name.
      search: false,
      idOf: (group) => group.id,
      labelOf: (group) => group.name,
    }) as unknown as Picker<never>,
    code: new Picker<Link>({
      field: 'rule-code',
      path: '/links',
      query,
      idOf: (link) => link.id,
      labelOf: (link) => (link.name ? `${link.code} (${link.name})` : link.code),
    }) as unknown as Picker<never>,
    enrolment: new Picker<Enrolment>({
      field: 'rule-enrolment',
      path: '/enrolments',
      query,
      idOf: (enrolment) => enrolment.id,
      labelOf: (enrolment) => enrolment.user_name,
    }) as unknown as Picker<never>,
  };
}

const rateLabels: Record<Basis, [string, string]> = {
  revenue: ['Rate, %', 'Of the revenue, such as 2.5'],
  margin: ['Rate, %', 'Of revenue less cost, never below 0'],
  quantity: ['Amount per unit', 'Such as 0.0125'],
  fixed: ['Amount', 'For each event, such as 25.00'],
  commission: ['Rate, %', 'Of what the partner below earns'],
};

/** Shows the fields that basis, scope and tiers need. */
function showFields(): void {
  const basis = basisOf();
  const [label, note] = rateLabels[basis];
  byId('rule-rate-label').textContent = label;
  byId('rule-rate-note').textContent = note;
  byId('tier-rate-head').textContent = label;
  byId('rule-rate-field').hidden = hasTiers();
  byId('rule-unit').closest<HTMLElement>('.field')!.hidden = basis !== 'quantity';
  byId('rule-tiers').hidden = !hasTiers();
  byId('rule-cap_period').closest<HTMLElement>('.field')!.hidden =
    valueOf('rule-cap_partner_period') === '';
  for (const kind of ['group', 'code', 'enrolment'] as const) {
    byId(`rule-${kind}`).closest<HTMLElement>('.field')!.hidden = scopeOf() !== kind;
  }
}

export function prepareRuleForm(changed: () => void): void {
  preparePickers();
  const form = byId<HTMLFormElement>('rule-form');
  const told = (): void => {
    showFields();
    changed();
  };
  form.addEventListener('input', told);
  form.addEventListener('change', told);
  byId('rule-has-tiers').addEventListener('change', () => {
    if (hasTiers() && byId('tier-rows').children.length === 0) addTier(basisOf(), changed);
  });
  byId('tier-add').addEventListener('click', () => {
    addTier(basisOf(), changed);
    changed();
  });
}

/** Fills the form with a version; nothing: a new rule. */
export function fillRuleForm(
  version: RuleVersion | null,
  trigger: string,
  changed: () => void,
): void {
  const from = version ?? { priority: 0, level: 1, event_kind: trigger };
  editor.fill({ ...from });
  const set = (id: string, value: string): void => {
    byId<HTMLInputElement | HTMLSelectElement>(id).value = value;
  };
  set('rule-scope', version?.scope ?? 'program');
  for (const kind of ['group', 'code', 'enrolment'] as const) {
    const isIt = version?.scope === kind;
    pickers[kind].choose(isIt ? version.scope_id : '', isIt ? version.scope_id : '');
  }
  const basis = version?.basis ?? 'revenue';
  set('rule-basis', basis);
  set('rule-unit', version?.unit ?? 'load');
  set('rule-rate', version ? rateText(version, basis) : '');
  const tiers = version?.tiers ?? [];
  byId<HTMLInputElement>('rule-has-tiers').checked = tiers.length > 0;
  set('rule-tier_mode', version?.tier_mode ?? 'marginal');
  set('rule-tier_timing', version?.tier_timing ?? 'after');
  set('rule-tier_measure', version?.tier_measure ?? 'basis');
  set('rule-tier_period', version?.tier_period ?? 'month');
  set('rule-cap_period', version?.cap_period ?? 'month');
  showTiers(tiers, basis, changed);
  showConditions(byId('rule-conditions'), version?.conditions ?? null, changed);
  // A next version begins later than the one that it follows: now, when nothing is said.
  set('rule-effective_from', '');
  showFields();
}

function tierBody(basis: Basis): Record<string, unknown> {
  if (!hasTiers()) return rateBody(valueOf('rule-rate'), basis);
  return {
    tier_mode: valueOf('rule-tier_mode'),
    tier_timing: valueOf('rule-tier_timing'),
    tier_measure: valueOf('rule-tier_measure'),
    tier_period: valueOf('rule-tier_period'),
    tiers: readTiers(basis),
  };
}

/** The body of a rule, without what is empty. */
export function ruleBody(): Record<string, unknown> {
  const basis = basisOf();
  const scope = scopeOf();
  const conditions = readConditions(byId('rule-conditions'));
  const start = valueOf('rule-effective_from');
  const filled = editor.readFilled();
  return {
    name: '',
    ...filled,
    program_id: chosenProgram(),
    scope,
    ...(scope === 'program' ? {} : { scope_id: pickers[scope].id }),
    basis,
    ...(basis === 'quantity' ? { unit: valueOf('rule-unit') } : {}),
    ...tierBody(basis),
    ...(filled.cap_partner_period === undefined ? {} : { cap_period: valueOf('rule-cap_period') }),
    ...(conditions === null ? {} : { conditions }),
    ...(start === '' ? {} : { effective_from: instantOf(start) }),
  };
}
