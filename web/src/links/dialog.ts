// The dialog that creates and edits a link.
import { ApiError, get, write } from '../api/client';
import type { Link, Page, Program, Utm } from '../api/types';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { clearErrors, passesOwnChecks, showFailure, whileBusy } from '../page/form';
import { instantOf, localInput } from '../page/format';
import { toast } from '../page/toast';
import { may } from '../shell/session';
import { addTarget, readTargets, showTargets } from './targets';

const utmNames = ['source', 'medium', 'campaign', 'term', 'content'] as const;

let programs: Program[] | null = null;
let edited: Link | null = null;
let prepared = false;

const form = (): HTMLFormElement => byId<HTMLFormElement>('link-form');
const input = (id: string): HTMLInputElement => byId<HTMLInputElement>(id);
const text = (id: string): string => input(id).value.trim();
const utmInput = (name: string): HTMLInputElement => input(`link-utm.${name}`);

function readUtm(): Utm | null {
  const filled = utmNames
    .map((name) => [name, utmInput(name).value.trim()] as const)
    .filter(([, value]) => value !== '');
  return filled.length > 0 ? Object.fromEntries(filled) : null;
}

/** The body of the request: on creation without what is empty, on a change with every field. */
function readForm(): Record<string, unknown> {
  const expires = text('link-expires_at');
  const visits = text('link-visits_max');
  const password = text('link-password');
  const all: Record<string, unknown> = {
    destination_url: text('link-destination_url'),
    name: text('link-name') || null,
    expires_at: expires ? instantOf(expires) : null,
    visits_max: visits ? Number(visits) : null,
    utm: readUtm(),
    targets: readTargets(),
    pass_params: input('link-pass').checked,
  };
  if (password) all.password = password;
  if (edited) {
    if (input('link-password-remove').checked) all.password = null;
    return all;
  }
  if (text('link-code')) all.code = text('link-code');
  const program = byId<HTMLSelectElement>('link-program').value;
  if (program) all.program_id = program;
  if ((all.targets as unknown[]).length === 0) delete all.targets;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function chosenProgram(): Program | undefined {
  const id = edited?.program_id ?? byId<HTMLSelectElement>('link-program').value;
  return programs?.find((program) => program.id === id) ?? programs?.[0];
}

/** The first host of the form that is not on the program's list. */
function unlistedHost(): string | null {
  const listed = chosenProgram()?.allowed_hosts ?? [];
  const urls = [
    text('link-destination_url'),
    ...readTargets().map((target) => target.destination_url),
  ];
  for (const url of urls) {
    if (!URL.canParse(url)) continue;
    const { host, hostname } = new URL(url);
    if (!listed.includes(host) && !listed.includes(hostname)) return host;
  }
  return null;
}

function offerHost(error: ApiError): void {
  const aboutDestination = error.fields.some(({ field }) =>
    /^(destination_url|targets)/.test(field),
  );
  const host = unlistedHost();
  if (!aboutDestination || !host || !may('programs:write')) return;
  byId('allow-host-text').textContent = `${host} is not on the list of allowed hosts.`;
  byId('allow-host').hidden = false;
}

async function allowHost(): Promise<void> {
  const program = chosenProgram();
  const host = unlistedHost();
  if (!program || !host) return;
  const path = `/programs/${encodeURIComponent(program.id)}`;
  const now = await get<Program>(path);
  const allowed_hosts = [...new Set([...now.allowed_hosts, host])];
  const saved = await write<Program>('PATCH', path, { allowed_hosts });
  programs = (programs ?? []).map((other) => (other.id === saved.id ? saved : other));
  byId('allow-host').hidden = true;
  clearErrors(form());
  toast(`${host} is allowed now.`);
  byId('link-submit').focus();
}

function fail(error: unknown): void {
  showFailure(form(), error);
  if (error instanceof ApiError) offerHost(error);
}

async function save(): Promise<void> {
  byId('allow-host').hidden = true;
  const saved = edited
    ? await write<Link>('PATCH', `/links/${encodeURIComponent(edited.id)}`, readForm())
    : await write<Link>('POST', '/links', readForm());
  closeDialog('link-dialog');
  toast(edited ? `/${saved.code} is saved.` : `${saved.short_url} is ready.`);
  document.dispatchEvent(new CustomEvent('link-saved', { detail: saved }));
}

function showPrograms(): void {
  const known = programs ?? [];
  byId('link-program-field').hidden = edited !== null || known.length < 2;
  byId('link-program').replaceChildren(
    ...known.map((program) => element('option', { value: program.id }, program.name)),
  );
}

function fill(link: Link | null): void {
  form().reset();
  clearErrors(form());
  byId('allow-host').hidden = true;
  byId('link-title').textContent = link ? `Edit /${link.code}` : 'New link';
  byId('link-submit').textContent = link ? 'Save changes' : 'Create link';
  byId('link-code-field').hidden = link !== null;
  byId('link-password-remove-field').hidden = !link?.has_password;
  input('link-password').placeholder = link?.has_password ? 'Set; type to change it' : '';
  showTargets(link?.targets ?? []);
  byId<HTMLDetailsElement>('link-limits').open =
    !!link && (link.expires_at !== null || link.visits_max !== null || link.has_password);
  byId<HTMLDetailsElement>('link-utm').open = !!link?.utm && Object.keys(link.utm).length > 0;
  byId<HTMLDetailsElement>('link-targets').open = !!link && link.targets.length > 0;
  if (!link) return;
  input('link-destination_url').value = link.destination_url;
  input('link-name').value = link.name ?? '';
  input('link-expires_at').value = link.expires_at ? localInput(link.expires_at) : '';
  input('link-visits_max').value = link.visits_max === null ? '' : String(link.visits_max);
  input('link-pass').checked = link.pass_params;
  for (const name of utmNames) utmInput(name).value = link.utm?.[name] ?? '';
}

function prepare(): void {
  if (prepared) return;
  prepared = true;
  form().addEventListener('submit', (event) => {
    event.preventDefault();
    if (!passesOwnChecks(form())) return;
    void whileBusy(byId<HTMLButtonElement>('link-submit'), () => save().catch(fail));
  });
  byId('link-target-add').addEventListener('click', addTarget);
  byId<HTMLButtonElement>('allow-host-button').addEventListener('click', (event) => {
    const button = event.currentTarget as HTMLButtonElement;
    void whileBusy(button, () => allowHost().catch(fail));
  });
}

/** Opens the dialog, empty or with what `link` is now. */
export async function openLinkDialog(link: Link | null = null): Promise<void> {
  prepare();
  edited = link;
  fill(link);
  openDialog('link-dialog');
  input('link-destination_url').focus();
  try {
    programs ??= (await get<Page<Program>>('/programs', { limit: 200 })).data;
    showPrograms();
  } catch (error) {
    fail(error);
  }
}
