// "Why not me?": what is known of a sale, a click or a code, and why it is or is not the partner's.
import { get } from '../api/client';
import type { Partner } from '../api/partners';
import type { WhyNot } from '../api/sales';
import type { Page } from '../api/types';
import { byId, element } from '../page/dom';
import { watchForm } from '../page/form';
import { dateTime } from '../page/format';
import { percentOf } from '../page/money';
import { Picker } from '../page/picker';
import { words } from '../page/status';
import { isPartner } from '../shell/session';
import { startPage } from '../shell/shell';
import { stepItem } from './journey';

const kinds = ['external_id', 'code', 'click_id'];
let partner: Picker<Partner>;

const known = byId<HTMLSelectElement>('why-kind');
const typed = byId<HTMLInputElement>('why-value');

function title(answer: WhyNot): string {
  if (!answer.conversion_id) return 'No sale is known';
  const sale = `${words(answer.kind ?? 'sale')} ${answer.external_id ?? ''}`;
  const share = answer.weight_ppm < 1_000_000 ? ` (${percentOf(answer.weight_ppm)})` : '';
  if (answer.weight_ppm === 0) return `${sale}: not ${isPartner() ? 'yours' : 'theirs'}`;
  return `${sale}: ${isPartner() ? 'yours' : 'theirs'}${share}`;
}

function answerCard(answer: WhyNot): HTMLElement {
  return element(
    'section',
    { class: 'card' },
    element(
      'div',
      { class: 'card-head' },
      element('h2', {}, title(answer)),
      element('span', { class: 'page-note' }, answer.occurred_at && dateTime(answer.occurred_at)),
    ),
    element(
      'div',
      { class: 'card-main' },
      element('p', {}, answer.sentence),
      answer.nearest
        ? element('ol', { class: 'touches' }, stepItem(answer.nearest))
        : element(
            'p',
            { class: 'page-note' },
            'No click, code or registered lead is known for it.',
          ),
      answer.policy_version !== null &&
        element('p', { class: 'page-note' }, `By version ${answer.policy_version} of the program.`),
    ),
  );
}

async function look(): Promise<void> {
  const query = {
    [known.value]: typed.value.trim(),
    ...(isPartner() ? {} : { user_id: partner.id }),
  };
  history.replaceState(null, '', `?${new URLSearchParams(query).toString()}`);
  byId('answers').replaceChildren();
  const { data } = await get<Page<WhyNot>>('/explain', query);
  byId('answers').replaceChildren(...data.map(answerCard));
  byId('answers-note').textContent = data.length === 0 ? 'Nothing is known under this number.' : '';
}

await startPage(() => {
  const form = byId<HTMLFormElement>('why-form');
  partner = new Picker<Partner>({
    field: 'why-user_id',
    path: '/partners',
    idOf: (each) => each.user_id,
    labelOf: (each) => `${each.company ?? each.name} (${each.email})`,
  });
  byId('why-partner').hidden = isPartner();
  byId<HTMLInputElement>('why-user_id').required = !isPartner();
  watchForm(form, look);
  const asked = new URLSearchParams(location.search);
  const user = asked.get('user_id') ?? '';
  partner.choose(user, user);
  const kind = kinds.find((each) => asked.has(each));
  if (!kind) return;
  known.value = kind;
  typed.value = asked.get(kind) ?? '';
  form.requestSubmit();
});
