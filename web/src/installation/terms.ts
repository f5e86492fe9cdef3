// The partner terms: what holds, and the text that is to hold from now on.
import { get, write } from '../api/client';
import { confirmed } from '../page/dialog';
import { byId } from '../page/dom';
import { watchForm } from '../page/form';
import { date } from '../page/format';
import { may } from '../shell/session';
import type { Terms } from '../terms/text';

const text = byId<HTMLTextAreaElement>('new-terms-text');
let newest = 0;

function show(terms: Terms): void {
  newest = terms.version;
  text.value = terms.text;
  byId('terms-newest').textContent =
    `Version ${terms.version} holds since ${date(terms.published_at)}.`;
  byId('new-terms-submit').textContent = `Publish version ${terms.version + 1}`;
}

async function publish(): Promise<void> {
  const version = newest + 1;
  const sure = await confirmed({
    title: `Publish version ${version}?`,
    text: 'It holds at once and cannot be taken back: applicants accept it, and partners are asked to.',
    confirm: 'Publish',
  });
  if (!sure) return;
  show(await write<Terms>('POST', '/terms', { version, text: text.value }));
  byId('terms-published').textContent = `Version ${version} is published.`;
}

export async function showNewestTerms(): Promise<void> {
  if (may('terms:write')) show(await get<Terms>('/auth/terms'));
}

export const watchNewTerms = (): void => watchForm(byId<HTMLFormElement>('new-terms'), publish);
