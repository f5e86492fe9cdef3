// Why a commission is what it is: in one click wherever one is shown. The dialog's markup is
// partials/explanation-dialog.html.
import { ApiError, get } from '../api/client';
import type { Commission, CommissionChange, Explanation } from '../api/finance';
import { openDialog } from '../page/dialog';
import { byId, element, icon } from '../page/dom';
import { dateTime } from '../page/format';
import { factRows } from '../page/facts';
import { isZero, money, moneyChange } from '../page/money';
import { partnerName } from '../page/names';
import { words } from '../page/status';
import { isPartner, may } from '../shell/session';
import { commissionPill, payable, reasonText } from './status';
import { linesOf, stepText } from './steps';

let asked = '';

function list(title: string, lines: string[], classes: string): HTMLElement[] {
  if (lines.length === 0) return [];
  return [
    element('h3', {}, title),
    element('ol', { class: classes }, ...lines.map((line) => element('li', {}, line))),
  ];
}

function head(commission: Commission): HTMLElement {
  const { currency } = commission;
  const amount = element('strong', {}, money(commission.amount, currency));
  const isByPeople = !isZero(commission.manual_amount);
  return element(
    'dl',
    { class: 'facts facts-rows' },
    ...factRows([
      ['Amount', amount],
      ['By the rule', isByPeople && money(commission.computed_amount, currency)],
      ['By people', isByPeople && moneyChange(commission.manual_amount, currency)],
      ['Less because', reasonText(commission.reason)],
      ['Status', commissionPill(commission.status)],
      ['Payable', payable(commission)],
      ['Partner', !isPartner() && partnerName(commission.user_id, commission.user_name)],
      ['Level', commission.level > 1 && `${commission.level}, by ${commission.credited_user_name}`],
      ['Rule', `${commission.rule_name}, version ${commission.rule_version}`],
      ['Event', `${words(commission.event_kind)} ${commission.external_id}`],
      ['Occurred', dateTime(commission.occurred_at)],
      ['Id', commission.id],
    ]),
  );
}

function changeText(change: CommissionChange, currency: string): string {
  const by = change.user_name ? ` by ${change.user_name}` : '';
  const amount =
    change.amount === change.amount_before
      ? ''
      : `: ${money(change.amount_before, currency)} → ${money(change.amount, currency)}`;
  const reason = change.reason ? ` – ${change.reason}` : '';
  return `${dateTime(change.changed_at)}: ${words(change.action)}${by}${amount}${reason}`;
}

function body({ commission, ...explanation }: Explanation): HTMLElement[] {
  const { currency } = commission;
  const { sentences, steps, attribution } = explanation;
  const calculation =
    sentences.length > 0 ? sentences : steps.map((step) => stepText(step, currency));
  const history = explanation.changes.map((change) => changeText(change, currency));
  return [
    head(commission),
    element('blockquote', { class: 'rule-sentence' }, explanation.rule.sentence),
    ...list('How it was computed', calculation, 'steps'),
    ...list('Why this partner', linesOf({ text: attribution?.text }), 'steps'),
    ...list(
      'Rules that were looked at',
      explanation.considered.map((each) => each.sentence),
      'steps',
    ),
    ...list('What happened to it', history, 'steps'),
  ];
}

function showLinks(commission: Commission): void {
  const sale = byId<HTMLAnchorElement>('explanation-sale');
  sale.hidden = isPartner() || !may('conversions:read');
  sale.href = `/admin/conversion?id=${encodeURIComponent(commission.conversion_id)}`;
  const entries = byId<HTMLAnchorElement>('explanation-entries');
  entries.hidden = isPartner() || !may('ledger:read');
  entries.href = `/finance/entries?commission_id=${encodeURIComponent(commission.id)}`;
}

export async function openExplanation(id: string): Promise<void> {
  asked = id;
  const place = byId('explanation-body');
  byId('explanation-title').textContent = 'Why this amount';
  byId('explanation-sale').hidden = true;
  byId('explanation-entries').hidden = true;
  place.replaceChildren(element('p', { class: 'page-note', role: 'status' }, 'Loading…'));
  openDialog('explanation-dialog');
  try {
    const path = `/commissions/${encodeURIComponent(id)}/explanation`;
    const explanation = await get<Explanation>(path);
    const { commission } = explanation;
    if (asked !== id) return;
    byId('explanation-title').textContent = `Why ${money(commission.amount, commission.currency)}`;
    place.replaceChildren(...body(explanation));
    showLinks(commission);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const request = error.requestId ? ` (request ${error.requestId})` : '';
    place.replaceChildren(
      element('p', { class: 'form-alert', role: 'alert' }, `${error.message}${request}`),
    );
  }
}

/** The amount as a button that explains itself. */
export function amountButton(commission: {
  id: string;
  amount: string;
  currency: string;
}): HTMLElement {
  const shown = money(commission.amount, commission.currency);
  const button = element(
    'button',
    {
      type: 'button',
      class: 'btn-amount',
      'aria-label': `${shown}, why?`,
      title: 'Why this amount?',
    },
    shown,
    icon('question'),
  );
  button.addEventListener('click', () => void openExplanation(commission.id));
  return button;
}
