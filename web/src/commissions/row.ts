// One row of a list of commissions, for staff and for partners.
import type { Commission } from '../api/finance';
import { cell, day, row } from '../page/cells';
import { element } from '../page/dom';
import { rowMenu } from '../page/menu';
import { partnerName } from '../page/names';
import { words } from '../page/status';
import { isPartner, may } from '../shell/session';
import { commissionActions } from './actions';
import { amountButton } from './explanation';
import { commissionPill, payable } from './status';

function rule(commission: Commission): Node {
  const name = `${commission.rule_name}, version ${commission.rule_version}`;
  if (!may('commission-rules:read') || isPartner()) return element('span', {}, name);
  const href = `/admin/rule?id=${encodeURIComponent(commission.rule_id)}`;
  return element('a', { href }, name);
}

/** "Delivered L-4711": what it is earned by. */
function sale(commission: Commission): Node {
  const name = `${words(commission.event_kind)} ${commission.external_id}`;
  if (isPartner()) return element('span', { class: 'row-detail' }, name);
  const href = `/admin/conversion?id=${encodeURIComponent(commission.conversion_id)}`;
  return element('a', { class: 'row-detail row-link', href }, name);
}

function level(commission: Commission): string {
  if (commission.level === 1) return '';
  return `Level ${commission.level}, by ${commission.credited_user_name}`;
}

export function commissionRow(commission: Commission, changed: () => void): HTMLElement {
  const who = isPartner()
    ? rule(commission)
    : partnerName(commission.user_id, commission.user_name);
  const menu = commissionActions(commission, changed);
  return row(
    commission.id,
    cell('Commission', 'cell-main', element('span', { class: 'row-title' }, who), sale(commission)),
    cell('Status', 'cell-status', commissionPill(commission.status)),
    cell('Amount', 'num', amountButton(commission)),
    cell('Payable', 'cell-text cell-payable', payable(commission)),
    cell(
      'Rule',
      'cell-text cell-wide',
      isPartner() ? commission.program_name : rule(commission),
      element('span', { class: 'row-detail' }, level(commission)),
    ),
    cell('Occurred', 'cell-time cell-wide', day(commission.occurred_at)),
    cell('Actions', 'cell-actions', rowMenu(`Actions for ${commission.id}`, menu)),
  );
}

export const commissionColumns = 7;
