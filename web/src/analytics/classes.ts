// The classes of clicks: what they mean, and which of them are people.
import type { ByClass, ClickClass } from '../api/types';
import { element, svgElement } from '../page/dom';
import { count, share } from '../page/format';
import type { Range } from './range';
import { clicksAddress, type Scope } from './rows';

export interface ClassMeaning {
  label: string;
  pill: string;
  meaning: string;
}

export const classes: Record<ClickClass, ClassMeaning> = {
  human: {
    label: 'Unique',
    pill: 'pill pill-good',
    meaning: 'A person, counted as a unique click. It can earn.',
  },
  duplicate: {
    label: 'Duplicate',
    pill: 'pill pill-quiet',
    meaning: 'The same visitor again within the duplicate window. Counted, but not unique.',
  },
  suspect: {
    label: 'Suspect',
    pill: 'pill pill-warn',
    meaning: 'Its risk score is high. Counted, but not unique, until it is reviewed.',
  },
  self: {
    label: 'Own click',
    pill: 'pill pill-warn',
    meaning: "The partner's own session or device. Counted, but it cannot earn.",
  },
  bot: {
    label: 'Bot',
    pill: 'pill pill-quiet',
    meaning: 'A program that says so or behaves so. Stored apart from people.',
  },
  prefetch: {
    label: 'Prefetch',
    pill: 'pill pill-quiet',
    meaning: 'A browser loaded the link ahead of a click that may never come.',
  },
  non_get: {
    label: 'Not a visit',
    pill: 'pill pill-quiet',
    meaning: 'A request that only checks the link, such as HEAD.',
  },
  embedded: {
    label: 'Embedded',
    pill: 'pill pill-bad',
    meaning: 'Loaded inside another page as an image or frame: how cookies are stuffed.',
  },
  blocked: {
    label: 'Blocked',
    pill: 'pill pill-bad',
    meaning: 'From an address or network on the block list.',
  },
  orphan: {
    label: 'Dead link',
    pill: 'pill pill-quiet',
    meaning: 'The code is unknown, or its link is paused, ended or disabled.',
  },
};

export const peopleClasses: ClickClass[] = ['human', 'duplicate', 'suspect', 'self'];

export const isPerson = (name: ClickClass): boolean => peopleClasses.includes(name);

export function classPill(name: ClickClass): HTMLElement {
  const known = classes[name];
  return element('span', { class: known.pill, title: known.meaning }, known.label);
}

function classRow(
  name: ClickClass,
  value: number,
  most: number,
  whole: number,
  href: string,
): Node {
  const width = most === 0 ? 0 : (100 * value) / most;
  const bar = svgElement(
    'svg',
    { class: 'bar', 'aria-hidden': 'true', viewBox: '0 0 100 1', preserveAspectRatio: 'none' },
    svgElement('rect', { width: width.toFixed(1), height: '1' }),
  );
  return element(
    'a',
    { class: isPerson(name) ? 'bar-row' : 'bar-row bar-row-quiet', href },
    bar,
    element('span', { class: 'bar-label', title: classes[name].meaning }, classes[name].label),
    element('span', { class: 'bar-share' }, share(value, whole)),
    element('span', { class: 'bar-value' }, count(value)),
  );
}

/** People first, then what is kept apart from them; each row leads to its clicks. */
export function showClasses(card: HTMLElement, byClass: ByClass, scope: Scope, range: Range): void {
  const names = Object.keys(classes) as ClickClass[];
  const value = (name: ClickClass): number => byClass[name] ?? 0;
  const most = Math.max(0, ...names.map(value));
  const whole = names.reduce((sum, name) => sum + value(name), 0);
  const rows = (of: ClickClass[]): Node[] =>
    of
      .filter((name) => value(name) > 0 || name === 'human' || name === 'bot')
      .map((name) =>
        classRow(name, value(name), most, whole, clicksAddress(scope, range, { class: name })),
      );
  card
    .querySelector('.breakdown-body')
    ?.replaceChildren(
      element('h3', { class: 'list-title' }, 'People'),
      ...rows(peopleClasses),
      element('h3', { class: 'list-title' }, 'Kept apart'),
      ...rows(names.filter((name) => !isPerson(name))),
    );
}
