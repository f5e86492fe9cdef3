// The live stream: one EventSource a tab, closed while the tab is hidden.
import type { Click, LiveCounters } from './types';

export interface LiveListener {
  click?: (click: Click) => void;
  counters?: (counters: LiveCounters) => void;
  /** Whether the stream is connected; called at every change. */
  connected?: (connected: boolean) => void;
  /** The stream is back after a pause: what happened meanwhile was not announced. */
  resumed?: () => void;
}

const retryAfterMs = 5_000;

export function listenLive(listener: LiveListener): void {
  let source: EventSource | null = null;
  let retry = 0;
  let wasConnected = false;

  const close = (): void => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const open = (): void => {
    close();
    const stream = new EventSource('/api/v1/analytics/live');
    source = stream;
    stream.addEventListener('open', () => {
      listener.connected?.(true);
      if (wasConnected) listener.resumed?.();
      wasConnected = true;
    });
    stream.addEventListener('error', () => {
      listener.connected?.(false);
      // The browser reconnects by itself unless the answer was an error.
      if (stream.readyState === EventSource.CLOSED) retry = window.setTimeout(open, retryAfterMs);
    });
    stream.addEventListener('click', (event) => {
      listener.click?.(JSON.parse((event as MessageEvent<string>).data) as Click);
    });
    stream.addEventListener('counters', (event) => {
      listener.counters?.(JSON.parse((event as MessageEvent<string>).data) as LiveCounters);
    });
  };

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) close();
    else open();
  });
  addEventListener('pagehide', close);
  addEventListener('pageshow', (event) => {
    if (event.persisted) open();
  });
  if (!document.hidden) open();
}
