// One rule: the builder, its sentence, a sample order, what-if, and its versions.
import { write } from '../api/client';
import type { RuleDetail, RuleVersion } from '../api/finance';
import { allPrograms, fillPrograms } from '../page/choices';
import { confirmed } from '../page/dialog';
import { byId } from '../page/dom';
import { showFailure, watchForm } from '../page/form';
import { RecordPage, askedId, showName } from '../page/record';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { chosenProgram, fillRuleForm, prepareRuleForm, ruleBody } from './form';
import { previewSoon, showPreview } from './preview';
import { showVersions } from './versions';
import { prepareWhatIf } from './what-if';
import { rulePill, stateOf } from './words';

const form = byId<HTMLFormElement>('rule-form');
const isNew = askedId() === '';

const page = new RecordPage<RuleDetail>({
  path: '/commission-rules',
  show,
  missing: {
    title: 'There is no such rule',
    back: { label: 'All rules', href: '/admin/rules' },
  },
});

function take(version: RuleVersion): void {
  fillRuleForm(version, version.event_kind, previewSoon);
  previewSoon();
}

function show(rule: RuleDetail): void {
  const { versions } = rule;
  showName(rule.name);
  byId('rule-heading').textContent = rule.name;
  const at = versions.findIndex((each) => each.version === rule.version);
  byId('rule-status').replaceChildren(rulePill(stateOf(rule, versions.slice(0, Math.max(0, at)))));
  byId('versions-card').hidden = false;
  byId('rule-end').hidden = !may('commission-rules:write') || (versions[0]?.is_retired ?? false);
  showVersions(versions, take);
}

/** Everything but what a version may change is settled with the first one. */
function showMode(): void {
  byId('rule-submit').textContent = isNew ? 'Publish the rule' : 'Publish as a new version';
  byId<HTMLSelectElement>('rule-program_id').disabled = !isNew;
  byId('rule-note').textContent = isNew
    ? 'Conversions that occur from the start on are paid by it.'
    : 'The versions before stay as they are: what was computed with them does not change.';
  const readOnly = !may('commission-rules:write');
  byId<HTMLFieldSetElement>('rule-fields').disabled = readOnly;
  byId('rule-foot').hidden = readOnly;
}

async function publish(): Promise<void> {
  const made = isNew
    ? await write<RuleDetail>('POST', '/commission-rules', ruleBody())
    : await write<RuleDetail>('POST', `${page.path}/versions`, ruleBody());
  if (isNew) {
    location.assign(`/admin/rule?id=${encodeURIComponent(made.id)}`);
    return;
  }
  toast('The new version is published.');
  await page.load();
  if (page.row) take(page.row.versions[0] ?? page.row);
}

async function end(): Promise<void> {
  const sure = await confirmed({
    title: 'End this rule?',
    text: 'Conversions that occur from now on are no longer paid by it. What it has paid stays.',
    confirm: 'End the rule',
    danger: true,
  });
  if (!sure) return;
  await write<RuleDetail>('POST', `${page.path}/retire`);
  toast('The rule has ended.');
  await page.load();
}

/** A new rule begins with what the program says. */
async function startNew(): Promise<void> {
  const select = byId<HTMLSelectElement>('rule-program_id');
  const programs = await fillPrograms(select);
  const asked = new URLSearchParams(location.search).get('program_id');
  if (asked && programs.some((program) => program.id === asked)) select.value = asked;
  const trigger = (): string =>
    programs.find((program) => program.id === chosenProgram())?.trigger ?? 'delivered';
  fillRuleForm(null, trigger(), previewSoon);
  byId('rule-heading').textContent = 'New rule';
  byId('crumb').textContent = 'New rule';
}

async function startKnown(): Promise<boolean> {
  const select = byId<HTMLSelectElement>('rule-program_id');
  await fillPrograms(select);
  if (!(await page.load()) || !page.row) return false;
  select.value = page.row.program_id;
  take(page.row.versions.find((each) => !each.is_retired) ?? page.row);
  return true;
}

await startPage(async () => {
  prepareRuleForm(previewSoon);
  byId('sample-form').addEventListener('submit', (event) => event.preventDefault());
  byId('sample-form').addEventListener('input', previewSoon);
  byId('sample-form').addEventListener('change', previewSoon);
  byId('rule-end').addEventListener('click', () => attempt(end));
  watchForm(form, publish, (error) => showFailure(form, error));
  prepareWhatIf(() => (isNew ? null : askedId()));
  showMode();
  await allPrograms();
  if (isNew) await startNew();
  else if (!(await startKnown())) return;
  byId('what-if-card').hidden = !may('commission-rules:write');
  await showPreview();
});
