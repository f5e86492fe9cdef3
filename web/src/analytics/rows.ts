// From a number to the clicks behind it: addresses of the list of clicks.
import { withQuery } from '../api/client';
import type { Range } from './range';

/** What stands for "unknown" in an address. */
export const unknownKey = '(none)';

export type Scope = Record<string, string>;

export function clicksAddress(scope: Scope, range: Range | null, filters: Scope = {}): string {
  const days = range ? { from: range.from, to: range.to } : {};
  return withQuery('/referrals/clicks', { ...scope, ...days, ...filters });
}

/** Where a row of a breakdown leads; counted are people, so their classes are asked for. */
export function rowAddress(by: string, key: string, scope: Scope, range: Range): string {
  if (by === 'link') return withQuery('/referrals/link', { id: key });
  return clicksAddress(scope, range, { class: 'people', [by]: key === '' ? unknownKey : key });
}
