// Native dialogs: the browser keeps the focus inside, closes on Esc and gives the focus back.
import { byId } from './dom';

export function openDialog(id: string): HTMLDialogElement {
  const dialog = byId<HTMLDialogElement>(id);
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export function closeDialog(id: string): void {
  byId<HTMLDialogElement>(id).close();
}

/** A click on the backdrop or on something marked `data-close` closes the dialog it is in. */
export function watchDialogs(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const closer = target.closest('[data-close]');
    if (closer) closer.closest('dialog')?.close();
  });
  document.addEventListener('mousedown', (event) => {
    const target = event.target;
    if (!(target instanceof HTMLDialogElement) || !target.open) return;
    const box = target.getBoundingClientRect();
    const outside =
      event.clientX < box.left ||
      event.clientX > box.right ||
      event.clientY < box.top ||
      event.clientY > box.bottom;
    if (outside) target.close();
  });
}

/** Asks before something that is hard to take back. */
export async function confirmed(question: {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
}): Promise<boolean> {
  const { default: Swal } = await import('./confirm');
  const opener = document.activeElement;
  const answer = await Swal.fire({
    // `title` would be read as HTML, and people name what is asked about.
    titleText: question.title,
    text: question.text,
    confirmButtonText: question.confirm,
    cancelButtonText: 'Cancel',
    showCancelButton: true,
    focusCancel: question.danger ?? false,
    returnFocus: false,
    buttonsStyling: false,
    reverseButtons: true,
    heightAuto: false,
    scrollbarPadding: false,
    customClass: {
      confirmButton: question.danger ? 'btn btn-danger' : 'btn btn-primary',
      cancelButton: 'btn btn-outline-gray-600',
    },
  });
  if (opener instanceof HTMLElement) opener.focus();
  return answer.isConfirmed;
}
