// What a card shows when its mailed link is cut off, used or expired: why, and the way to a new one.
import { ApiError } from '../api/client';
import { byId } from '../page/dom';
import { showFailure } from '../page/form';
import { showStep } from './steps';
import { forgetToken } from './token';

/** `way` leads to where a new link can be asked for. */
export function showUnusable(reason: string | null, way?: { label: string; href: string }): void {
  if (reason) byId('unusable-reason').textContent = reason;
  if (way) {
    const anchor = byId<HTMLAnchorElement>('unusable-way');
    anchor.textContent = way.label;
    anchor.href = way.href;
  }
  forgetToken();
  showStep('unusable');
}

/** Refused because of the token, and not because of what was typed? */
export function isAboutToken(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  const gone = error.status === 404 || error.status === 410;
  return gone || error.fields.some(({ field }) => field === 'token');
}

/** Shows the refusal: of the token as the card's last step, of anything else in the form. */
export function showTokenFailure(
  form: HTMLFormElement,
  error: unknown,
  way?: { label: string; href: string },
): void {
  if (!isAboutToken(error)) {
    showFailure(form, error);
    return;
  }
  const said = error.fields.find(({ field }) => field === 'token')?.message;
  const known = 'It has been used already, or its time is over.';
  showUnusable(said ? `The link ${said}.` : known, way);
}
