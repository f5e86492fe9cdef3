// The words of rules.
import type { RuleVersion } from '../api/finance';
import { dateTime } from '../page/format';
import { good, pillOf, quiet, warn, type Shown } from '../page/status';

const scopes: Record<string, string> = {
  program: 'Everybody in the program',
  group: 'A group',
  code: 'One code',
  enrolment: 'One partner',
};

export const scopeName = (scope: string): string => scopes[scope] ?? scope;

const shown: Shown = {
  in_force: { label: 'In force', pill: good },
  planned: { label: 'Planned', pill: warn },
  retired: { label: 'Ended', pill: quiet },
  before: { label: 'Before', pill: quiet },
};

export const rulePill = (state: string): HTMLElement => pillOf(shown, state);

/** Of a list of versions, the newest first. */
export function stateOf(version: RuleVersion, newer: RuleVersion[] = []): string {
  const now = Date.now();
  if (Date.parse(version.effective_from) > now) return 'planned';
  if (newer.some((each) => Date.parse(each.effective_from) <= now)) return 'before';
  return version.is_retired ? 'retired' : 'in_force';
}

export const since = (version: RuleVersion): string => `from ${dateTime(version.effective_from)}`;
