// The steps of a card: one of the elements with `data-step` is shown at a time.
import { findAll } from '../page/dom';

export function showStep(name: string, focus = true): void {
  for (const step of findAll('[data-step]')) {
    step.hidden = step.dataset.step !== name;
    if (step.hidden || !focus) continue;
    const first = step.querySelector<HTMLElement>('[data-focus]');
    first?.focus();
  }
}
