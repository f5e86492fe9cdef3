// How far a lead has come.
import { bad, good, labelOf, pillOf, quiet, warn, type Shown } from '../page/status';

const shown: Shown = {
  waiting: { label: 'Waiting', pill: warn },
  accepted: { label: 'Accepted', pill: good },
  rejected: { label: 'Rejected', pill: bad },
  converted: { label: 'Converted', pill: good },
  expired: { label: 'Expired', pill: quiet },
};

export const leadStatus = (status: string): string => labelOf(shown, status);
export const leadPill = (status: string): HTMLElement => pillOf(shown, status);
