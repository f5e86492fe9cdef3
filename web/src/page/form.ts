// Forms: the server's field errors are shown at their fields.
import { ApiError, type FieldError } from '../api/client';
import { findAll } from './dom';

function errorPlace(form: HTMLElement, field: string): HTMLElement | null {
  const places = findAll<HTMLElement>('[data-error]', form);
  // An error of `targets[0].devices` belongs to `targets` when nothing closer is there.
  return (
    places.find((place) => place.dataset.error === field) ??
    places.find((place) => field.startsWith(`${place.dataset.error}[`)) ??
    places.find((place) => field.startsWith(`${place.dataset.error}.`)) ??
    null
  );
}

export function clearErrors(form: HTMLElement): void {
  for (const place of findAll<HTMLElement>('[data-error]', form)) {
    place.hidden = true;
    place.textContent = '';
  }
  for (const input of findAll<HTMLElement>('[aria-invalid]', form)) {
    input.removeAttribute('aria-invalid');
  }
  const alert = form.querySelector<HTMLElement>('.form-alert');
  if (alert) alert.hidden = true;
}

export function showAlert(form: HTMLElement, message: string): void {
  const alert = form.querySelector<HTMLElement>('.form-alert');
  if (!alert) return;
  alert.textContent = message;
  alert.hidden = false;
}

/** Shows each message at its field, opens the group it is in and focuses the first. */
export function showFieldErrors(form: HTMLElement, errors: FieldError[]): void {
  let first: HTMLElement | null = null;
  const homeless: string[] = [];
  for (const { field, message } of errors) {
    const place = errorPlace(form, field);
    if (!place) {
      homeless.push(`${field}: ${message}`);
      continue;
    }
    // Not a host name: "shop.example.com is …" stays as it is.
    const startsWithWord = /^[a-z]+\s/.test(message);
    const sentence = startsWithWord ? message.charAt(0).toUpperCase() + message.slice(1) : message;
    place.textContent = place.textContent ? `${place.textContent} ${sentence}` : sentence;
    place.hidden = false;
    place.closest('details')?.setAttribute('open', '');
    const input = place.id
      ? form.querySelector<HTMLElement>(`[aria-describedby~="${place.id}"]`)
      : null;
    input?.setAttribute('aria-invalid', 'true');
    first ??= input;
  }
  if (homeless.length > 0) showAlert(form, homeless.join(' '));
  first?.focus();
}

export function showFailure(form: HTMLElement, error: unknown): void {
  clearErrors(form);
  if (!(error instanceof ApiError)) throw error;
  if (error.fields.length > 0) {
    showFieldErrors(form, error.fields);
  } else {
    const request = error.requestId ? ` (request ${error.requestId})` : '';
    showAlert(form, `${error.message}${request}`);
  }
}

/** The browser's own checks, said at the fields in our form. */
export function passesOwnChecks(form: HTMLElement): boolean {
  clearErrors(form);
  const errors: FieldError[] = [];
  for (const input of findAll<HTMLInputElement>('input, select, textarea', form)) {
    if (input.willValidate && !input.validity.valid) {
      errors.push({ field: input.name, message: input.validationMessage });
    }
  }
  if (errors.length > 0) showFieldErrors(form, errors);
  return errors.length === 0;
}

/** Runs `action` with the button disabled, so that nothing is sent twice. */
export async function whileBusy(
  button: HTMLButtonElement,
  action: () => Promise<void>,
): Promise<void> {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    await action();
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

/** Sends the form by `action` when the checks pass; a refusal is shown in it by `failed`. */
export function watchForm(
  form: HTMLFormElement,
  action: () => Promise<void>,
  failed: (error: unknown) => void = (error) => showFailure(form, error),
  passes: () => boolean = () => passesOwnChecks(form),
): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!passes()) return;
    const button = form.querySelector<HTMLButtonElement>('[type="submit"]');
    const running = (): Promise<void> => action().catch(failed);
    if (button) void whileBusy(button, running);
    else void running();
  });
}

const zoneNames = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** Fills a select with the time zones, `chosen` selected even when the browser does not know it. */
export function fillTimeZones(select: HTMLSelectElement, chosen: string): void {
  const names = zoneNames();
  if (!names.includes(chosen)) names.unshift(chosen);
  select.replaceChildren(...names.map((name) => new Option(name, name, false, name === chosen)));
}
