// The terms that hold, for a partner: when they were accepted, or a button to accept them.
import { get, write } from '../api/client';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { date, dateTime } from '../page/format';
import { showError } from '../page/states';
import { startPage } from '../shell/shell';
import { paragraphs, type Terms } from './text';

interface OwnTerms extends Terms {
  accepted_at: string | null;
}

let version = 0;

function show(terms: OwnTerms): void {
  version = terms.version;
  byId('terms').replaceChildren(...paragraphs(terms.text));
  byId('terms-version').textContent =
    `Version ${terms.version}, published on ${date(terms.published_at)}`;
  byId('terms-accepted').textContent = terms.accepted_at
    ? `You accepted them on ${dateTime(terms.accepted_at)}.`
    : 'You have not accepted this version yet.';
  byId('terms-accept').hidden = terms.accepted_at !== null;
}

async function load(): Promise<void> {
  try {
    show(await get<OwnTerms>('/terms'));
    byId('state').hidden = true;
    byId('terms-form').hidden = false;
  } catch (error) {
    showError(byId('state'), error, () => void load());
  } finally {
    byId('skeleton').hidden = true;
  }
}

await startPage(async () => {
  watchForm(byId<HTMLFormElement>('terms-form'), async () => {
    show(await write<OwnTerms>('POST', '/terms/accept', { version }));
  });
  await load();
});
