// The tiers of a rule: from how much on which rate counts.
import type { Basis, TierBody } from '../api/finance';
import { byId, element, findAll, icon } from '../page/dom';
import { percentOf, ppmOf, typedAmount } from '../page/money';

const stepsMax = 10;

export type RateField = 'rate_ppm' | 'unit_amount' | 'flat_amount';

/** In which field a rate of this basis stands. */
export function rateField(basis: Basis): RateField {
  if (basis === 'quantity') return 'unit_amount';
  return basis === 'fixed' ? 'flat_amount' : 'rate_ppm';
}

/** How a rate is shown in a field: "10" for percent, else the amount. */
export function rateText(
  from: Partial<Record<RateField, number | string | null>>,
  basis: Basis,
): string {
  const value = from[rateField(basis)];
  if (value === null || value === undefined) return '';
  return rateField(basis) === 'rate_ppm'
    ? percentOf(Number(value)).replace(' %', '')
    : String(value);
}

/** What was typed as the member of a body; a text that is no rate is left to the server to refuse. */
export function rateBody(typed: string, basis: Basis): Partial<TierBody> {
  const field = rateField(basis);
  if (field === 'rate_ppm') {
    const ppm = ppmOf(typed);
    return ppm === null ? {} : { rate_ppm: ppm };
  }
  const amount = typedAmount(typed);
  return amount === null ? {} : { [field]: amount };
}

function field(label: string, name: string, value: string): HTMLElement {
  const input = element('input', {
    class: 'form-control form-control-sm',
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    maxlength: 24,
    'aria-label': label,
    'data-tier': name,
  });
  input.value = value;
  return element('td', {}, input);
}

function tierRow(tier: TierBody | null, basis: Basis, changed: () => void): HTMLElement {
  const remove = element(
    'button',
    { type: 'button', class: 'btn btn-bare', 'aria-label': 'Remove this tier' },
    icon('close'),
  );
  const row = element(
    'tr',
    { 'data-step': '' },
    field('From', 'from', tier?.from ?? ''),
    field('Rate', 'rate', tier ? rateText(tier, basis) : ''),
    element('td', {}, remove),
  );
  remove.addEventListener('click', () => {
    row.remove();
    changed();
  });
  return row;
}

export function showTiers(tiers: TierBody[], basis: Basis, changed: () => void): void {
  byId('tier-rows').replaceChildren(...tiers.map((tier) => tierRow(tier, basis, changed)));
}

export function addTier(basis: Basis, changed: () => void): void {
  const list = byId('tier-rows');
  if (list.children.length >= stepsMax) return;
  const first: TierBody | null = list.children.length === 0 ? { from: '0' } : null;
  list.append(tierRow(first, basis, changed));
}

export function readTiers(basis: Basis): TierBody[] {
  return findAll('[data-step]', byId('tier-rows')).map((row) => {
    const typed = (name: string): string =>
      row.querySelector<HTMLInputElement>(`[data-tier="${name}"]`)?.value.trim() ?? '';
    return { from: typedAmount(typed('from')) ?? '', ...rateBody(typed('rate'), basis) };
  });
}
