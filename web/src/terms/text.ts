// The text of the partner terms: paragraphs with empty lines between, headings after #.
import { element } from '../page/dom';

export interface Terms {
  version: number;
  text: string;
  published_at: string;
}

export function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const heading = /^#+\s*(.+)$/.exec(each);
      return heading ? element('h2', {}, heading[1] ?? '') : element('p', {}, each);
    });
}
