// The words of imports.
import type { Import } from '../api/sales';
import { bad, good, labelOf, pillOf, quiet, warn, type Shown } from '../page/status';

const shown: Shown = {
  checking: { label: 'Being checked', pill: warn },
  checked: { label: 'Checked', pill: good },
  committing: { label: 'Being imported', pill: warn },
  committed: { label: 'Imported', pill: good },
  undoing: { label: 'Being undone', pill: warn },
  undone: { label: 'Undone', pill: quiet },
  waiting: { label: 'Waiting', pill: quiet },
  good: { label: 'Good', pill: good },
  same: { label: 'There already', pill: quiet },
  bad: { label: 'Wrong', pill: bad },
  made: { label: 'Imported', pill: good },
};

export const importStatus = (status: string): string => labelOf(shown, status);
export const importPill = (status: string): HTMLElement => pillOf(shown, status);

/** Something is still being done about it. */
export const isBusy = ({ status }: Import): boolean =>
  ['checking', 'committing', 'undoing'].includes(status);

export const importAddress = (id: string): string => `/admin/import?id=${encodeURIComponent(id)}`;
