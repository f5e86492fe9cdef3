// What can be done with a link: each action only where the state and the user's permissions allow it.
import { ApiError, write } from '../api/client';
import type { Link } from '../api/types';
import { confirmed } from '../page/dialog';
import { toast } from '../page/toast';
import { may } from '../shell/session';
import { openQrDialog } from './qr';

export interface LinkAction {
  label: string;
  symbol: string;
  run: () => void;
}

type Verb = 'pause' | 'activate' | 'disable' | 'ban';

interface Change {
  verb: Verb;
  done: string;
  question?: { title: string; text: string; confirm: string; danger: boolean };
}

async function change(
  link: Link,
  { verb, done, question }: Change,
  changed: () => void,
): Promise<void> {
  if (question && !(await confirmed(question))) return;
  try {
    await write<Link>('POST', `/links/${encodeURIComponent(link.id)}/${verb}`);
    toast(done);
    changed();
  } catch (error) {
    if (error instanceof ApiError) toast(error.message, 'bad');
    else throw error;
  }
}

function pauseOf(link: Link): Change {
  return {
    verb: 'pause',
    done: `/${link.code} is paused.`,
    question: {
      title: `Pause /${link.code}?`,
      text: 'Visitors go to the fallback address, and their clicks do not count for it. You can activate it again at any time.',
      confirm: 'Pause',
      danger: false,
    },
  };
}

function disableOf(link: Link): Change {
  return {
    verb: 'disable',
    done: `/${link.code} is disabled.`,
    question: {
      title: `Disable /${link.code}?`,
      text: 'The link stops for good: printed codes and shared addresses will lead to a page that says it has ended.',
      confirm: 'Disable',
      danger: true,
    },
  };
}

function banOf(link: Link): Change {
  return {
    verb: 'ban',
    done: `/${link.code} is banned.`,
    question: {
      title: `Ban /${link.code}?`,
      text: 'For links that break the rules. It stops at once, and its owner cannot activate it.',
      confirm: 'Ban',
      danger: true,
    },
  };
}

async function edit(link: Link): Promise<void> {
  const { openLinkDialog } = await import('./dialog');
  await openLinkDialog(link);
}

export function linkActions(link: Link, changed: () => void): LinkAction[] {
  const found: LinkAction[] = [{ label: 'QR code', symbol: 'qr', run: () => openQrDialog(link) }];
  if (!may('links:write')) return found;
  const add = (label: string, symbol: string, run: () => void): void => {
    found.push({ label, symbol, run });
  };
  add('Edit', 'edit', () => void edit(link));
  if (link.status === 'active') {
    add('Pause', 'pause', () => void change(link, pauseOf(link), changed));
  }
  if (link.status === 'paused') {
    const activate: Change = { verb: 'activate', done: `/${link.code} is active.` };
    add('Activate', 'play', () => void change(link, activate, changed));
  }
  if (link.status === 'active' || link.status === 'paused') {
    add('Disable', 'stop', () => void change(link, disableOf(link), changed));
  }
  if (may('links:ban') && link.status !== 'banned') {
    add('Ban', 'warning', () => void change(link, banOf(link), changed));
  }
  return found;
}
