// What the draft would have paid for past conversions, partner by partner. Nothing is posted.
import { ApiError, get, write } from '../api/client';
import type { WhatIf, WhatIfPartner } from '../api/finance';
import { addDays, rangeInstants } from '../analytics/range';
import { cell, row } from '../page/cells';
import { byId, element } from '../page/dom';
import { showFailure, watchForm } from '../page/form';
import { count, dayOf, plural } from '../page/format';
import { isNegative, money, moneyChange } from '../page/money';
import { partnerName } from '../page/names';
import { showEmpty } from '../page/states';
import { ruleBody } from './form';

const everyMs = 1_000;
const path = '/commission-rules/what-if';

function showProgress(job: WhatIf | null): void {
  const bar = byId<HTMLProgressElement>('what-if-progress');
  const isRunning = job?.status === 'waiting' || job?.status === 'running';
  byId('what-if-running').hidden = !isRunning;
  if (!job || !isRunning) return;
  if (job.progress_total > 0) {
    bar.max = job.progress_total;
    bar.value = job.progress_done;
  } else {
    bar.removeAttribute('value');
  }
  byId('what-if-text').textContent =
    job.progress_total > 0
      ? `${count(job.progress_done)} of ${plural(job.progress_total, 'conversion', 'conversions')}`
      : 'Waiting for a worker…';
}

function partnerRow(partner: WhatIfPartner, currency: string): HTMLElement {
  const amount = (label: string, text: string, commissions: number): HTMLElement =>
    cell(
      label,
      'num',
      money(text, currency),
      element('span', { class: 'row-detail' }, plural(commissions, 'commission', 'commissions')),
    );
  return row(
    partner.user_id,
    cell('Partner', 'cell-main', partnerName(partner.user_id, partner.user_name)),
    amount('Until now', partner.amount_now, partner.commissions_now),
    amount('With this rule', partner.amount_then, partner.commissions_then),
    cell(
      'Difference',
      isNegative(partner.difference) ? 'num num-bad' : 'num',
      moneyChange(partner.difference, currency),
    ),
  );
}

function showTotal(result: NonNullable<WhatIf['result']>, currency: string): void {
  const refused =
    result.refused > 0
      ? ` ${plural(result.refused, 'conversion', 'conversions')} could not be computed: no exchange rate.`
      : '';
  byId('what-if-total').replaceChildren(
    `${plural(result.conversions, 'conversion', 'conversions')}: `,
    `${money(result.amount_now, currency)} → `,
    element('strong', {}, money(result.amount_then, currency)),
    ` (${moneyChange(result.difference, currency)}).${refused}`,
  );
}

function showResult({ result, rule: { currency } }: WhatIf): void {
  const state = byId('what-if-state');
  const partners = result?.by_partner ?? [];
  state.hidden = true;
  byId('what-if').hidden = partners.length === 0;
  byId('what-if-rows').removeAttribute('aria-busy');
  byId('what-if-rows').replaceChildren(...partners.map((each) => partnerRow(each, currency)));
  if (result) showTotal(result, currency);
  if (partners.length > 0) return;
  showEmpty(state, {
    symbol: 'check',
    title: 'Nothing would have changed',
    text: 'No conversion of these days would have earned another amount.',
  });
}

async function follow(started: WhatIf): Promise<void> {
  let job = started;
  while (job.status === 'waiting' || job.status === 'running') {
    showProgress(job);
    await new Promise((done) => setTimeout(done, everyMs));
    job = await get<WhatIf>(`${path}/${encodeURIComponent(job.id)}`);
  }
  showProgress(job);
  if (job.status === 'failed') throw new ApiError(500, job.error ?? 'It could not be computed.');
  showResult(job);
}

/** `replaces` names the rule that the draft would be the next version of. */
export function prepareWhatIf(replaces: () => string | null): void {
  const form = byId<HTMLFormElement>('what-if-form');
  const from = byId<HTMLInputElement>('what-if-from');
  const to = byId<HTMLInputElement>('what-if-to');
  const today = dayOf(new Date());
  from.value = addDays(today, -89);
  to.value = today;
  watchForm(
    form,
    async () => {
      byId('what-if').hidden = true;
      byId('what-if-state').hidden = true;
      byId('what-if-total').replaceChildren();
      const days = rangeInstants(from.value, to.value);
      const rule = replaces();
      // It is tried as if it had been in force from the first of these days on.
      const { effective_from: _, ...draft } = ruleBody();
      const job = await write<WhatIf>('POST', path, {
        rule: draft,
        ...(rule ? { replaces: rule } : {}),
        from: days.from,
        to: days.to,
      });
      await follow(job);
    },
    (error) => {
      showProgress(null);
      showFailure(form, error);
    },
  );
}
