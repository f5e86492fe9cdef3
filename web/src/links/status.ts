// How a link behaves now, as a word with a dot.
import type { LinkStatus } from '../api/types';
import { element } from '../page/dom';

const shown: Record<LinkStatus, { label: string; pill: string }> = {
  active: { label: 'Active', pill: 'pill pill-good' },
  paused: { label: 'Paused', pill: 'pill pill-warn' },
  expired: { label: 'Expired', pill: 'pill pill-quiet' },
  disabled: { label: 'Disabled', pill: 'pill pill-bad' },
  banned: { label: 'Banned', pill: 'pill pill-bad' },
};

export const statusLabel = (status: string): string => shown[status as LinkStatus]?.label ?? status;

export function statusPill(status: LinkStatus): HTMLElement {
  return element('span', { class: shown[status].pill }, shown[status].label);
}
