// Before and after, member by member, as a table a person can read.
import type { Json } from '../api/operations';
import { element } from '../page/dom';

export interface Change {
  name: string;
  before: string | null;
  after: string | null;
}

const isObject = (value: Json): value is { [name: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function text(value: Json): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(text).join(', ');
  return JSON.stringify(value);
}

/** `{utm: {source: 1}}` as `utm.source`; lists and plain values stay whole. */
function flat(value: Json, name = ''): Map<string, string> {
  const found = new Map<string, string>();
  if (!isObject(value)) {
    if (value !== null || name !== '') found.set(name || 'value', text(value));
    return found;
  }
  for (const [member, inner] of Object.entries(value)) {
    const path = name === '' ? member : `${name}.${member}`;
    for (const [key, shown] of flat(inner, path)) found.set(key, shown);
  }
  return found;
}

/** What differs; of something made or deleted, all of it. */
export function changesOf(before: Json, after: Json): Change[] {
  const [old, now] = [flat(before), flat(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** What is shown in a list's row: "role, status". */
export function changedNames(changes: Change[]): string {
  const names = changes.map(({ name }) => name);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, …`;
}

function value(shown: string | null, classes: string): HTMLElement {
  return element('td', { class: classes }, shown === null ? '–' : element('span', {}, shown));
}

export function changesTable(changes: Change[]): HTMLElement {
  const head = ['', 'Before', 'After'].map((name) => element('th', { scope: 'col' }, name));
  return element(
    'table',
    { class: 'changes' },
    element('caption', { class: 'visually-hidden' }, 'What changed'),
    element('thead', {}, element('tr', {}, ...head)),
    element(
      'tbody',
      {},
      ...changes.map((change) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, change.name),
          value(change.before, 'change-before'),
          value(change.after, 'change-after'),
        ),
      ),
    ),
  );
}
