// What the partner takes part in, and the rules that apply to them there, as the sentences they mean.
import { get, write } from '../api/client';
import type { RuleVersion } from '../api/finance';
import type { Enrolment } from '../api/partners';
import type { Page, Program } from '../api/types';
import { enrolmentPill } from '../partners/status';
import { allPrograms } from '../page/choices';
import { byId, element } from '../page/dom';
import { date, plural } from '../page/format';
import { showEmpty, showError } from '../page/states';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { rulePill, stateOf } from './words';

const scopes: Record<string, string> = {
  program: 'For everybody in the program',
  group: 'For your group',
  code: 'For one of your codes',
  enrolment: 'For you alone',
};

function ruleItem(rule: RuleVersion): HTMLElement {
  const state = stateOf(rule);
  const level = rule.level > 1 ? ` · level ${rule.level}: by partners you referred` : '';
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'rows-list-main' },
      element('p', { class: 'rule-sentence' }, rule.sentence),
      element(
        'span',
        { class: 'row-detail' },
        `${rule.name} · ${scopes[rule.scope] ?? rule.scope}${level} · from ${date(rule.effective_from)}`,
      ),
    ),
    state !== 'in_force' && rulePill(state),
  );
}

/** Taking part, where the partner does not yet. */
function joinButton(program: Program, enrolment: Enrolment | undefined): HTMLElement | null {
  if (!may('enrolments:own') || program.status !== 'active') return null;
  const isInvited = enrolment?.status === 'invited';
  const canApply = !enrolment || ['rejected', 'left'].includes(enrolment.status);
  if (!isInvited && !canApply) return null;
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-sm btn-primary' },
    isInvited ? 'Accept the invitation' : 'Ask to take part',
  );
  button.addEventListener('click', () =>
    attempt(async () => {
      await write<Enrolment>('POST', '/enrolments', { program_id: program.id });
      toast(isInvited ? 'You take part now.' : 'You asked to take part.');
      await show();
    }),
  );
  return button;
}

function programCard(
  program: Program,
  enrolment: Enrolment | undefined,
  rules: RuleVersion[],
): HTMLElement {
  const days = plural(program.hold_days, 'day', 'days');
  const due = `Payable ${days} after the event “${program.trigger}”`;
  const group = enrolment?.group_name ? ` · group ${enrolment.group_name}` : '';
  return element(
    'section',
    { class: 'card', 'aria-label': program.name },
    element(
      'div',
      { class: 'card-head' },
      element(
        'span',
        { class: 'link-title' },
        element('h2', {}, program.name),
        enrolment && enrolmentPill(enrolment.status),
      ),
      joinButton(program, enrolment),
      element('p', { class: 'page-note card-note' }, `${due}${group}`),
    ),
    rules.length > 0
      ? element('ul', { class: 'rows-list' }, ...rules.map(ruleItem))
      : element(
          'p',
          { class: 'page-note card-main' },
          'No rule of this program applies to you: nothing is earned in it.',
        ),
  );
}

async function show(): Promise<void> {
  const place = byId('rules');
  try {
    const [rules, enrolments, programs] = await Promise.all([
      get<Page<RuleVersion>>('/commission-rules', { limit: 200, is_retired: 'false' }),
      get<Page<Enrolment>>('/enrolments', { limit: 200 }),
      allPrograms(),
    ]);
    place.removeAttribute('aria-busy');
    byId('state').hidden = true;
    const of = <Row extends { program_id: string }>(rows: Row[], program: Program): Row[] =>
      rows.filter((row) => row.program_id === program.id);
    place.replaceChildren(
      ...programs.map((program) =>
        programCard(program, of(enrolments.data, program)[0], of(rules.data, program)),
      ),
    );
    if (programs.length > 0) return;
    showEmpty(byId('state'), {
      symbol: 'scales',
      title: 'There is no program yet',
      text: 'Until there is one, nothing is earned.',
    });
  } catch (error) {
    place.removeAttribute('aria-busy');
    place.replaceChildren();
    showError(byId('state'), error, () => void show());
  }
}

await startPage(show);
