// What a partner earned, by status and currency.
import { get } from '../api/client';
import type { CommissionSum } from '../api/finance';
import type { Page } from '../api/types';
import { element } from '../page/dom';
import { plural } from '../page/format';
import { money } from '../page/money';

/** In the order in which money travels. */
const stages: [string, string, string][] = [
  ['pending', 'Pending', 'Waits for its hold to end'],
  ['held', 'Held', 'Somebody looks at it'],
  ['approved', 'Payable', 'Comes with the next payout'],
  ['in_payout', 'On its way', 'In a payout'],
  ['paid', 'Paid', 'Until now'],
];

export async function readTotals(): Promise<CommissionSum[]> {
  return (await get<Page<CommissionSum>>('/commissions/sums')).data;
}

/** One box a status, each leading to its lines. */
export function totalBoxes(sums: CommissionSum[]): HTMLElement[] {
  return stages.map(([status, label, meaning]) => {
    const of = sums.filter((each) => each.status === status);
    const lines = of.reduce((total, each) => total + each.commissions, 0);
    const amounts = of.map((each) => money(each.amount, each.currency)).join(' · ');
    return element(
      'a',
      { class: 'stage', href: `/dashboard/earnings?status=${status}` },
      element('span', { class: 'kpi-label' }, label),
      element('strong', { class: 'kpi-value' }, amounts || '–'),
      element('span', { class: 'kpi-change' }, lines ? plural(lines, 'line', 'lines') : meaning),
    );
  });
}
