// One job with its last error, and what can be decided about it.
import { write } from '../api/client';
import type { Job, JobState } from '../api/operations';
import { closeDialog, confirmed, openDialog } from '../page/dialog';
import { byId, element } from '../page/dom';
import { count, dateTimeExact } from '../page/format';
import { toast } from '../page/toast';
import { attempt } from '../shell/attempt';
import { may } from '../shell/session';

const states: Record<JobState, { label: string; pill: string }> = {
  waiting: { label: 'Waiting', pill: 'pill pill-quiet' },
  running: { label: 'Running', pill: 'pill pill-good' },
  dead: { label: 'Dead', pill: 'pill pill-bad' },
};

export const jobStateLabel = (state: string): string => states[state as JobState]?.label ?? state;

export function jobPill(state: JobState): HTMLElement {
  return element('span', { class: states[state].pill }, states[state].label);
}

const pathOf = (job: Job): string => `/jobs/${encodeURIComponent(job.id)}`;

export async function replay(job: Job): Promise<void> {
  await write('POST', `${pathOf(job)}/replay`);
  toast('The job is tried again.');
}

/** Asks first; answers whether it was discarded. */
export async function discard(job: Job): Promise<boolean> {
  const sure = await confirmed({
    title: 'Discard this job?',
    text: `What ${job.kind} should have done is left undone.`,
    confirm: 'Discard',
    danger: true,
  });
  if (!sure) return false;
  await write('POST', `${pathOf(job)}/discard`);
  toast('The job is discarded.');
  return true;
}

/** `changed` runs after a decision. */
export function openJob(job: Job, changed: () => void): void {
  const progress =
    job.progress_total !== null
      ? `${count(job.progress_done ?? 0)} of ${count(job.progress_total)}`
      : null;
  const facts: [string, Node | string | null][] = [
    ['State', jobPill(job.state)],
    ['Attempts that failed', count(job.attempts)],
    ['Workers lost', job.losses > 0 ? count(job.losses) : null],
    ['Progress', progress],
    [job.state === 'waiting' ? 'Not before' : 'Due', dateTimeExact(job.run_at)],
    ['Made', dateTimeExact(job.created_at)],
    ['Last change', dateTimeExact(job.updated_at)],
    ['Unique key', job.unique_key],
    ['Id', job.id],
  ];
  byId('job-title').textContent = job.kind;
  byId('job-facts').replaceChildren(
    ...facts.flatMap(([term, value]) =>
      value ? [element('div', {}, element('dt', {}, term), element('dd', {}, value))] : [],
    ),
  );
  byId('job-error').replaceChildren(
    ...(job.last_error
      ? [element('h3', {}, 'Last error'), element('pre', { class: 'source' }, job.last_error)]
      : []),
  );
  byId('job-payload').textContent = JSON.stringify(job.payload, null, 2);
  byId('job-actions').hidden = job.state !== 'dead' || !may('jobs:write');
  const done = (): void => {
    closeDialog('job-dialog');
    changed();
  };
  byId('job-replay').onclick = () => attempt(() => replay(job).then(done));
  byId('job-discard').onclick = () => {
    // The question is asked outside the dialog, which would lie above it.
    closeDialog('job-dialog');
    attempt(async () => {
      if (await discard(job)) changed();
    });
  };
  openDialog('job-dialog');
}
