#pragma once

/// Every statement on the queue. What ends a lease names the number it was taken with, so that a
/// worker that was late changes nothing. Leases go by the server's clock, which all workers share;
/// everything else by the clock that is passed.

#include "platform/db/query.hpp"
#include "platform/db/sql.hpp"
#include "platform/jobs/overview.hpp"

namespace referral::jobs::sql {

using db::Nothing, db::Query, schema::json::value;

/// No row when one of the kind with the key waits already.
inline constexpr Query<JobId(std::string, value, std::optional<std::string>, Instant, Instant)>
    insert{R"sql(
    insert into jobs (kind, payload, unique_key, run_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $5)
    on conflict (kind, unique_key) where state = 'waiting' and unique_key is not null do nothing
    returning id
)sql"};

/// The commit does not wait for the disk: for what may be lost with the server.
inline constexpr Query<std::string()> commit_quickly{R"sql(
    select set_config('synchronous_commit', 'off', true)
)sql"};

/// Takes jobs of the first of the kinds that has any due, at most as many as stands beside it: the
/// order of the kinds changes, so none waits for another's long queue. $3 now, $4 number of the
/// lease, $5 its milliseconds.
inline constexpr Query<std::tuple<JobId, std::string, value, int, int>(
    std::vector<std::string>, std::vector<std::int64_t>, Instant, std::int64_t, std::int64_t)>
    take{R"sql(
    with chosen as materialized (
        select k.kind, k.most
        from unnest($1::text[], $2::bigint[]) with ordinality as k (kind, most, turn)
        cross join lateral (
            select id from jobs
            where state = 'waiting' and kind = k.kind and run_at <= $3
            order by run_at, id limit 1 for update skip locked
        ) as head
        order by k.turn limit 1
    ), due as materialized (
        select picked.id
        from chosen
        cross join lateral (
            select id from jobs
            where state = 'waiting' and kind = chosen.kind and run_at <= $3
            order by run_at, id limit chosen.most for update skip locked
        ) as picked
    )
    update jobs
    set state = 'running', locked_by = $4,
        locked_until = clock_timestamp() + $5::bigint * interval '1 millisecond', updated_at = $3
    from due
    where jobs.id = due.id
    returning jobs.id, jobs.kind, jobs.payload, jobs.attempts, jobs.losses
)sql"};

/// Rows that somebody else works on this moment are left for the next time: nobody waits for it.
inline constexpr Query<Nothing(std::vector<std::int64_t>, std::int64_t)> renew{R"sql(
    update jobs
    set locked_until = clock_timestamp() + $2::bigint * interval '1 millisecond'
    where id in (select id from jobs where state = 'running' and locked_by = any ($1)
                 for update skip locked)
)sql"};

/// The jobs are done.
inline constexpr Query<Nothing(std::vector<JobId>, std::int64_t)> finish{R"sql(
    delete from jobs where id = any ($1) and state = 'running' and locked_by = $2
)sql"};

/// An attempt that begins counts at once, in case it takes the worker with it.
inline constexpr Query<Nothing(JobId, std::int64_t)> count_attempt{R"sql(
    update jobs set attempts = attempts + 1 where id = $1 and locked_by = $2
)sql"};

inline constexpr Query<Nothing(JobId, std::int64_t, int, std::string)> note_failure{R"sql(
    update jobs set attempts = $3, last_error = $4 where id = $1 and locked_by = $2
)sql"};

inline constexpr Query<Nothing(JobId, Instant)> bury{R"sql(
    update jobs
    set state = 'dead', locked_by = null, locked_until = null, updated_at = $2
    where id = $1
)sql"};

inline constexpr Query<bool(JobId, Instant, Instant)> put_back{R"sql(
    select put_back_job($1, $2, $3)
)sql"};

/// What is left of a lease goes back; jobs of $2 had been begun.
inline constexpr Query<Nothing(std::int64_t, std::vector<JobId>)> count_losses{R"sql(
    update jobs set losses = losses + 1 where locked_by = $1 and id = any ($2)
)sql"};
inline constexpr Query<bool(std::int64_t, Instant)> give_back{R"sql(
    select put_back_job(mine.id, $2, $2)
    from (select id from jobs where state = 'running' and locked_by = $1 limit 1000 for update) mine
    limit 1000
)sql"};

/// Jobs whose lease is over, each put back.
inline constexpr Query<std::tuple<JobId, std::string>()> lost{R"sql(
    update jobs
    set losses = losses + 1
    where id in (select id from jobs
                 where state = 'running' and locked_until < clock_timestamp()
                 order by locked_until limit 100 for update skip locked)
    returning id, kind
)sql"};

inline constexpr Query<Nothing(JobId, std::int64_t, std::int64_t, std::int64_t)> set_progress{
    R"sql(
    update jobs set progress_done = $3, progress_total = $4 where id = $1 and locked_by = $2
)sql"};

inline constexpr Query<std::string()> tell_others{R"sql(
    select pg_notify('jobs', '')
)sql"};

inline constexpr Query<Nothing(std::string, Instant, std::int64_t, std::int64_t, std::int64_t,
                               std::int64_t)>
    add_counts{R"sql(
    insert into job_counts (kind, hour, done, failed, dead, lost)
    values ($1, date_trunc('hour', $2::timestamptz, 'UTC'), $3, $4, $5, $6)
    on conflict (hour, kind) do update
    set done = job_counts.done + excluded.done, failed = job_counts.failed + excluded.failed,
        dead = job_counts.dead + excluded.dead, lost = job_counts.lost + excluded.lost
)sql"};

inline constexpr Query<Nothing(Instant)> forget_counts{R"sql(
    delete from job_counts where hour < $1
)sql"};

/// A schedule that was changed begins anew.
inline constexpr Query<Nothing(std::string, std::string, std::string, std::string, Instant,
                               Instant)>
    declare_schedule{R"sql(
    insert into job_schedules (name, kind, cron, timezone, next_at)
    values ($1, $2, $3, $4, $5)
    on conflict (name) do update
    set kind = excluded.kind, cron = excluded.cron, timezone = excluded.timezone, next_at = $6
    where (job_schedules.kind, job_schedules.cron, job_schedules.timezone)
          is distinct from (excluded.kind, excluded.cron, excluded.timezone)
)sql"};

inline constexpr Query<std::tuple<std::string, Instant>(std::vector<std::string>, Instant)>
    due_schedules{R"sql(
    select name, next_at from job_schedules where name = any ($1) and next_at <= $2
    order by next_at limit 1000
)sql"};

/// For the one whose update comes first.
inline constexpr Query<Nothing(std::string, Instant, Instant)> move_schedule{R"sql(
    update job_schedules set last_at = $2, next_at = $3 where name = $1 and next_at = $2
)sql"};

inline constexpr Query<ScheduleRow(std::vector<std::string>)> schedules{R"sql(
    select name, kind, cron, timezone, last_at, next_at
    from job_schedules where name = any ($1) order by name limit 1000
)sql"};

/// Newest first, from before $3.
inline constexpr Query<Job(std::optional<State>, std::optional<std::string>, std::optional<JobId>,
                           std::int64_t)>
    list{R"sql(
    select id, kind, state, payload, unique_key, run_at, attempts, losses, progress_done,
           progress_total, last_error, created_at, updated_at
    from jobs
    where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
      and ($3::bigint is null or id < $3)
    order by id desc limit $4
)sql"};

inline constexpr Query<Job(JobId)> find{R"sql(
    select id, kind, state, payload, unique_key, run_at, attempts, losses, progress_done,
           progress_total, last_error, created_at, updated_at
    from jobs where id = $1
)sql"};

/// No row when it is not there or not dead; the unique index refuses one whose key waits again.
inline constexpr Query<Job(JobId, Instant)> replay{R"sql(
    update jobs
    set state = 'waiting', run_at = $2, attempts = 0, losses = 0, updated_at = $2
    where id = $1 and state = 'dead'
    returning id, kind, state, payload, unique_key, run_at, attempts, losses, progress_done,
              progress_total, last_error, created_at, updated_at
)sql"};

inline constexpr Query<Nothing(JobId)> discard{R"sql(
    delete from jobs where id = $1 and state <> 'running'
)sql"};

/// Counting ends at $2 a state: the page must not cost more the longer the queue is.
inline constexpr Query<Queue(std::vector<std::string>, std::int64_t, Instant)> queues{R"sql(
    select k.kind,
           (select count(*) from (select from jobs where kind = k.kind and state = 'waiting'
                                  limit $2) w) as waiting,
           (select count(*) from (select from jobs where kind = k.kind and state = 'running'
                                  limit $2) r) as running,
           (select count(*) from (select from jobs where kind = k.kind and state = 'dead'
                                  limit $2) d) as dead,
           coalesce(c.done, 0) as done_24h, coalesce(c.failed, 0) as failed_24h,
           coalesce(c.lost, 0) as lost_24h,
           (select run_at from jobs where kind = k.kind and state = 'waiting' and run_at <= $3
            order by run_at limit 1) as oldest_at
    from unnest($1::text[]) as k (kind)
    left join (select kind, sum(done)::bigint as done, sum(failed + dead)::bigint as failed,
                      sum(lost)::bigint as lost
               from job_counts where hour > $3::timestamptz - interval '24 hours'
               group by kind) c on c.kind = k.kind
    order by k.kind limit 1000
)sql"};

}  // namespace referral::jobs::sql
