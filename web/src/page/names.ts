// Names of partners: that which an answer has, else looked up by the id.
import { ApiError, get } from '../api/client';
import type { Partner } from '../api/partners';
import { isPartner, may, me } from '../shell/session';
import { element } from './dom';

const known = new Map<string, Promise<string>>();

function lookUp(userId: string): Promise<string> {
  const found = known.get(userId);
  if (found) return found;
  const asked = get<Partner>(`/partners/${encodeURIComponent(userId)}`).then(
    (partner) => partner.company ?? partner.name,
    (error: unknown) => {
      // The id stays: a name is a convenience.
      if (error instanceof ApiError) return userId;
      throw error;
    },
  );
  known.set(userId, asked);
  return asked;
}

export const partnerAddress = (userId: string): string =>
  `/admin/partner?id=${encodeURIComponent(userId)}`;

/** The partner's name, a link to them where one may see it; a partner is "you" to itself. */
export function partnerName(userId: string, name?: string | null): HTMLElement {
  if (isPartner()) {
    return element('span', {}, userId === me().user.id ? 'You' : (name ?? 'Another partner'));
  }
  if (!may('partners:read')) return element('span', {}, name ?? userId);
  const made = element('a', { href: partnerAddress(userId) }, name ?? userId);
  if (!name) {
    void lookUp(userId).then((found) => {
      made.textContent = found;
    });
  }
  return made;
}
