// Short messages at the edge of the screen; announced because their region is a live one.
import { byId, element, icon } from './dom';

const shownMs = 5_000;

export function toast(message: string, kind: 'good' | 'bad' = 'good'): void {
  const box = element(
    'div',
    { class: kind === 'good' ? 'toast-note toast-good' : 'toast-note toast-bad' },
    icon(kind === 'good' ? 'check' : 'warning'),
    element('span', {}, message),
  );
  byId('toasts').append(box);
  setTimeout(() => box.remove(), shownMs);
}
