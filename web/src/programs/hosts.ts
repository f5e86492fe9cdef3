// The list of hosts that a program's links may lead to.
import { byId, element, icon } from '../page/dom';

let hosts: string[] = [];

export const chosenHosts = (): string[] => [...hosts];

/** A host as typed or pasted, whole addresses included; null when it is none. */
export function hostOf(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  if (text === '' || /\s/.test(text)) return null;
  if (text.startsWith('*.')) return text;
  const address = text.includes('://') ? text : `https://${text}`;
  return URL.canParse(address) ? new URL(address).host : null;
}

export function showHosts(shown: string[], changed: () => void, editable: boolean): void {
  hosts = [...shown];
  byId('program-hosts').replaceChildren(
    ...hosts.map((host) => {
      const remove = element(
        'button',
        { type: 'button', class: 'btn btn-bare', 'aria-label': `Remove ${host}` },
        icon('close'),
      );
      remove.addEventListener('click', () => {
        showHosts(
          hosts.filter((other) => other !== host),
          changed,
          editable,
        );
        changed();
        byId('program-host').focus();
      });
      return element('li', { class: 'host' }, element('span', {}, host), editable && remove);
    }),
  );
  if (hosts.length === 0) {
    byId('program-hosts').append(
      element('li', { class: 'host host-none' }, 'None yet: no link can be created.'),
    );
  }
}

function say(message: string): void {
  const place = byId('program-host-error');
  place.textContent = message;
  place.hidden = message === '';
}

/** Takes what is typed into the list; answers false when it is no host. */
export function addTypedHost(changed: () => void): boolean {
  const field = byId<HTMLInputElement>('program-host');
  if (field.value.trim() === '') return true;
  const host = hostOf(field.value);
  if (!host) {
    say('This is not a host name such as www.example.com.');
    field.focus();
    return false;
  }
  say('');
  field.value = '';
  showHosts([...new Set([...hosts, host])], changed, true);
  changed();
  return true;
}

export function watchHosts(changed: () => void): void {
  byId('program-host-add').addEventListener('click', () => addTypedHost(changed));
  byId('program-host').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    addTypedHost(changed);
  });
}
