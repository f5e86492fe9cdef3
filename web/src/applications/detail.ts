// One application, beside the list: what is known, and the decision.
import { write } from '../api/client';
import type { Application } from '../api/people';
import { closeDialog, confirmed, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { clearErrors, watchForm } from '../page/form';
import { bareUrl, countryName, dateTime } from '../page/format';
import { toast } from '../page/toast';
import { may } from '../shell/session';
import { applicationPill } from './status';

let shown: Application | null = null;

const pathOf = (application: Application): string =>
  `/applications/${encodeURIComponent(application.id)}`;

function webSite(url: string): Node | string {
  if (!/^https?:\/\//.test(url)) return url;
  const rel = 'noopener noreferrer nofollow';
  return element('a', { href: url, rel, target: '_blank' }, bareUrl(url));
}

function facts(application: Application): [string, Node | string | null][] {
  const user = application.user_id && encodeURIComponent(application.user_id);
  return [
    ['E-mail', application.email],
    ['Confirmed', application.verified_at ? dateTime(application.verified_at) : 'Not yet'],
    ['Applies as', application.kind === 'company' ? 'A company' : 'A person'],
    ['Company', application.company],
    ['Country', countryName(application.country)],
    ['Web site', application.website && webSite(application.website)],
    ['MC number', application.mc_number],
    ['DOT number', application.dot_number],
    ['Terms', `Version ${application.terms_version} accepted`],
    ['Address', application.ip],
    ['Applied', dateTime(application.created_at)],
    ['Decided', application.decided_at && dateTime(application.decided_at)],
    ['Reason', application.reason],
    ['Partner', user ? element('a', { href: `/admin/partner?id=${user}` }, 'Their page') : null],
  ];
}

export function showApplication(application: Application): void {
  shown = application;
  byId('detail').hidden = false;
  byId('detail-name').textContent = application.company || application.name;
  byId('detail-status').replaceChildren(applicationPill(application.status));
  byId('detail-audience').textContent = application.audience ?? '';
  const named: [string, Node | string | null][] = application.company
    ? [['Name', application.name], ...facts(application)]
    : facts(application);
  byId('detail-facts').replaceChildren(
    ...named.flatMap(([term, value]) =>
      value ? [element('div', {}, element('dt', {}, term), element('dd', {}, value))] : [],
    ),
  );
  byId('detail-actions').hidden = !canDecide();
}

export function hideApplication(): void {
  shown = null;
  byId('detail').hidden = true;
}

export const canDecide = (): boolean => shown?.status === 'waiting' && may('applications:write');

/** Asks, approves and answers whether that was done. */
export async function approve(): Promise<boolean> {
  if (!shown || !canDecide()) return false;
  const { name, email } = shown;
  const sure = await confirmed({
    title: `Approve ${name}?`,
    text: `${email} becomes a partner and gets a mail. They sign in with the password they have chosen.`,
    confirm: 'Approve',
  });
  if (!sure || !shown) return false;
  await write('POST', `${pathOf(shown)}/approve`);
  toast(`${name} is a partner now.`);
  return true;
}

export function openReject(): void {
  if (!shown || !canDecide()) return;
  const form = byId<HTMLFormElement>('reject-form');
  form.reset();
  clearErrors(form);
  byId('reject-title').textContent = `Reject ${shown.name}`;
  openDialog('reject-dialog');
  byId('reject-reason').focus();
}

/** `decided` runs when the rejection is sent. */
export function watchReject(decided: () => void): void {
  watchForm(byId<HTMLFormElement>('reject-form'), async () => {
    if (!shown) return;
    // One line: the mail sets it as a paragraph.
    const reason = byId<HTMLTextAreaElement>('reject-reason').value.replace(/\s+/g, ' ').trim();
    await write('POST', `${pathOf(shown)}/reject`, { reason });
    closeDialog('reject-dialog');
    toast(`${shown.name} is rejected.`);
    decided();
  });
}
