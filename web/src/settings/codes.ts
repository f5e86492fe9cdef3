// Recovery codes: shown once, to be copied, saved as a file or printed.
import { copyText } from '../page/copy';
import { openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { toast } from '../page/toast';

let shown: string[] = [];
let file = '';

const text = (): string => `${shown.join('\n')}\n`;

/** Shows the codes; `closed` runs when they have been kept. */
export function showCodes(codes: string[], closed: () => void): void {
  shown = codes;
  byId('codes').replaceChildren(
    ...codes.map((code) => element('li', {}, element('code', {}, code))),
  );
  URL.revokeObjectURL(file);
  file = URL.createObjectURL(new Blob([text()], { type: 'text/plain' }));
  byId<HTMLAnchorElement>('codes-download').href = file;
  const dialog = openDialog('codes-dialog');
  dialog.addEventListener(
    'close',
    () => {
      shown = [];
      byId('codes').replaceChildren();
      URL.revokeObjectURL(file);
      closed();
    },
    { once: true },
  );
}

export function watchCodes(): void {
  // Esc and a slip of the mouse would lose them: only the button closes.
  byId('codes-dialog').addEventListener('cancel', (event) => event.preventDefault());
  byId('codes-print').addEventListener('click', () => window.print());
  byId('codes-copy').addEventListener('click', async () => {
    if (await copyText(text())) toast('The codes are copied.');
    else toast('The browser did not allow copying.', 'bad');
  });
}
