// The programs: making one, and all that it says of links, attribution, leads and money.
import { get, write } from '../api/client';
import type { Page, Program } from '../api/types';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { Editor } from '../page/editor';
import {
  clearErrors,
  fillTimeZones,
  passesOwnChecks,
  showFailure,
  watchForm,
  whileBusy,
} from '../page/form';
import { currentTimeZone, plural } from '../page/format';
import { showError } from '../page/states';
import { words } from '../page/status';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { isStaff, may } from '../shell/session';
import { startPage } from '../shell/shell';
import { addTypedHost, chosenHosts, showHosts, watchHosts } from './hosts';
import { showPolicies } from './policies';

let programs: Program[] = [];
let shown: Program | null = null;

const editor = new Editor('program', {
  name: 'text',
  kind: 'text',
  timezone: 'text',
  currency: 'code',
  status: 'text',
  fallback_url: 'text',
  attribution_model: 'text',
  click_window_days: 'number',
  duplicate_window_seconds: 'number',
  half_life_days: 'number',
  lock_days: 'number',
  acquisition: 'flag',
  protection_days: 'number',
  trigger: 'text',
  hold_days: 'number',
  minimum_payout: 'amount',
  budget: 'amount',
  four_eyes_above: 'amount',
});
const made = new Editor('new-program', {
  name: 'text',
  kind: 'text',
  currency: 'code',
  timezone: 'text',
});

const form = (): HTMLFormElement => byId<HTMLFormElement>('program-form');
const madeForm = (): HTMLFormElement => byId<HTMLFormElement>('new-program-form');

function showList(): void {
  byId('program-skeleton').hidden = true;
  byId('program-list').replaceChildren(
    ...programs.map((program) => {
      const href = `/admin/programs?id=${encodeURIComponent(program.id)}`;
      const current = program.id === shown?.id ? 'true' : null;
      const hosts = plural(program.allowed_hosts.length, 'host', 'hosts');
      const state = program.status === 'active' ? '' : ` · ${program.status}`;
      const anchor = element(
        'a',
        { href, 'aria-current': current },
        element('strong', {}, program.name),
        element('span', {}, `${program.kind} · ${program.currency} · ${hosts}${state}`),
      );
      anchor.addEventListener('click', (event) => {
        event.preventDefault();
        history.pushState(null, '', href);
        showAsked();
      });
      return element('li', {}, anchor);
    }),
  );
}

function markChanged(): void {
  byId('program-saved').textContent = 'Not saved yet.';
}

function showLinks(program: Program): void {
  const id = encodeURIComponent(program.id);
  const pages: [string, string][] = [
    ['program-rules', `/admin/rules?program_id=${id}`],
    ['program-groups', `/admin/groups?program_id=${id}`],
    ['program-partners', `/admin/partners?program_id=${id}`],
  ];
  for (const [place, href] of pages) byId<HTMLAnchorElement>(place).href = href;
}

function show(program: Program): void {
  shown = program;
  clearErrors(form());
  const editable = may('programs:write');
  byId('program-title').textContent = program.name;
  byId('program-facts').textContent =
    `${words(program.kind)} · ${program.currency} · attribution version ${program.version}`;
  fillTimeZones(byId<HTMLSelectElement>('program-timezone'), program.timezone);
  editor.fill({ ...program });
  editor.control('currency').disabled = program.currency_fixed;
  byId('program-currency-note').textContent = program.currency_fixed
    ? 'Stays: there is business in it'
    : 'Can be changed until the first business in it';
  showHosts(program.allowed_hosts, markChanged, editable);
  byId<HTMLFieldSetElement>('program-fields').disabled = !editable;
  byId('program-saved').textContent = '';
  form().hidden = false;
  showLinks(program);
  attempt(() => showPolicies(program));
  showList();
}

function showAsked(): void {
  const asked = new URLSearchParams(location.search).get('id');
  const program = programs.find((each) => each.id === asked) ?? programs[0];
  if (program) show(program);
}

/** What was changed: a program that stays as it is makes no new version. */
function changesOf(program: Program): Record<string, unknown> {
  const before = program as unknown as Record<string, unknown>;
  const values = { ...editor.read(), minimum_payout: editor.value('minimum_payout') ?? '0' };
  const changed = Object.entries(values).filter(([name, value]) => value !== before[name]);
  return { ...Object.fromEntries(changed), allowed_hosts: chosenHosts() };
}

async function save(): Promise<void> {
  if (!shown) return;
  const path = `/programs/${encodeURIComponent(shown.id)}`;
  const saved = await write<Program>('PATCH', path, changesOf(shown));
  programs = programs.map((program) => (program.id === saved.id ? saved : program));
  show(saved);
  byId('program-saved').textContent = 'Saved.';
}

function openNew(): void {
  madeForm().reset();
  clearErrors(madeForm());
  fillTimeZones(byId<HTMLSelectElement>('new-program-timezone'), currentTimeZone());
  openDialog('new-program-dialog');
  byId('new-program-name').focus();
}

async function create(): Promise<void> {
  const program = await write<Program>('POST', '/programs', made.readFilled());
  closeDialog('new-program-dialog');
  toast(`${program.name} is made. Its links need an allowed host.`);
  programs = [...programs, program];
  history.pushState(null, '', `/admin/programs?id=${encodeURIComponent(program.id)}`);
  show(program);
}

async function load(): Promise<void> {
  try {
    programs = (await get<Page<Program>>('/programs', { limit: 200 })).data;
    byId('state').hidden = true;
    byId('programs').hidden = false;
    showAsked();
  } catch (error) {
    byId('programs').hidden = true;
    showError(byId('state'), error, () => void load());
  }
}

await startPage(async () => {
  if (!isStaff()) {
    location.replace('/dashboard/');
    return;
  }
  watchHosts(markChanged);
  form().addEventListener('input', markChanged);
  form().addEventListener('submit', (event) => {
    event.preventDefault();
    if (!passesOwnChecks(form()) || !addTypedHost(markChanged)) return;
    const button = byId<HTMLButtonElement>('program-submit');
    void whileBusy(button, () => save().catch((error: unknown) => showFailure(form(), error)));
  });
  byId('program-new').addEventListener('click', openNew);
  watchForm(madeForm(), create);
  addEventListener('popstate', showAsked);
  await load();
});
