// The conditions of a rule as a tree that people build: groups of tests, of which all, any or none
// must hold. In JSON: {"and": [...]}, {"or": [...]}, {"not": …} and tests such as
// {"field": "mode", "is": ["ftl"]}.
import type { Json } from '../api/operations';
import { element, icon } from '../page/dom';

type Joint = 'all' | 'any' | 'none';
type JsonObject = { [name: string]: Json };

const fields: Record<string, string> = {
  mode: 'Mode',
  lane: 'Lane',
  amount: 'Revenue',
  customer_country: 'Customer’s country',
  customer: 'Customer',
  event_kind: 'Kind of event',
  metadata: 'Metadata',
};

/** What can be chosen where it is a word of the trade; else it is typed. */
const hints: Record<string, string> = {
  mode: 'ftl, ltl, intermodal, parcel, air, ocean or warehouse',
  lane: 'such as CHI-DAL, with commas between',
  customer_country: 'such as US, CA',
  customer: 'new or returning',
  event_kind: 'such as delivered, paid',
  metadata: 'with commas between',
};

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

let made = 0;

function select(label: string, options: [string, string][], chosen: string): HTMLSelectElement {
  const control = element('select', { class: 'form-select form-select-sm', 'aria-label': label });
  control.append(...options.map(([value, text]) => new Option(text, value)));
  control.value = chosen;
  return control;
}

function input(label: string, value: string, hint: string, name: string): HTMLInputElement {
  const control = element('input', {
    class: 'form-control form-control-sm',
    type: 'text',
    'aria-label': label,
    placeholder: hint,
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 500,
    'data-condition': name,
  });
  control.value = value;
  return control;
}

function removeButton(label: string, row: () => HTMLElement, changed: () => void): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-bare', 'aria-label': label },
    icon('close'),
  );
  button.addEventListener('click', () => {
    row().remove();
    changed();
  });
  return button;
}

const listText = (value: Json | undefined): string =>
  Array.isArray(value) ? value.map(String).join(', ') : String(value ?? '');

function testRow(test: JsonObject, changed: () => void): HTMLElement {
  const field = typeof test.field === 'string' ? test.field : 'mode';
  const choice = select('What is tested', Object.entries(fields), field);
  choice.dataset.condition = 'field';
  const values = element('span', { class: 'condition-values' });
  const show = (): void => {
    const kind = choice.value;
    if (kind === 'amount') {
      values.replaceChildren(
        input('At least', String(test.at_least ?? ''), 'at least, such as 100.00', 'at_least'),
        input('Below', String(test.below ?? ''), 'below', 'below'),
      );
      return;
    }
    values.replaceChildren(
      ...(kind === 'metadata' ? [input('Key', String(test.key ?? ''), 'key', 'key')] : []),
      input('Is', listText(test.is), hints[kind] ?? '', 'is'),
    );
  };
  show();
  choice.addEventListener('change', show);
  const row: HTMLElement = element(
    'div',
    { class: 'condition-test', 'data-test': '' },
    choice,
    element('span', { class: 'condition-is' }, 'is'),
    values,
    removeButton('Remove this condition', () => row, changed),
  );
  return row;
}

function addButton(label: string, add: () => void, changed: () => void): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-sm btn-quiet' },
    icon('plus'),
    label,
  );
  button.addEventListener('click', () => {
    add();
    changed();
  });
  return button;
}

function group(joint: Joint, parts: Json[], changed: () => void, isRoot = false): HTMLElement {
  made += 1;
  const choice = select(
    'How many must hold',
    [
      ['all', 'All of these'],
      ['any', 'Any of these'],
      ['none', 'None of these'],
    ],
    joint,
  );
  choice.dataset.joint = '';
  const list = element('div', { class: 'condition-parts', 'data-parts': '' });
  const add = (part: Json): void => list.append(node(part, changed));
  for (const part of parts) add(part);
  const box: HTMLElement = element(
    'div',
    {
      class: 'condition-group',
      'data-group': '',
      role: 'group',
      'aria-label': `Conditions ${made}`,
    },
    element(
      'div',
      { class: 'condition-head' },
      choice,
      !isRoot && removeButton('Remove these conditions', () => box, changed),
    ),
    list,
    element(
      'div',
      { class: 'condition-foot' },
      addButton('Condition', () => add({ field: 'mode' }), changed),
      addButton('Group', () => list.append(group('any', [{ field: 'mode' }], changed)), changed),
    ),
  );
  return box;
}

/** A group as JSON has it: the joint, and its parts. */
function read(value: JsonObject): [Joint, Json[]] | null {
  if (Array.isArray(value.and)) return ['all', value.and];
  if (Array.isArray(value.or)) return ['any', value.or];
  if (isObject(value.not)) {
    return Array.isArray(value.not.or) ? ['none', value.not.or] : ['none', [value.not]];
  }
  return null;
}

function node(value: Json, changed: () => void): HTMLElement {
  const shown = isObject(value) ? value : {};
  const found = read(shown);
  return found ? group(found[0], found[1], changed) : testRow(shown, changed);
}

export function showConditions(place: HTMLElement, value: Json, changed: () => void): void {
  const shown = isObject(value) ? value : {};
  const [joint, parts] = read(shown) ?? ['all', Object.keys(shown).length > 0 ? [shown] : []];
  place.replaceChildren(group(joint as Joint, parts, changed, true));
}

function valueOf(row: HTMLElement, name: string): string {
  return row.querySelector<HTMLInputElement>(`[data-condition="${name}"]`)?.value.trim() ?? '';
}

function testJson(row: HTMLElement): JsonObject {
  const field = valueOf(row, 'field');
  if (field === 'amount') {
    const [from, below] = [valueOf(row, 'at_least'), valueOf(row, 'below')];
    return { field, ...(from ? { at_least: from } : {}), ...(below ? { below } : {}) };
  }
  const is = valueOf(row, 'is')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const key = valueOf(row, 'key');
  return { field, ...(field === 'metadata' ? { key } : {}), is };
}

function groupJson(box: HTMLElement): JsonObject | null {
  const joint = box.querySelector<HTMLSelectElement>('[data-joint]')?.value as Joint;
  const list = box.querySelector<HTMLElement>('[data-parts]');
  const rows = [...(list?.children ?? [])] as HTMLElement[];
  const parts = rows
    .map((row) => ('group' in row.dataset ? groupJson(row) : testJson(row)))
    .filter((part) => part !== null);
  if (parts.length === 0) return null;
  if (joint === 'any') return { or: parts };
  return joint === 'none' ? { not: { or: parts } } : { and: parts };
}

/** What was built; null: no conditions. */
export function readConditions(place: HTMLElement): Json {
  const root = place.querySelector<HTMLElement>('[data-group]');
  return root ? groupJson(root) : null;
}
