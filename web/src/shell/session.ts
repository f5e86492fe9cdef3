// Who is signed in, what they may do, and what happens when the session ends.
import { get, useCsrfToken, write } from '../api/client';
import type { Me, Role } from '../api/types';
import { findAll } from '../page/dom';
import { useTimeZone } from '../page/format';

const rememberedKey = 'me';
let current: Me | null = null;

/** The signed-in user; only after `startSession` has answered. */
export function me(): Me {
  if (!current) throw new Error('The session has not been loaded yet.');
  return current;
}

/** `links:write` is held by itself, by `links:*` and by `*`. */
export function may(permission: string): boolean {
  const held = current?.permissions ?? [];
  const noun = permission.split(':')[0] ?? '';
  return held.includes(permission) || held.includes(`${noun}:*`) || held.includes('*');
}

export function isStaff(): boolean {
  const role = current?.user.role;
  return role === 'admin' || role === 'manager';
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return (
    (words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')
  ).toUpperCase();
}

/** Shows what the user may use; everything that needs a permission is hidden in the HTML. */
export function showAllowed(within: ParentNode = document): void {
  for (const control of findAll('[data-permission]', within)) {
    control.hidden = !may(control.dataset.permission ?? '');
  }
  for (const control of findAll('[data-role]', within)) {
    const roles = (control.dataset.role ?? '').split(' ') as Role[];
    control.hidden = !current || !roles.includes(current.user.role);
  }
}

function show(answer: Me): void {
  current = answer;
  useCsrfToken(answer.csrf_token);
  useTimeZone(answer.user.timezone);
  const shown: Record<string, string> = {
    name: answer.user.name,
    email: answer.user.email,
    role: answer.user.role,
    initials: initials(answer.user.name || answer.user.email),
  };
  for (const place of findAll('[data-user]')) {
    place.textContent = shown[place.dataset.user ?? ''] ?? '';
  }
  showAllowed();
}

function remember(answer: Me): void {
  try {
    // Without the CSRF token: this only spares the menu a flicker on the next page.
    sessionStorage.setItem(rememberedKey, JSON.stringify({ ...answer, csrf_token: '' }));
  } catch {
    // A full or forbidden storage costs the flicker, nothing else.
  }
}

function recall(): void {
  try {
    const stored = sessionStorage.getItem(rememberedKey);
    if (stored) show(JSON.parse(stored) as Me);
  } catch {
    current = null;
  }
}

export function adoptMe(answer: Me): void {
  show(answer);
  remember(answer);
}

export function goToSignIn(): void {
  sessionStorage.removeItem(rememberedKey);
  const next = location.pathname + location.search;
  location.assign(`/auth/sign-in?next=${encodeURIComponent(next)}`);
}

export async function startSession(): Promise<void> {
  document.addEventListener('session-ended', goToSignIn, { once: true });
  recall();
  adoptMe(await get<Me>('/me'));
}

export async function signOut(): Promise<void> {
  await write('POST', '/auth/sign-out');
  sessionStorage.removeItem(rememberedKey);
  location.assign('/auth/sign-in');
}
