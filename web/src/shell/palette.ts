// Ctrl+K: pages and actions at once, links by a search on the server.
import { ApiError, get } from '../api/client';
import type { Link, Page } from '../api/types';
import { closeDialog, openDialog } from '../page/dialog';
import { byId, debounced, element, findAll, icon } from '../page/dom';
import { bareUrl } from '../page/format';
import { may } from './session';

interface Entry {
  label: string;
  detail: string;
  symbol: string;
  run: () => void;
}

let entries: Entry[] = [];
let active = 0;
let search: AbortController | null = null;

function go(address: string): () => void {
  return () => location.assign(address);
}

/** The pages of the menu, as far as this user sees them. */
function pages(): Entry[] {
  return findAll<HTMLAnchorElement>('#sidebarMenu .nav-item:not([hidden]) a.nav-link').map(
    (anchor) => ({
      label: anchor.textContent?.trim() ?? '',
      detail: 'Page',
      symbol: 'right',
      run: go(anchor.getAttribute('href') ?? '/'),
    }),
  );
}

function actions(): Entry[] {
  const create: Entry = {
    label: 'New link',
    detail: 'Action',
    symbol: 'plus',
    run: () => document.dispatchEvent(new CustomEvent('create-link')),
  };
  const theme: Entry = {
    label: 'Switch between light and dark',
    detail: 'Action',
    symbol: 'moon',
    run: () => document.dispatchEvent(new CustomEvent('switch-theme')),
  };
  return may('links:write') ? [create, theme] : [theme];
}

function select(index: number): void {
  const options = findAll('[role="option"]', byId('palette-list'));
  active = Math.max(0, Math.min(index, options.length - 1));
  for (const [at, option] of options.entries()) {
    option.setAttribute('aria-selected', String(at === active));
  }
  const chosen = options[active];
  chosen?.scrollIntoView({ block: 'nearest' });
  byId('palette-input').setAttribute('aria-activedescendant', chosen?.id ?? '');
}

function run(entry: Entry | undefined): void {
  if (!entry) return;
  closeDialog('palette');
  entry.run();
}

function show(found: Entry[]): void {
  entries = found;
  byId('palette-list').replaceChildren(
    ...found.map((entry, at) => {
      const option = element(
        'div',
        {
          role: 'option',
          id: `palette-option-${at}`,
          class: 'palette-option',
          'aria-selected': 'false',
        },
        icon(entry.symbol),
        element('span', { class: 'palette-label' }, entry.label),
        element('span', { class: 'palette-detail' }, entry.detail),
      );
      option.addEventListener('click', () => run(entry));
      return option;
    }),
  );
  select(0);
}

function matching(text: string): Entry[] {
  const wanted = text.toLowerCase();
  return [...pages(), ...actions()].filter((entry) => entry.label.toLowerCase().includes(wanted));
}

async function searchLinks(text: string): Promise<void> {
  search?.abort();
  const own = matching(text);
  if (text === '') return;
  search = new AbortController();
  try {
    const answer = await get<Page<Link>>('/links', { q: text, limit: 8 }, search.signal);
    const links = answer.data.map((link) => ({
      label: link.name ? `${link.code} – ${link.name}` : link.code,
      detail: bareUrl(link.destination_url),
      symbol: 'link',
      run: go(`/referrals/link?id=${encodeURIComponent(link.id)}`),
    }));
    show([...own, ...links]);
    const nothing = own.length + links.length === 0;
    byId('palette-note').textContent = nothing ? `Nothing is called “${text}”.` : '';
  } catch (error) {
    if (error instanceof ApiError) byId('palette-note').textContent = error.message;
    else if (!(error instanceof DOMException)) throw error;
  }
}

export function openPalette(): void {
  const input = byId<HTMLInputElement>('palette-input');
  input.value = '';
  byId('palette-note').textContent = '';
  show(matching(''));
  openDialog('palette');
  input.focus();
}

export function preparePalette(): void {
  const input = byId<HTMLInputElement>('palette-input');
  const lookUp = debounced(() => void searchLinks(input.value.trim()), 150);
  input.addEventListener('input', () => {
    show(matching(input.value.trim()));
    lookUp();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') select(active + 1);
    else if (event.key === 'ArrowUp') select(active - 1);
    else if (event.key === 'Enter') run(entries[active]);
    else return;
    event.preventDefault();
  });
}
