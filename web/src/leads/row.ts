// One lead in a list, and what is known of it.
import type { Lead } from '../api/partners';
import { cell, day, row } from '../page/cells';
import { element } from '../page/dom';
import type { Fact } from '../page/facts';
import { countryName, dateTime } from '../page/format';
import { isPartner } from '../shell/session';
import { leadPill } from './status';

export function leadDetail(lead: Lead): string {
  const parts = [lead.name, lead.email, lead.domain].filter((part) => part);
  return parts.join(' · ') || (lead.note ?? '');
}

export function leadRow(lead: Lead): HTMLElement {
  const href = `/admin/leads?id=${encodeURIComponent(lead.id)}`;
  const name = isPartner()
    ? element('span', { class: 'row-title' }, lead.company)
    : element('a', { class: 'row-title', href }, lead.company);
  return row(
    lead.id,
    cell(
      'Lead',
      'cell-main',
      name,
      element('span', { class: 'row-detail' }, lead.reason ?? leadDetail(lead)),
    ),
    cell('Status', 'cell-status', leadPill(lead.status)),
    cell('Registered', 'cell-time', day(lead.registered_at)),
    cell('Protected until', 'cell-time', lead.protected_until ? day(lead.protected_until) : '–'),
  );
}

export function leadFacts(lead: Lead): Fact[] {
  return [
    ['Company', lead.company],
    ['Contact', lead.name],
    ['E-mail', lead.email],
    ['Phone', lead.phone],
    ['Domain', lead.domain],
    ['MC number', lead.mc_number],
    ['DOT number', lead.dot_number],
    ['Country', lead.country ? countryName(lead.country) : null],
    ['Registered', dateTime(lead.registered_at)],
    ['Protected until', lead.protected_until && dateTime(lead.protected_until)],
    ['Decided', lead.decided_at && dateTime(lead.decided_at)],
    ['Converted', lead.converted_at && dateTime(lead.converted_at)],
    ['Reason', lead.reason],
  ];
}
