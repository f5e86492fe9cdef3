// One link: what it is, what it brought, and the latest clicks.
import { ApiError, get } from '../api/client';
import { listenLive } from '../api/live';
import type { Click, Link, Page } from '../api/types';
import { Numbers } from '../analytics/numbers';
import { recentClicks } from '../clicks/recent';
import { copyButton } from '../page/copy';
import { byId, element, icon, throttled } from '../page/dom';
import { bareUrl, count, countryName, date, dateTime, deviceName } from '../page/format';
import { noteStale, showEmpty, showError } from '../page/states';
import { startPage } from '../shell/shell';
import { linkActions } from './actions';
import { openQrDialog, qrAddress } from './qr';
import { moment } from './row';
import { statusPill } from './status';

const recentRows = 10;
const id = new URLSearchParams(location.search).get('id') ?? '';
const path = `/links/${encodeURIComponent(id)}`;
let shownLink: Link | null = null;
let recentAt: Date | null = null;

function fact(term: string, ...value: (Node | string)[]): HTMLElement {
  return element('div', {}, element('dt', {}, term), element('dd', {}, ...value));
}

function outside(url: string): HTMLElement {
  return element('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, bareUrl(url));
}

function targetFacts(link: Link): HTMLElement[] {
  return link.targets.map((target) => {
    const where = (target.countries ?? []).map(countryName).join(', ') || 'Any country';
    const what = (target.devices ?? []).map(deviceName).join(', ') || 'any device';
    return fact(`${where}, ${what.toLowerCase()}`, outside(target.destination_url));
  });
}

function facts(link: Link): HTMLElement[] {
  const limits = [
    link.starts_at && fact('Starts', dateTime(link.starts_at)),
    link.expires_at && fact('Ends', dateTime(link.expires_at)),
    link.visits_max !== null && fact('Visits at most', count(link.visits_max)),
    link.has_password && fact('Password', 'Asked for'),
    link.pass_params && fact('Parameters', 'Passed on'),
  ].filter((made): made is HTMLElement => made instanceof HTMLElement);
  const utm = Object.entries(link.utm ?? {}).filter(([, value]) => value);
  return [
    fact('Goes to', outside(link.destination_url)),
    ...targetFacts(link),
    ...(utm.length > 0
      ? [fact('UTM', utm.map(([name, value]) => `${name}=${value}`).join(' · '))]
      : []),
    ...limits,
    fact('Owner', link.user_name),
    fact('Created', date(link.created_at)),
    fact('Last click', link.last_clicked_at ? moment(link.last_clicked_at) : 'None yet'),
  ];
}

function showActions(link: Link): void {
  byId('actions').replaceChildren(
    ...linkActions(link, () => void loadLink()).map((action) => {
      const button = element(
        'button',
        { type: 'button', class: 'btn btn-sm btn-outline-gray-600' },
        icon(action.symbol),
        action.label,
      );
      button.addEventListener('click', action.run);
      return button;
    }),
  );
}

function showPreview(link: Link): void {
  const image = element('img', {
    src: qrAddress(link, 'svg', 256),
    alt: '',
    width: 112,
    height: 112,
  });
  const button = element('button', { type: 'button', 'aria-label': 'Show the QR code' }, image);
  button.addEventListener('click', () => openQrDialog(link));
  if (!byId('preview-qr').firstElementChild) byId('preview-qr').append(button);
}

function show(link: Link): void {
  shownLink = link;
  document.title = document.title.replace(/^[^·]*/, `${link.name ?? link.code} `);
  byId('crumb').textContent = link.code;
  byId('link-heading').textContent = link.name ?? `/${link.code}`;
  byId('link-status').replaceChildren(statusPill(link.status));
  byId('link-address').replaceChildren(
    element(
      'a',
      { href: link.short_url, rel: 'noopener', target: '_blank' },
      bareUrl(link.short_url),
    ),
    copyButton(link.short_url, 'Copy the address'),
  );
  byId('facts').replaceChildren(...facts(link));
  showPreview(link);
  showActions(link);
}

async function loadLink(): Promise<boolean> {
  try {
    show(await get<Link>(path));
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 422)) {
      byId('found').hidden = true;
      byId('crumb').textContent = 'Not found';
      showEmpty(byId('missing'), {
        symbol: 'search',
        title: 'There is no such link',
        text: 'It may belong to somebody else, or its address was cut off.',
        action: { label: 'All links', run: () => location.assign('/referrals/links') },
      });
    } else if (shownLink) {
      noteStale(new Date(), error);
    } else {
      byId('found').hidden = true;
      showError(byId('missing'), error, () => location.reload());
    }
    return false;
  }
}

async function loadRecent(): Promise<void> {
  const place = byId('recent');
  try {
    const answer = await get<Page<Click>>('/clicks', { link_id: id, limit: recentRows });
    recentAt = new Date();
    if (answer.data.length > 0) {
      place.replaceChildren(recentClicks(answer.data));
    } else {
      showEmpty(place, {
        symbol: 'click',
        title: 'No clicks yet',
        text: 'Copy the address or show the QR code; the first click appears here at once.',
      });
    }
  } catch (error) {
    if (recentAt) noteStale(recentAt, error);
    else showError(place, error, () => void loadRecent());
  }
}

await startPage(async () => {
  byId<HTMLAnchorElement>('all-clicks').href =
    `/referrals/clicks?link_id=${encodeURIComponent(id)}`;
  if (!(await loadLink())) return;
  const numbers = new Numbers({ link_id: id });
  const refresh = throttled(() => {
    void loadLink();
    void loadRecent();
    if (Numbers.isLive()) numbers.refresh();
  }, 2_000);
  document.addEventListener('link-saved', () => void loadLink());
  listenLive({
    click: (click) => {
      if (click.link_id === id) refresh();
    },
    resumed: refresh,
  });
  await Promise.all([numbers.show(), loadRecent()]);
});
