// Who is signed in, what they may do, and what happens when the session ends.
import { get, useCsrfToken, write } from '../api/client';
import type { Me, Role } from '../api/types';
import { applyBranding } from '../page/branding';
import { byId, findAll } from '../page/dom';
import { useTimeZone } from '../page/format';

const rememberedKey = 'me';
let current: Me | null = null;

/** The signed-in user; only after `startSession` has answered. */
export function me(): Me {
  if (!current) throw new Error('The session has not been loaded yet.');
  return current;
}

/** Reading as somebody else: the server refuses every change, so none is offered. */
const isReadOnly = (permission: string): boolean =>
  !!current?.viewing_as && !permission.endsWith(':read');

/** `links:write` is held by itself, by `links:*` and by `*`. */
export function may(permission: string): boolean {
  if (isReadOnly(permission)) return false;
  const held = current?.permissions ?? [];
  const noun = permission.split(':')[0] ?? '';
  return held.includes(permission) || held.includes(`${noun}:*`) || held.includes('*');
}

export function isStaff(): boolean {
  const role = current?.user.role;
  return role === 'admin' || role === 'manager';
}

export const isPartner = (): boolean => current?.user.role === 'partner';

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return (
    (words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')
  ).toUpperCase();
}

/** Shows what the user may use; everything that needs a permission is hidden in the HTML. */
export function showAllowed(within: ParentNode = document): void {
  for (const control of findAll('[data-permission], [data-role]', within)) {
    const { permission, role } = control.dataset;
    const roles = role?.split(' ') as Role[] | undefined;
    const isOfRole = !roles || (current !== null && roles.includes(current.user.role));
    control.hidden = !isOfRole || (permission !== undefined && !may(permission));
  }
}

/** Says whose eyes these are, with the way back. */
function showViewingAs(name: string | undefined): void {
  byId('viewing-as').hidden = name === undefined;
  byId('viewing-as-name').textContent = name ?? '';
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
  showViewingAs(answer.viewing_as?.name);
  applyBranding(answer.branding);
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

/** The next page asks again who is signed in. */
export function forgetMe(): void {
  sessionStorage.removeItem(rememberedKey);
}

export function goToSignIn(): void {
  forgetMe();
  const next = location.pathname + location.search;
  location.assign(`/auth/sign-in?next=${encodeURIComponent(next)}`);
}

const secondFactorPage = '/settings/security';

/** Whether another page is being opened, because a second factor has to be set up first. */
export function leadsToSecondFactor(): boolean {
  if (!me().must_set_up_totp || location.pathname === secondFactorPage) return false;
  location.replace(secondFactorPage);
  return true;
}

export async function startSession(): Promise<void> {
  document.addEventListener('session-ended', goToSignIn, { once: true });
  recall();
  adoptMe(await get<Me>('/me'));
}

/** An administrator sees what this partner sees. */
export async function viewAs(userId: string): Promise<void> {
  await write('POST', `/users/${encodeURIComponent(userId)}/view-as`);
  forgetMe();
  location.assign('/dashboard/');
}

export async function endViewingAs(): Promise<void> {
  await write('POST', '/auth/view-as/end');
  forgetMe();
  location.assign('/admin/users');
}

export async function signOut(): Promise<void> {
  await write('POST', '/auth/sign-out');
  forgetMe();
  location.assign('/auth/sign-in');
}
