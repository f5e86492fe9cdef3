// The list of links: search, filter, sort and pages all happen on the server.
import { get } from '../api/client';
import type { Link, LinkStatus, Page } from '../api/types';
import { showChips, type Chip } from '../page/chips';
import { byId, debounced, findAll } from '../page/dom';
import { UrlFilters } from '../page/filters';
import { clearNotice } from '../page/notice';
import { Pages } from '../page/pages';
import { noteStale, showEmpty, showError, skeletonRows } from '../page/states';
import { may } from '../shell/session';
import { startPage } from '../shell/shell';
import { linkRow } from './row';
import { statusLabel } from './status';

const pageSize = 50;
const newestFirst = '-created_at';
const filters = new UrlFilters(['q', 'status', 'sort', 'program_id', 'user_id'] as const);
let pages: Pages;
let loading: AbortController | null = null;
let loadedAt: Date | null = null;

function showControls(): void {
  const asked = filters.read();
  const search = byId<HTMLInputElement>('filter-q');
  if (document.activeElement !== search) search.value = asked.q;
  byId<HTMLSelectElement>('filter-status').value = asked.status;
  const sort = asked.sort || newestFirst;
  byId<HTMLSelectElement>('filter-sort').value = sort;
  for (const button of findAll<HTMLButtonElement>('[data-sort]')) {
    const column = button.dataset.sort?.replace('-', '');
    const sorted = sort.replace('-', '') === column;
    const order = sort.startsWith('-') ? 'descending' : 'ascending';
    button.closest('th')?.setAttribute('aria-sort', sorted ? order : 'none');
  }
  const chips: Chip[] = [];
  const chip = (label: string, name: keyof typeof asked): void => {
    chips.push({ label, remove: () => update({ [name]: '' }) });
  };
  if (asked.q) chip(`“${asked.q}”`, 'q');
  if (asked.status) chip(statusLabel(asked.status as LinkStatus), 'status');
  if (asked.program_id) chip('One program', 'program_id');
  if (asked.user_id) chip('One partner', 'user_id');
  showChips(chips, clearAll);
}

function showNothing(): void {
  const asked = filters.read();
  const filtered = asked.q || asked.status || asked.program_id || asked.user_id;
  const create = (): void => {
    document.dispatchEvent(new CustomEvent('create-link'));
  };
  if (filtered) {
    showEmpty(byId('state'), {
      symbol: 'filter',
      title: 'No link fits these filters',
      text: 'Try another word, or look at all links.',
      action: { label: 'Show all links', run: clearAll },
    });
  } else {
    showEmpty(byId('state'), {
      symbol: 'link',
      title: 'No links yet',
      text: 'A link sends people to your page and counts everyone who comes.',
      action: may('links:write') ? { label: 'Create the first link', run: create } : undefined,
    });
  }
}

async function load(): Promise<void> {
  loading?.abort();
  loading = new AbortController();
  const rows = byId('rows');
  rows.setAttribute('aria-busy', 'true');
  const query = { ...filters.read(), limit: pageSize, cursor: pages.cursor };
  try {
    const answer = await get<Page<Link>>('/links', query, loading.signal);
    loadedAt = new Date();
    clearNotice();
    byId('state').hidden = true;
    rows.replaceChildren(...answer.data.map((link) => linkRow(link, () => void load())));
    byId('links').hidden = answer.data.length === 0;
    if (answer.data.length === 0) showNothing();
    pages.loaded(answer.data.length, answer.next_cursor);
    rows.removeAttribute('aria-busy');
  } catch (error) {
    if (error instanceof DOMException) return;
    rows.removeAttribute('aria-busy');
    if (loadedAt) {
      noteStale(loadedAt, error);
    } else {
      byId('links').hidden = true;
      showError(byId('state'), error, () => void load());
    }
  }
}

function reload(): void {
  pages.reset();
  showControls();
  void load();
}

function update(
  changes: Parameters<typeof filters.write>[0],
  how: 'push' | 'replace' = 'push',
): void {
  filters.write(changes, how);
  reload();
}

function clearAll(): void {
  byId<HTMLInputElement>('filter-q').value = '';
  update({ q: '', status: '', program_id: '', user_id: '' });
}

function listen(): void {
  const search = byId<HTMLInputElement>('filter-q');
  search.addEventListener(
    'input',
    debounced(() => update({ q: search.value.trim() }, 'replace'), 250),
  );
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  byId<HTMLSelectElement>('filter-status').addEventListener('change', (event) => {
    update({ status: (event.target as HTMLSelectElement).value });
  });
  byId<HTMLSelectElement>('filter-sort').addEventListener('change', (event) => {
    const value = (event.target as HTMLSelectElement).value;
    update({ sort: value === newestFirst ? '' : value });
  });
  for (const button of findAll<HTMLButtonElement>('[data-sort]')) {
    button.addEventListener('click', () => {
      const first = button.dataset.sort ?? newestFirst;
      const sort = filters.read().sort || newestFirst;
      // The server sorts only some columns both ways; a second press turns the date around.
      const turned = sort === newestFirst && first === newestFirst ? 'created_at' : first;
      update({ sort: turned === newestFirst ? '' : turned });
    });
  }
  addEventListener('popstate', reload);
  document.addEventListener('link-saved', () => void load());
  document.addEventListener('refresh', () => void load());
}

await startPage(async () => {
  pages = new Pages(pageSize, () => void load().then(() => scrollTo({ top: 0 })));
  byId('rows').append(...skeletonRows(8, 7));
  listen();
  showControls();
  await load();
});
