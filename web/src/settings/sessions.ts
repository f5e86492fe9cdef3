// Where the user is signed in, and ending it.
import { get, write } from '../api/client';
import type { Session } from '../api/people';
import type { Page } from '../api/types';
import { confirmed } from '../page/dialog';
import { byId, element, icon } from '../page/dom';
import { ago, dateTime, dateTimeExact } from '../page/format';
import { showError } from '../page/states';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { goToSignIn } from '../shell/session';

function moment(label: string, at: string, shown: string): HTMLElement {
  return element(
    'span',
    {},
    `${label} `,
    element('time', { datetime: at, title: dateTimeExact(at) }, shown),
  );
}

async function end(session: Session): Promise<void> {
  await write('DELETE', `/sessions/${encodeURIComponent(session.id)}`);
  toast('That session has ended.');
  await showSessions();
}

function row(session: Session): HTMLElement {
  const name = [session.browser, session.os].filter((part) => part).join(' on ');
  const place = session.ip ?? 'Unknown address';
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-sm btn-outline-gray-600' },
    'Sign out',
    element('span', { class: 'visually-hidden' }, ` ${name}, ${place}`),
  );
  button.addEventListener('click', () => attempt(() => end(session)));
  return element(
    'li',
    {},
    icon('device', 'icon icon-sm line-icon'),
    element(
      'div',
      { class: 'rows-list-main' },
      element('strong', {}, name || 'Unknown browser'),
      element(
        'span',
        { class: 'row-detail' },
        place,
        ' · ',
        moment('signed in', session.created_at, dateTime(session.created_at)),
      ),
    ),
    session.current
      ? element('span', { class: 'pill pill-good' }, 'This one')
      : element(
          'span',
          { class: 'row-detail' },
          moment('seen', session.seen_at, ago(session.seen_at)),
        ),
    !session.current && button,
  );
}

export async function showSessions(): Promise<void> {
  const place = byId('sessions');
  try {
    const answer = await get<Page<Session>>('/sessions');
    byId('state').hidden = true;
    place.hidden = false;
    place.replaceChildren(...answer.data.map(row));
  } catch (error) {
    place.hidden = true;
    showError(byId('state'), error, () => void showSessions());
  } finally {
    place.removeAttribute('aria-busy');
  }
}

async function endAll(): Promise<void> {
  const sure = await confirmed({
    title: 'Sign out everywhere?',
    text: 'Every session of yours ends, this one too. API keys go on working.',
    confirm: 'Sign out everywhere',
  });
  if (!sure) return;
  await write('POST', '/auth/sign-out-everywhere');
  goToSignIn();
}

export function watchSessions(): void {
  byId('sign-out-everywhere').addEventListener('click', () => attempt(endAll));
}
