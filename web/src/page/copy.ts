// Copying to the clipboard, with feedback at the button itself.
import { element, icon } from './dom';
import { toast } from './toast';

/** Answers whether the browser allowed it. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused, for instance without focus: the older way may still work.
    }
  }
  const field = element('textarea', { readonly: true, class: 'visually-hidden' });
  field.value = text;
  // What is outside an open dialog cannot be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}

/** A button that copies `text` and says so; secrets are called by `name` and not shown. */
export function copyButton(text: string, label: string, name?: string): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-bare btn-copy', 'aria-label': label, title: 'Copy' },
    icon('copy'),
  );
  button.addEventListener('click', async () => {
    if (!(await copyText(text))) {
      toast('The browser did not allow copying.', 'bad');
      return;
    }
    button.replaceChildren(icon('check'));
    button.classList.add('copied');
    button.setAttribute('aria-label', 'Copied');
    toast(name ? `The ${name} is copied.` : `Copied ${text}`);
    setTimeout(() => {
      button.replaceChildren(icon('copy'));
      button.classList.remove('copied');
      button.setAttribute('aria-label', label);
    }, 2_000);
  });
  return button;
}
