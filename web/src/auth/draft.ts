// What somebody has typed into the application, for as long as the tab is open. Never the password.

const draftKey = 'application-draft';
const applicantKey = 'application-email';
type Fields = Record<string, string>;

function isKept(name: string, form: HTMLFormElement): boolean {
  const control = form.elements.namedItem(name);
  if (!(control instanceof HTMLInputElement)) return true;
  return !['password', 'checkbox'].includes(control.type) && !control.closest('[data-password]');
}

export function keepDraft(form: HTMLFormElement): void {
  const entries = [...new FormData(form)].filter(
    ([name, value]) => typeof value === 'string' && isKept(name, form),
  );
  try {
    sessionStorage.setItem(draftKey, JSON.stringify(Object.fromEntries(entries)));
  } catch {
    // Without storage a reload loses the draft.
  }
}

/** Fills in what was kept; answers whether that was anything. */
export function recallDraft(form: HTMLFormElement): boolean {
  let kept: Fields;
  try {
    kept = JSON.parse(sessionStorage.getItem(draftKey) ?? '{}') as Fields;
  } catch {
    return false;
  }
  let filled = false;
  for (const [name, value] of Object.entries(kept)) {
    const control = form.elements.namedItem(name);
    if (control instanceof RadioNodeList) control.value = value;
    else if (control && 'value' in control) control.value = value;
    filled ||= name !== 'kind' && value !== '';
  }
  return filled;
}

export function forgetDraft(): void {
  sessionStorage.removeItem(draftKey);
}

export function rememberApplicant(email: string): void {
  try {
    sessionStorage.setItem(applicantKey, email);
  } catch {
    // The next page then asks for the address when the mail is wanted again.
  }
}

export function applicant(): string {
  try {
    return sessionStorage.getItem(applicantKey) ?? '';
  } catch {
    return '';
  }
}
