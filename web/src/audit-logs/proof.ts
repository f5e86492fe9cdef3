// Whether the log is as it was written: the chain is followed piece by piece, up to its end.
import { ApiError, get } from '../api/client';
import type { AuditProof } from '../api/operations';
import { byId, element } from '../page/dom';
import { count, dateTimeExact, plural } from '../page/format';

/** So many requests at most: the whole of a longer log is for \`referral audit verify\`. */
const piecesMax = 20;

function show(classes: string, text: string, title: string | null): void {
  byId('proof').replaceChildren(element('span', { class: classes, title }, text));
}

function anchorText(proof: AuditProof): string {
  const { last_anchor: last } = proof;
  if (!last) return 'Not compared with anchors: there are none yet.';
  const anchors = plural(proof.anchors, 'signed anchor', 'signed anchors');
  return `Compared with ${anchors}, the last of ${dateTimeExact(last.at)}.`;
}

function showResult(proof: AuditProof): void {
  if (proof.broken) {
    const at = count(proof.broken.sequence);
    show('pill pill-bad', `Broken at entry ${at}: ${proof.broken.what}`, null);
  } else if (proof.verified_up_to < proof.sequence) {
    const text = `Unchanged up to entry ${count(proof.verified_up_to)} of ${count(proof.sequence)}`;
    show('pill pill-warn', text, anchorText(proof));
  } else {
    const text = `${plural(proof.sequence, 'entry', 'entries')} proved unchanged`;
    show('pill pill-good', text, anchorText(proof));
  }
}

export async function showProof(): Promise<void> {
  let after = 0;
  try {
    for (let piece = 0; piece < piecesMax; piece += 1) {
      const proof = await get<AuditProof>('/audit-logs/proof', { after });
      showResult(proof);
      if (proof.broken || proof.verified_up_to >= proof.sequence) return;
      if (proof.verified_up_to <= after) return;
      after = proof.verified_up_to;
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    show('pill pill-quiet', 'The proof cannot be shown', error.message);
  }
}
