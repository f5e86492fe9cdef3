// On the overview: that there are terms which the partner has not accepted.
import { ApiError, get } from '../api/client';
import { byId } from '../page/dom';
import { may } from '../shell/session';

export async function showTermsNotice(): Promise<void> {
  if (!may('terms:own')) return;
  try {
    const terms = await get<{ accepted_at: string | null }>('/terms');
    byId('terms-notice').hidden = terms.accepted_at !== null;
  } catch (error) {
    // The overview is of use without the notice; the next visit asks again.
    if (!(error instanceof ApiError)) throw error;
  }
}
