// How a partner stands in a program.
import { bad, good, labelOf, pillOf, quiet, warn, type Shown } from '../page/status';

const shown: Shown = {
  applied: { label: 'Applied', pill: warn },
  invited: { label: 'Invited', pill: warn },
  approved: { label: 'Approved', pill: good },
  rejected: { label: 'Rejected', pill: bad },
  suspended: { label: 'Suspended', pill: bad },
  banned: { label: 'Banned', pill: bad },
  left: { label: 'Left', pill: quiet },
};

export const enrolmentStatus = (status: string): string => labelOf(shown, status);
export const enrolmentPill = (status: string): HTMLElement => pillOf(shown, status);
