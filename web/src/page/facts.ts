// What is known of one thing: terms with their values, those without a value left out.
import { element } from './dom';

export type Fact = [string, Node | string | null | undefined | false];

export function factRows(facts: Fact[]): HTMLElement[] {
  return facts.flatMap(([term, value]) =>
    value ? [element('div', {}, element('dt', {}, term), element('dd', {}, value))] : [],
  );
}

/** Links beside each other, those that are not there left out. */
export function linkList(...links: (HTMLElement | null)[]): HTMLElement {
  return element('span', { class: 'link-list' }, ...links.filter((link) => link !== null));
}

export function linkTo(href: string, text: string, title?: string): HTMLAnchorElement {
  return element('a', { href, title }, text);
}
