// The list of keys: those of all pages, of this page, and where G leads.
import { openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { currentPageKeys, goLinks, setSingleKeys, singleKeysOn } from './shortcuts';

function entry(keys: string[], meaning: string): HTMLElement {
  const shown = keys.flatMap((key) => [element('kbd', {}, key.toUpperCase()), ' ']);
  return element('div', {}, element('dt', {}, ...shown), element('dd', {}, meaning));
}

export function openKeys(): void {
  byId<HTMLInputElement>('keys-single').checked = singleKeysOn();
  byId('keys-page').replaceChildren(
    ...currentPageKeys().map(({ key, meaning }) => entry([key], meaning)),
  );
  byId('keys-go').replaceChildren(
    ...goLinks().map((anchor) =>
      entry(['g', anchor.dataset.key ?? ''], anchor.textContent?.trim() ?? ''),
    ),
  );
  openDialog('keys-dialog');
}

export function prepareKeys(): void {
  byId<HTMLInputElement>('keys-single').addEventListener('change', (event) => {
    setSingleKeys((event.target as HTMLInputElement).checked);
  });
}
