// The latest clicks of one link, as a short list.
import type { Click } from '../api/types';
import { classPill } from '../analytics/classes';
import { element } from '../page/dom';
import { clickTime, device, place } from './row';

export function recentClicks(clicks: Click[]): HTMLElement {
  const items = clicks.map((click) =>
    element(
      'li',
      {},
      clickTime(click),
      element(
        'span',
        { class: 'recent-what' },
        element('span', { class: 'row-title' }, place(click)),
        element('span', { class: 'row-detail' }, device(click)),
      ),
      classPill(click.class),
    ),
  );
  return element('ul', { class: 'recent' }, ...items);
}
