// All commission rules, each as the sentence it means, in its version in force.
import type { RuleVersion } from '../api/finance';
import { cell, day, row } from '../page/cells';
import { allPrograms, fillPrograms } from '../page/choices';
import { byId, element } from '../page/dom';
import { List } from '../page/list';
import { words } from '../page/status';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { rulePill, scopeName, stateOf } from './words';

const filterNames = ['program_id', 'scope', 'event_kind', 'is_retired'] as const;
type FilterName = (typeof filterNames)[number];

let programNames = new Map<string, string>();

const ruleAddress = (id: string): string => `/admin/rule?id=${encodeURIComponent(id)}`;

function chip(name: FilterName, value: string): string {
  if (name === 'program_id') return programNames.get(value) ?? 'One program';
  if (name === 'scope') return scopeName(value);
  if (name === 'is_retired') return value === 'true' ? 'Ended' : 'Not ended';
  return words(value);
}

function ruleRow(rule: RuleVersion): HTMLElement {
  return row(
    rule.id,
    cell(
      'Rule',
      'cell-main cell-sentence',
      element('a', { class: 'row-title', href: ruleAddress(rule.id) }, rule.name),
      element('span', { class: 'row-detail' }, rule.sentence),
    ),
    cell('Status', 'cell-status', rulePill(stateOf(rule))),
    cell(
      'For',
      'cell-text',
      scopeName(rule.scope),
      rule.level > 1 && element('span', { class: 'row-detail' }, `Level ${rule.level}`),
    ),
    cell('Program', 'cell-text', programNames.get(rule.program_id) ?? '–'),
    cell('Version', 'num', String(rule.version)),
    cell('From', 'cell-time', day(rule.effective_from)),
  );
}

await startPage(async () => {
  const newRule = (): void => {
    const program = new URLSearchParams(location.search).get('program_id');
    const query = program ? `?program_id=${encodeURIComponent(program)}` : '';
    location.assign(`/admin/rule${query}`);
  };
  const list: List<RuleVersion, FilterName> = new List<RuleVersion, FilterName>({
    path: '/commission-rules',
    columns: 6,
    filterNames,
    row: ruleRow,
    chip,
    nothingFound: 'No rule fits these filters',
    empty: {
      symbol: 'scales',
      title: 'No rules yet',
      text: 'Without a rule nothing is earned, whoever a conversion is credited to.',
      action: may('commission-rules:write')
        ? { label: 'Make the first rule', run: newRule }
        : undefined,
    },
  });
  byId('rule-new').addEventListener('click', newRule);
  attempt(async () => {
    const programs = await allPrograms();
    programNames = new Map(programs.map((program) => [program.id, program.name]));
    await fillPrograms(byId<HTMLSelectElement>('filter-program_id'));
    byId<HTMLSelectElement>('filter-program_id').value = list.filters.read().program_id;
    await list.load();
  });
  await list.start();
});
