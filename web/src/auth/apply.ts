// The application of a partner, in four steps that the address names. What is typed is kept until the
// tab is closed, without the password.
import { ApiError, get, write } from '../api/client';
import { countryCodes } from '../analytics/countries';
import { showBranding } from '../page/branding';
import { byId, findAll } from '../page/dom';
import { passesOwnChecks, showFailure, watchForm } from '../page/form';
import { countryName, date } from '../page/format';
import { watchPasswords } from '../page/password';
import { showEmpty, showError } from '../page/states';
import { paragraphs, type Terms } from '../terms/text';
import { forgetDraft, keepDraft, recallDraft, rememberApplicant } from './draft';

interface OfferedTerms extends Terms {
  applications_open?: boolean;
}

const parts = ['account', 'audience', 'company', 'terms'] as const;
type Part = (typeof parts)[number];

const form = byId<HTMLFormElement>('apply');
const input = (name: string): HTMLInputElement => byId<HTMLInputElement>(`apply-${name}`);
const text = (name: string): string => input(name).value.trim();
const digits = (name: string): string => text(name).replace(/\D/g, '');
const fieldsetOf = (part: Part): HTMLFieldSetElement =>
  form.querySelector<HTMLFieldSetElement>(`[data-part="${part}"]`)!;
let current: Part = 'account';
let termsVersion = 0;

const isCompany = (): boolean => input('kind-company').checked;

function showCompanyField(): void {
  byId('apply-company-field').hidden = !isCompany();
  input('company').required = isCompany();
}

function fillCountries(): void {
  const near = ['US', 'CA', 'MX'];
  const named = countryCodes
    .filter((code) => !near.includes(code))
    .map((code) => [code, countryName(code)] as const)
    .sort((a, b) => a[1].localeCompare(b[1]));
  const first = near.map((code) => [code, countryName(code)] as const);
  byId('apply-country').append(
    ...[...first, ...named].map(([code, name]) => new Option(name, code)),
  );
}

const isComplete = (part: Part): boolean =>
  findAll<HTMLInputElement>('input, select, textarea', fieldsetOf(part)).every(
    (field) => !field.willValidate || field.validity.valid,
  );

/** The step that may be shown: the wanted one, or the first before it that is not complete. */
function reachable(wanted: Part): Part {
  const before = parts.slice(0, parts.indexOf(wanted));
  return before.find((part) => !isComplete(part)) ?? wanted;
}

function show(part: Part): void {
  current = part;
  const at = parts.indexOf(part);
  for (const each of parts) fieldsetOf(each).hidden = each !== part;
  for (const [index, item] of findAll('[data-stepper]').entries()) {
    item.classList.toggle('stepper-done', index < at);
    item.toggleAttribute('aria-current', index === at);
    if (index === at) item.setAttribute('aria-current', 'step');
    item.querySelector('button')!.disabled = index >= at;
  }
  byId('apply-back').hidden = at === 0;
  byId('apply-next').textContent = part === 'terms' ? 'Send the application' : 'Continue';
}

function go(part: Part): void {
  history.pushState(null, '', part === 'account' ? location.pathname : `?step=${part}`);
  show(part);
  fieldsetOf(part).querySelector<HTMLElement>('input:not([type="radio"]), textarea')?.focus();
}

function showAsked(): void {
  const asked = new URLSearchParams(location.search).get('step') ?? '';
  const wanted = parts.find((part) => part === asked) ?? 'account';
  const shown = reachable(wanted);
  if (shown !== wanted) {
    const address = shown === 'account' ? location.pathname : `?step=${shown}`;
    history.replaceState(null, '', address);
  }
  show(shown);
}

function application(): Record<string, unknown> {
  const optional = {
    company: isCompany() ? text('company') : '',
    website: text('website'),
    audience: byId<HTMLTextAreaElement>('apply-audience').value.trim(),
    mc_number: digits('mc_number'),
    dot_number: digits('dot_number'),
  };
  return {
    email: text('email'),
    name: text('name'),
    password: input('password').value,
    kind: isCompany() ? 'company' : 'person',
    country: byId<HTMLSelectElement>('apply-country').value,
    terms_version: termsVersion,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
  };
}

async function next(): Promise<void> {
  const at = parts.indexOf(current);
  const following = parts[at + 1];
  if (following) {
    go(following);
    return;
  }
  await write('POST', '/auth/apply', application());
  rememberApplicant(text('email'));
  forgetDraft();
  location.assign('/auth/apply/sent');
}

/** What was read is not what holds any more: the newest is shown, to be read and accepted. */
async function showNewestTerms(): Promise<void> {
  await loadTerms();
  input('accept').checked = false;
}

/** The step with the first refused field is shown; its message has been set. */
function fail(error: unknown): void {
  showFailure(form, error);
  if (error instanceof ApiError && error.fields.some(({ field }) => field === 'terms_version')) {
    void showNewestTerms();
  }
  const place = findAll('[data-error]', form).find((each) => !each.hidden);
  const part = place?.closest<HTMLElement>('[data-part]')?.dataset.part as Part | undefined;
  if (!part || part === current) return;
  show(part);
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

function showClosed(): void {
  byId('apply-body').hidden = true;
  showEmpty(byId('apply-state'), {
    symbol: 'pause',
    title: 'We are not taking applications at the moment',
    text: 'Please come back later. Partners we know already sign in as always.',
  });
}

async function loadTerms(): Promise<void> {
  try {
    const terms = await get<OfferedTerms>('/auth/terms');
    if (terms.applications_open === false) {
      showClosed();
      return;
    }
    termsVersion = terms.version;
    byId('terms').replaceChildren(...paragraphs(terms.text));
    byId('terms-version').textContent =
      `Version ${terms.version}, published on ${date(terms.published_at)}`;
    byId('apply-state').hidden = true;
    byId('apply-body').hidden = false;
  } catch (error) {
    byId('apply-body').hidden = true;
    showError(byId('apply-state'), error, () => void loadTerms());
  }
}

/** The draft's part of the form: everything but passwords. */
function startDraft(): void {
  byId('apply-draft').hidden = !recallDraft(form);
  form.addEventListener('input', () => keepDraft(form));
}

showBranding();
fillCountries();
startDraft();
showCompanyField();
watchPasswords(() => [text('name'), text('email')]);
form.addEventListener('change', showCompanyField);
byId('apply-back').addEventListener('click', () => {
  const before = parts[parts.indexOf(current) - 1];
  if (before) go(before);
});
for (const item of findAll('[data-stepper]')) {
  item.querySelector('button')!.addEventListener('click', () => {
    const wanted = parts.find((part) => part === item.dataset.stepper);
    if (wanted) go(wanted);
  });
}
addEventListener('popstate', showAsked);
watchForm(form, next, fail, () => passesOwnChecks(fieldsetOf(current)));
showAsked();
await loadTerms();
