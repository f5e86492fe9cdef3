// The overview: totals, chart, places, devices, sources; today's counters live.
import { listenLive } from '../api/live';
import { Numbers } from '../analytics/numbers';
import { showEarned } from '../earnings/overview';
import { byId } from '../page/dom';
import { plural } from '../page/format';
import { startPage } from '../shell/shell';
import { showTermsNotice } from '../terms/notice';
import { showSetup } from './setup';

await startPage(async () => {
  const numbers = new Numbers({});
  const reload = async (): Promise<void> => {
    const settingUp = await showSetup();
    byId('numbers').hidden = settingUp;
    byId('range').hidden = settingUp;
    if (!settingUp) await numbers.show();
  };
  document.addEventListener('link-saved', () => void reload());
  await Promise.all([reload(), showEarned(), showTermsNotice()]);
  listenLive({
    click: () => {
      if (byId('numbers').hidden) void reload();
      else if (Numbers.isLive()) numbers.refresh();
    },
    counters: (counters) => {
      byId('live-text').textContent =
        `${plural(counters.visitors_now, 'visitor', 'visitors')} now · ` +
        `${plural(counters.clicks_today, 'click', 'clicks')} today, ` +
        `${plural(counters.unique_clicks_today, 'unique', 'unique')}`;
    },
    connected: (connected) => {
      byId('live').classList.toggle('live-off', !connected);
      if (!connected) byId('live-text').textContent = 'Live updates paused, connecting again…';
    },
    resumed: () => numbers.refresh(),
  });
});
