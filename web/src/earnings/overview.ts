// What a partner earned, first on the overview.
import { byId } from '../page/dom';
import { showError } from '../page/states';
import { isPartner, may } from '../shell/session';
import { readTotals, totalBoxes } from './totals';

export async function showEarned(): Promise<void> {
  if (!isPartner() || !may('commissions:read')) return;
  byId('earned').hidden = false;
  await showTotals();
}

/** Fills #totals. */
export async function showTotals(): Promise<void> {
  const place = byId('totals');
  try {
    place.replaceChildren(...totalBoxes(await readTotals()));
  } catch (error) {
    showError(place, error, () => void showTotals());
  }
}
