// The checklist of a new installation: allow a host, create a link, see the first click.
import { ApiError, get } from '../api/client';
import type { Link, Page, Program } from '../api/types';
import { copyButton } from '../page/copy';
import { byId, element, icon } from '../page/dom';
import { bareUrl } from '../page/format';
import { isStaff, may } from '../shell/session';

interface Step {
  title: string;
  text: string;
  done: boolean;
  control: HTMLElement | null;
}

function stepItem(step: Step, at: number, current: boolean): HTMLElement {
  const state = step.done
    ? 'setup-step setup-step-done'
    : current
      ? 'setup-step setup-step-current'
      : 'setup-step';
  const mark = step.done ? icon('check') : String(at + 1);
  return element(
    'li',
    { class: state, 'aria-current': current ? 'step' : null },
    element('span', { class: 'setup-step-mark' }, mark),
    element(
      'div',
      { class: 'setup-step-text' },
      element(
        'h3',
        {},
        step.title,
        step.done && element('span', { class: 'visually-hidden' }, ' (done)'),
      ),
      element('p', {}, step.text),
    ),
    current && step.control,
  );
}

function createButton(): HTMLElement | null {
  if (!may('links:write')) return null;
  return element(
    'button',
    { type: 'button', class: 'btn btn-primary', 'data-action': 'create' },
    'Create a link',
  );
}

function steps(hostsAllowed: boolean, link: Link | undefined): Step[] {
  const program = isStaff()
    ? element('a', { class: 'btn btn-primary', href: '/admin/programs' }, 'Allow a host')
    : null;
  const share = link
    ? element(
        'span',
        { class: 'setup-step-share' },
        element(
          'a',
          { href: link.short_url, target: '_blank', rel: 'noopener' },
          bareUrl(link.short_url),
        ),
        copyButton(link.short_url, 'Copy the address'),
      )
    : null;
  return [
    {
      title: 'Allow a host',
      text: 'Links lead only to web sites on your list, so that nobody can misuse them.',
      done: hostsAllowed,
      control: program,
    },
    {
      title: 'Create a link',
      text: 'A short address and a QR code that lead to your page.',
      done: link !== undefined,
      control: createButton(),
    },
    {
      title: 'See the first click',
      text: 'Open the link or share it. This page changes by itself as soon as the click arrives.',
      done: false,
      control: share,
    },
  ];
}

/** Shows the checklist until there is a first click; answers whether it is shown. */
export async function showSetup(): Promise<boolean> {
  const card = byId('setup');
  let links: Page<Link>;
  let programs: Page<Program>;
  try {
    links = await get<Page<Link>>('/links', { sort: '-clicks', limit: 1 });
    const link = links.data[0];
    card.hidden = link !== undefined && link.clicks > 0;
    if (card.hidden) return false;
    programs = await get<Page<Program>>('/programs', { limit: 200 });
  } catch (error) {
    // The numbers below say what is wrong and offer to try again.
    if (!(error instanceof ApiError)) throw error;
    card.hidden = true;
    return false;
  }
  const hostsAllowed = programs.data.some((program) => program.allowed_hosts.length > 0);
  const list = steps(hostsAllowed, links.data[0]);
  const current = list.findIndex((step) => !step.done);
  card.replaceChildren(
    element('h2', { id: 'setup-title' }, 'Three steps to the first click'),
    element(
      'ol',
      { class: 'setup-steps' },
      ...list.map((step, at) => stepItem(step, at, at === current)),
    ),
  );
  return true;
}
