// The bar above the page: offline, or numbers that could not be refreshed.
import { byId } from './dom';
import { time } from './format';

type Notice = { kind: 'offline' } | { kind: 'stale'; loadedAt: Date; reason: string };

export function showNotice(notice: Notice): void {
  const text =
    notice.kind === 'offline'
      ? `Offline since ${time(new Date())}. What you see is from before.`
      : `Not refreshed since ${time(notice.loadedAt)}: ${notice.reason}`;
  const bar = byId('notice');
  // Without a symbol: offline it could not be loaded.
  bar.textContent = text;
  bar.hidden = false;
}

export function clearNotice(): void {
  byId('notice').hidden = !navigator.onLine ? byId('notice').hidden : true;
}

export function watchConnection(): void {
  addEventListener('offline', () => showNotice({ kind: 'offline' }));
  addEventListener('online', () => {
    clearNotice();
    document.dispatchEvent(new CustomEvent('refresh'));
  });
}
