// The stream of clicks, newest first. New ones are announced above it and never move the rows.
import { listenLive } from '../api/live';
import { byId, element } from '../page/dom';
import { UrlFilters } from '../page/filters';
import { dateTime, plural } from '../page/format';
import { clearNotice } from '../page/notice';
import { Pages } from '../page/pages';
import { noteStale, showEmpty, showError, skeletonRows } from '../page/states';
import { startPage } from '../shell/shell';
import { fillChoices, nameLink, showFilters, watchFilters } from './controls';
import { openClick } from './details';
import { clickRow } from './row';
import { filterNames, findClicks, fits, type Filters, type Found } from './search';

const pageSize = 50;
const filters = new UrlFilters(filterNames);
let pages: Pages;
let loading: AbortController | null = null;
let loadedAt: Date | null = null;
let waiting = 0;

function showWaiting(): void {
  const bar = byId('new-bar');
  if (waiting === 0) {
    bar.replaceChildren();
    return;
  }
  const button = element(
    'button',
    { type: 'button', class: 'btn btn-sm btn-primary' },
    `Show ${plural(waiting, 'new click', 'new clicks')}`,
  );
  button.addEventListener('click', reload);
  bar.replaceChildren(button);
}

function showNothing(found: Found): void {
  const asked = filters.read();
  const filtered = filterNames.some((name) => asked[name]);
  if (!filtered) {
    showEmpty(byId('state'), {
      symbol: 'click',
      title: 'No clicks yet',
      text: 'As soon as somebody opens one of your links, the click is listed here.',
      action: { label: 'Go to the links', run: () => location.assign('/referrals/links') },
    });
    return;
  }
  const more = found.next_cursor !== null;
  const searched = plural(found.searched ?? 0, 'click was', 'clicks were');
  showEmpty(byId('state'), {
    symbol: 'filter',
    title: 'No click fits these filters',
    text: more
      ? `${searched} looked through; “Older” looks further.`
      : 'Try fewer filters or other days.',
    action: { label: 'Clear filters', run: clearAll },
  });
}

async function load(): Promise<void> {
  loading?.abort();
  loading = new AbortController();
  const rows = byId('rows');
  rows.setAttribute('aria-busy', 'true');
  try {
    const found = await findClicks(filters.read(), pages.cursor, loading.signal);
    loadedAt = new Date();
    clearNotice();
    byId('state').hidden = true;
    rows.replaceChildren(...found.data.map((click) => clickRow(click, openClick)));
    byId('clicks').hidden = found.data.length === 0;
    pages.loaded(found.data.length, found.next_cursor);
    if (found.data.length === 0) {
      showNothing(found);
      byId('pager').hidden = pages.isFirst && found.next_cursor === null;
      byId('pager-text').textContent = '';
    } else if (found.searched !== null && found.next_cursor !== null) {
      const oldest = found.data.at(-1);
      byId('pager-text').textContent =
        `${plural(found.data.length, 'click', 'clicks')}` +
        (oldest ? `, back to ${dateTime(oldest.clicked_at)}` : '');
    }
    rows.removeAttribute('aria-busy');
  } catch (error) {
    if (error instanceof DOMException) return;
    rows.removeAttribute('aria-busy');
    if (loadedAt) {
      noteStale(loadedAt, error);
    } else {
      byId('clicks').hidden = true;
      showError(byId('state'), error, () => void load());
    }
  }
}

async function show(): Promise<void> {
  showFilters(filters.read(), update, clearAll);
  await nameLink(filters.read());
  showFilters(filters.read(), update, clearAll);
}

function reload(): void {
  pages.reset();
  waiting = 0;
  showWaiting();
  void show();
  void load();
}

function update(changes: Partial<Filters>): void {
  filters.write(changes);
  reload();
}

function clearAll(): void {
  filters.clear();
  reload();
}

await startPage(async () => {
  pages = new Pages(pageSize, () => void load().then(() => scrollTo({ top: 0 })));
  byId('rows').append(...skeletonRows(10, 7));
  fillChoices();
  watchFilters(update);
  addEventListener('popstate', reload);
  document.addEventListener('refresh', () => void load());
  void show();
  await load();
  listenLive({
    click: (click) => {
      if (!fits(click, filters.read())) return;
      waiting += 1;
      showWaiting();
    },
    counters: (counters) => {
      byId('live-text').textContent =
        `${plural(counters.visitors_now, 'visitor', 'visitors')} now · ` +
        `${plural(counters.clicks_today, 'click', 'clicks')} today`;
    },
    connected: (connected) => {
      byId('live').classList.toggle('live-off', !connected);
      if (!connected) byId('live-text').textContent = 'Live updates paused, connecting again…';
    },
    resumed: () => {
      if (pages.isFirst) void load();
    },
  });
});
