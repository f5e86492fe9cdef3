// Settings of the programs: which hosts, which windows, what name.
import { get, write } from '../api/client';
import type { Page, Program } from '../api/types';
import { byId, element } from '../page/dom';
import { clearErrors, fillTimeZones, passesOwnChecks, showFailure, whileBusy } from '../page/form';
import { plural } from '../page/format';
import { showError } from '../page/states';
import { isStaff, may } from '../shell/session';
import { startPage } from '../shell/shell';
import { addTypedHost, chosenHosts, showHosts, watchHosts } from './hosts';

let programs: Program[] = [];
let shown: Program | null = null;

const form = (): HTMLFormElement => byId<HTMLFormElement>('program-form');
const input = (name: string): HTMLInputElement => byId<HTMLInputElement>(`program-${name}`);

function showList(): void {
  byId('program-skeleton').hidden = true;
  byId('program-list').replaceChildren(
    ...programs.map((program) => {
      const href = `/admin/programs?id=${encodeURIComponent(program.id)}`;
      const current = program.id === shown?.id ? 'true' : null;
      const hosts = plural(program.allowed_hosts.length, 'host', 'hosts');
      const anchor = element(
        'a',
        { href, 'aria-current': current },
        element('strong', {}, program.name),
        element('span', {}, `${program.kind} · ${hosts}`),
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

function show(program: Program): void {
  shown = program;
  clearErrors(form());
  const editable = may('programs:write');
  byId('program-title').textContent = program.name;
  byId('program-facts').textContent =
    `${program.kind} · ${program.currency} · attribution: ${program.attribution_model}`;
  input('name').value = program.name;
  fillTimeZones(byId<HTMLSelectElement>('program-timezone'), program.timezone);
  input('fallback_url').value = program.fallback_url ?? '';
  input('click_window_days').value = String(program.click_window_days);
  input('duplicate_window_seconds').value = String(program.duplicate_window_seconds);
  showHosts(program.allowed_hosts, markChanged, editable);
  byId<HTMLFieldSetElement>('program-fields').disabled = !editable;
  byId('program-saved').textContent = '';
  form().hidden = false;
  showList();
}

function showAsked(): void {
  const asked = new URLSearchParams(location.search).get('id');
  const program = programs.find((each) => each.id === asked) ?? programs[0];
  if (program) show(program);
}

async function save(): Promise<void> {
  if (!shown) return;
  const saved = await write<Program>('PATCH', `/programs/${encodeURIComponent(shown.id)}`, {
    name: input('name').value.trim(),
    timezone: byId<HTMLSelectElement>('program-timezone').value,
    allowed_hosts: chosenHosts(),
    fallback_url: input('fallback_url').value.trim() || null,
    click_window_days: Number(input('click_window_days').value),
    duplicate_window_seconds: Number(input('duplicate_window_seconds').value),
  });
  programs = programs.map((program) => (program.id === saved.id ? saved : program));
  show(saved);
  byId('program-saved').textContent = 'Saved.';
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
  addEventListener('popstate', showAsked);
  await load();
});
