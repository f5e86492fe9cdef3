// Building and finding elements. Text is always set as text: nothing here parses HTML.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

/** `element('a', { class: 'chip', href }, 'text')`; false and null attributes are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child): child is Node | string => !!child));
  return made;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Node[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A symbol of `icons.svg`. */
export function icon(name: string, classes = 'icon icon-xs line-icon'): SVGElement {
  const use = svgElement('use', { href: `/icons.svg#${name}` });
  return svgElement('svg', { class: classes, viewBox: '0 0 24 24', 'aria-hidden': 'true' }, use);
}

/** The element with this id; a page without it is a fault of ours. */
export function byId<Found extends HTMLElement = HTMLElement>(id: string): Found {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return found as Found;
}

export function findAll<Found extends HTMLElement>(
  selector: string,
  within: ParentNode = document,
): Found[] {
  return [...within.querySelectorAll<Found>(selector)];
}

/** A function that runs `action` once, `delayMs` after the last call. */
export function debounced(action: () => void, delayMs: number): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(action, delayMs);
  };
}

/** A function that runs `action` at most once in `everyMs`, the last call included. */
export function throttled(action: () => void, everyMs: number): () => void {
  let timer = 0;
  let last = 0;
  return () => {
    if (timer) return;
    const wait = Math.max(0, last + everyMs - Date.now());
    timer = window.setTimeout(() => {
      timer = 0;
      last = Date.now();
      action();
    }, wait);
  };
}
