// One entry of the audit log with all that is known.
import type { AuditLog } from '../api/operations';
import { openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { count, dateTimeExact } from '../page/format';
import { changesOf, changesTable } from './changes';

/** The person, the job or nobody. */
export function actorName(entry: AuditLog): string {
  if (entry.job) return `Job ${entry.job}`;
  return entry.user_name ?? entry.user_id ?? 'Nobody signed in';
}

/** Beside the name: how they came, when it was not simply by signing in. */
export function actorDetail(entry: AuditLog): string {
  if (entry.acting_as) return `looking as ${entry.acting_as}`;
  return entry.api_key_id ? `by ${entry.api_key_id}` : '';
}

export function openEntry(entry: AuditLog): void {
  const facts: [string, string | null][] = [
    ['Time', dateTimeExact(entry.created_at)],
    ['Who', actorName(entry)],
    ['By API key', entry.api_key_id],
    ['Looking as', entry.acting_as],
    ['Object', [entry.object_type, entry.object_id].filter((part) => part).join(' ')],
    ['Reason', entry.reason],
    ['Address', entry.ip],
    ['Request', entry.request_id],
    ['Entry', entry.id],
    ['Place in the chain', entry.sequence === null ? 'Not yet' : count(entry.sequence)],
  ];
  byId('entry-title').textContent = entry.action;
  byId('entry-facts').replaceChildren(
    ...facts.flatMap(([term, value]) =>
      value ? [element('div', {}, element('dt', {}, term), element('dd', {}, value))] : [],
    ),
  );
  const changes = changesOf(entry.before, entry.after);
  byId('entry-changes').replaceChildren(
    changes.length > 0
      ? changesTable(changes)
      : element('p', { class: 'page-note' }, 'Nothing was changed.'),
  );
  const request = byId<HTMLAnchorElement>('entry-request');
  request.hidden = !entry.request_id;
  request.href = `/admin/audit-log?request_id=${encodeURIComponent(entry.request_id ?? '')}`;
  const object = byId<HTMLAnchorElement>('entry-object');
  object.hidden = entry.object_id === '';
  object.href =
    `/admin/audit-log?object_type=${encodeURIComponent(entry.object_type)}` +
    `&object_id=${encodeURIComponent(entry.object_id)}`;
  openDialog('entry-dialog');
}
