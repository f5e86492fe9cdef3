// How far an application has come, as a word with a dot.
import type { ApplicationStatus } from '../api/people';
import { element } from '../page/dom';

const shown: Record<ApplicationStatus, { label: string; pill: string }> = {
  unverified: { label: 'Address not confirmed', pill: 'pill pill-quiet' },
  waiting: { label: 'Waiting', pill: 'pill pill-warn' },
  approved: { label: 'Approved', pill: 'pill pill-good' },
  rejected: { label: 'Rejected', pill: 'pill pill-bad' },
};

export const applicationStatus = (status: string): string =>
  shown[status as ApplicationStatus]?.label ?? status;

export function applicationPill(status: ApplicationStatus): HTMLElement {
  return element('span', { class: shown[status].pill }, shown[status].label);
}
