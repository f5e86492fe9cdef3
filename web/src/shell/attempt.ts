// Doing something from a button that is in no form.
import { ApiError } from '../api/client';
import { toast } from '../page/toast';

/** Runs it; a refusal is said at the edge of the screen. */
export function attempt(action: () => Promise<void>): void {
  action().catch((error: unknown) => {
    if (error instanceof ApiError) toast(error.message, 'bad');
    else throw error;
  });
}
