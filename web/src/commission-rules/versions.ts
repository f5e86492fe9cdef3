// All that a rule ever promised, the newest version first.
import type { RuleVersion } from '../api/finance';
import { byId, element } from '../page/dom';
import { rulePill, since, stateOf } from './words';

export function showVersions(versions: RuleVersion[], take: (version: RuleVersion) => void): void {
  byId('versions').replaceChildren(
    ...versions.map((version, at) => {
      const button = element(
        'button',
        {
          type: 'button',
          class: 'btn btn-sm btn-quiet',
          'aria-label': `Take version ${version.version} into the form`,
        },
        'Into the form',
      );
      button.addEventListener('click', () => take(version));
      const state = stateOf(version, versions.slice(0, at));
      const text = version.is_retired ? 'The rule has ended.' : version.sentence;
      return element(
        'li',
        {},
        element(
          'div',
          { class: 'rows-list-main' },
          element('strong', {}, `Version ${version.version}`),
          ' ',
          rulePill(state),
          element('span', { class: 'row-detail' }, since(version)),
          element('p', { class: 'version-text' }, text),
        ),
        !version.is_retired && button,
      );
    }),
  );
}
