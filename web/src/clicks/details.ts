// Everything that is known about one click.
import type { Click } from '../api/types';
import { classes } from '../analytics/classes';
import { openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { countryName, dateTimeExact, deviceName } from '../page/format';

export function openClick(click: Click): void {
  const known = classes[click.class];
  byId('click-title').textContent = `Click on /${click.code}`;
  byId('click-reason').replaceChildren(
    element('span', { class: known.pill }, known.label),
    ` ${known.meaning}`,
  );
  const utm = Object.entries(click.utm ?? {}).filter(([, value]) => value);
  const facts: [string, string | null][] = [
    ['Time', dateTimeExact(click.clicked_at)],
    ['Country', click.country ? countryName(click.country) : null],
    ['Region', click.region],
    ['City', click.city],
    ['Network', click.network],
    ['Device', click.device_type ? deviceName(click.device_type) : null],
    ['Browser', click.browser],
    ['System', click.os],
    ['Referrer', click.referrer],
    ['UTM', utm.map(([name, value]) => `${name}=${value}`).join(' · ') || null],
    ['Visitor', click.visitor],
    ['Address', click.visitor_ip],
    ['Id', click.id],
  ];
  byId('click-facts').replaceChildren(
    ...facts
      .filter(([, value]) => value)
      .map(([term, value]) =>
        element('div', {}, element('dt', {}, term), element('dd', {}, value ?? '')),
      ),
  );
  const ofLink = click.link_id ? encodeURIComponent(click.link_id) : '';
  byId('click-same').hidden = ofLink === '';
  byId('click-link').hidden = ofLink === '';
  byId<HTMLAnchorElement>('click-same').href = `/referrals/clicks?link_id=${ofLink}`;
  byId<HTMLAnchorElement>('click-link').href = `/referrals/link?id=${ofLink}`;
  openDialog('click-dialog');
}
