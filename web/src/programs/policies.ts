// What a program said about attribution, and since when: conversions are judged by the version in force
// when they occurred.
import { get } from '../api/client';
import type { Page, Program } from '../api/types';
import { byId, element } from '../page/dom';
import { dateTime, plural } from '../page/format';
import { words } from '../page/status';

interface Policy {
  version: number;
  model: string;
  click_window_days: number;
  half_life_days: number;
  acquisition: boolean;
  lock_days: number | null;
  effective_from: string;
}

function sentence(policy: Policy): string {
  const parts = [
    `${words(policy.model)} touch`,
    `window ${plural(policy.click_window_days, 'day', 'days')}`,
    policy.model === 'decay' ? `half-life ${plural(policy.half_life_days, 'day', 'days')}` : '',
    policy.acquisition ? 'new customers only' : '',
    policy.lock_days === null ? 'no lock' : `locks for ${plural(policy.lock_days, 'day', 'days')}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export async function showPolicies(program: Program): Promise<void> {
  const path = `/programs/${encodeURIComponent(program.id)}/policies`;
  const { data } = await get<Page<Policy>>(path);
  byId('program-policies').replaceChildren(
    ...data.map((policy) =>
      element(
        'li',
        {},
        element('strong', {}, `Version ${policy.version}`),
        element('span', { class: 'rows-list-main' }, sentence(policy)),
        element('span', { class: 'page-note' }, `from ${dateTime(policy.effective_from)}`),
      ),
    ),
  );
}
