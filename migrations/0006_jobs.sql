-- Work to be done after the transaction that asks for it: a row each, gone when it is done, so that
-- a long history costs nothing. What failed too often stays as dead until somebody decides.
create table jobs (
    id              bigint      generated always as identity primary key,
    kind            text        not null check (kind ~ '^[a-z0-9-]+\.[a-z0-9-]+$' and
                                                char_length(kind) <= 64),
    payload         jsonb       not null default '{}'
                    check (jsonb_typeof(payload) = 'object' and pg_column_size(payload) <= 65536),
    unique_key      text        check (char_length(unique_key) between 1 and 200),
    state           text        not null default 'waiting'
                    check (state in ('waiting', 'running', 'dead')),
    run_at          timestamptz not null,  -- Waiting: not before then.
    attempts        integer     not null default 0 check (attempts >= 0),  -- That failed.
    -- How often a worker vanished that had it. Such a job runs by itself, for it may be the reason.
    losses          integer     not null default 0 check (losses >= 0),
    -- Running: a number drawn by the worker that took it, without which nobody ends it, and the end
    -- of the lease by this server's clock, which all workers share.
    locked_by       bigint,
    locked_until    timestamptz,
    progress_done   bigint      check (progress_done >= 0),
    progress_total  bigint      check (progress_total >= 0),
    last_error      text        check (char_length(last_error) <= 2000),
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    check ((state = 'running') = (locked_by is not null)),
    check ((locked_by is null) = (locked_until is null))
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.5,
        autovacuum_analyze_threshold = 10000);

create index jobs_waiting on jobs (kind, run_at, id) where state = 'waiting';
create unique index jobs_unique_key on jobs (kind, unique_key)
    where state = 'waiting' and unique_key is not null;
create index jobs_running on jobs (locked_until) where state = 'running';
create index jobs_locked_by on jobs (locked_by) where state = 'running';
create index jobs_dead on jobs (kind, id) where state = 'dead';

-- Puts a job back among the waiting. When one of the same key has come to wait meanwhile, that one
-- does the work and takes over what this one has failed; true: the job itself waits.
create function put_back_job(job bigint, wanted_run_at timestamptz, at timestamptz)
returns boolean language plpgsql as $$
begin
    update jobs
    set state = 'waiting', run_at = wanted_run_at, locked_by = null, locked_until = null,
        progress_done = null, progress_total = null, updated_at = at
    where id = job;
    return found;
exception when unique_violation then
    update jobs other
    set attempts = greatest(other.attempts, mine.attempts),
        losses = greatest(other.losses, mine.losses),
        last_error = coalesce(other.last_error, mine.last_error)
    from jobs mine
    where mine.id = job and other.kind = mine.kind and other.unique_key = mine.unique_key
      and other.state = 'waiting' and other.id <> job;
    delete from jobs where id = job;
    return false;
end
$$;

-- What became of jobs, by kind and hour of the end; deleted after a month.
create table job_counts (
    kind    text        not null,
    hour    timestamptz not null,
    done    bigint      not null default 0,
    failed  bigint      not null default 0,  -- Attempts, each tried again.
    dead    bigint      not null default 0,  -- Jobs given up.
    lost    bigint      not null default 0,  -- Attempts whose worker vanished.
    primary key (hour, kind)
) with (fillfactor = 50);

-- When each schedule is due next. Of the workers that see it due, the one whose update moves
-- `next_at` adds the job, in the same transaction: once a tick.
create table job_schedules (
    name      text        primary key check (char_length(name) between 1 and 64),
    kind      text        not null,
    cron      text        not null,
    timezone  text        not null,
    next_at   timestamptz not null,
    last_at   timestamptz
);
