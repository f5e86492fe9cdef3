// Whether the ledger is as it must be: one light for each invariant.
import { get } from '../api/client';
import type { Invariant, LedgerProof } from '../api/finance';
import { byId, element, icon } from '../page/dom';
import { count, time } from '../page/format';
import { showError } from '../page/states';

function light(invariant: Invariant): HTMLElement {
  const isGood = invariant.holds;
  const found = isGood
    ? `${count(invariant.checked)} checked`
    : `${count(invariant.wrong)} of ${count(invariant.checked)} wrong` +
      (invariant.first ? `, the first: ${invariant.first}` : '');
  return element(
    'li',
    { class: isGood ? 'light light-good' : 'light light-bad' },
    icon(isGood ? 'check' : 'warning', 'icon icon-sm line-icon'),
    element(
      'div',
      {},
      element(
        'p',
        { class: 'light-title' },
        element('strong', {}, invariant.name),
        ` ${invariant.meaning}`,
      ),
      element('p', { class: 'row-detail' }, found),
    ),
  );
}

const storageKey = 'ledger-proof';
const keptMs = 60_000;

/** The proof of the last minute, or a new one: it reads all entries, and the server limits it. */
async function readProof(): Promise<LedgerProof> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as LedgerProof | null;
    if (kept?.intact && Date.now() - Date.parse(kept.proved_at) < keptMs) return kept;
  } catch {
    // Nothing kept that can be read.
  }
  const proof = await get<LedgerProof>('/ledger/proof');
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(proof));
  } catch {
    // Without storage the next page asks again.
  }
  return proof;
}

/** Shows the lights in #proof, and in #proof-text what they say together. */
export async function showProof(): Promise<void> {
  const place = byId('proof-lights');
  try {
    const proof = await readProof();
    const broken = proof.invariants.filter((each) => !each.holds).length;
    place.replaceChildren(element('ul', { class: 'lights' }, ...proof.invariants.map(light)));
    const text = proof.intact
      ? `All is as it must be, ${time(proof.proved_at)}`
      : `${count(broken)} of ${count(proof.invariants.length)} broken, ${time(proof.proved_at)}`;
    byId('proof-text').replaceChildren(
      element('span', { class: proof.intact ? 'pill pill-good' : 'pill pill-bad' }, text),
    );
  } catch (error) {
    byId('proof-text').replaceChildren();
    showError(place, error, () => void showProof());
  }
}
