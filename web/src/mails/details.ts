// One mail. Its words are shown as text, links included: a frame would need another policy than ours,
// and the HTML's own styles would be refused in it.
import { ApiError, get } from '../api/client';
import type { Mail, MailDetails, MailState } from '../api/operations';
import { openDialog } from '../page/dialog';
import { byId, element, findAll } from '../page/dom';
import { count, dateTimeExact } from '../page/format';

const states: Record<MailState, { label: string; pill: string }> = {
  waiting: { label: 'Waiting', pill: 'pill pill-warn' },
  sent: { label: 'Sent', pill: 'pill pill-good' },
  shown: { label: 'Shown here', pill: 'pill pill-quiet' },
  failed: { label: 'Failed', pill: 'pill pill-bad' },
};

export const mailStateLabel = (state: string): string => states[state as MailState]?.label ?? state;

export function mailPill(state: MailState): HTMLElement {
  return element('span', { class: states[state].pill }, states[state].label);
}

/** The text with its addresses as links; nothing of it is parsed as HTML. */
function linked(text: string): (Node | string)[] {
  const address = /https?:\/\/[^\s<>"')\]]+/g;
  const parts: (Node | string)[] = [];
  let last = 0;
  for (const found of text.matchAll(address)) {
    const url = found[0].replace(/[.,;:]+$/, '');
    const link = { href: url, target: '_blank', rel: 'noopener noreferrer' };
    parts.push(text.slice(last, found.index), element('a', link, url));
    last = found.index + url.length;
  }
  return [...parts, text.slice(last)];
}

function showForm(form: string): void {
  for (const button of findAll('[data-form]', byId('mail-body'))) {
    button.setAttribute('aria-pressed', String(button.dataset.form === form));
  }
  byId('mail-text').hidden = form !== 'text';
  byId('mail-html').hidden = form !== 'html';
}

function show(mail: Mail): void {
  const facts: [string, Node | string | null][] = [
    ['To', mail.to],
    ['Template', mail.template],
    ['State', mailPill(mail.state)],
    ['Attempts', count(mail.attempts)],
    ['Last error', mail.last_error],
    ['Made', dateTimeExact(mail.created_at)],
    ['Sent', mail.sent_at && dateTimeExact(mail.sent_at)],
    ['Id', mail.id],
  ];
  byId('mail-title').textContent = mail.template;
  byId('mail-facts').replaceChildren(
    ...facts.flatMap(([term, value]) =>
      value ? [element('div', {}, element('dt', {}, term), element('dd', {}, value))] : [],
    ),
  );
}

function showWords(mail: MailDetails): void {
  const { content } = mail;
  byId('mail-body').hidden = content === null;
  byId('mail-note').textContent = content ? '' : 'Its words are shown while no mail server is set.';
  if (content) byId('mail-title').textContent = content.subject;
  byId('mail-text').replaceChildren(...linked(content?.text ?? ''));
  byId('mail-html').textContent = content?.html ?? '';
}

export async function openMail(mail: Mail): Promise<void> {
  show(mail);
  showForm('text');
  byId('mail-body').hidden = true;
  byId('mail-note').textContent = 'Loading…';
  openDialog('mail-dialog');
  try {
    showWords(await get<MailDetails>(`/mails/${encodeURIComponent(mail.id)}`));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const request = error.requestId ? ` (request ${error.requestId})` : '';
    byId('mail-note').textContent = `${error.message}${request}`;
  }
}

export function watchMailForms(): void {
  for (const button of findAll('[data-form]', byId('mail-body'))) {
    button.addEventListener('click', () => showForm(button.dataset.form ?? 'text'));
  }
}
