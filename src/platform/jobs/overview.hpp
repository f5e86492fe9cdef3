#pragma once

/// What people see of the queue, and do about it.

#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/fields.hpp"

namespace referral::jobs {

enum class State { waiting, running, dead };

/// A job as it stands; done ones are gone.
struct Job {
    JobId id;
    std::string kind;
    State state = State::waiting;
    schema::json::value payload;
    std::optional<std::string> unique_key;
    Instant run_at;
    std::int64_t attempts = 0;
    std::int64_t losses = 0;
    std::optional<std::int64_t> progress_done;
    std::optional<std::int64_t> progress_total;
    std::optional<std::string> last_error;
    Instant created_at;
    Instant updated_at;
};

/// What a list of jobs is narrowed down to.
struct JobFilter {
    std::optional<State> state;
    std::optional<std::string> kind;
    schema::Whole<1, 200> limit{50};
    std::optional<schema::Cursor> cursor;
};

/// One page of jobs, the newest first.
struct JobPage {
    std::vector<Job> jobs;
    std::optional<std::string> next_cursor;
};

/// The jobs of one kind. Each of the first three numbers is exact up to `queue_count_max`.
struct Queue {
    std::string kind;
    std::int64_t waiting = 0;
    std::int64_t running = 0;
    std::int64_t dead = 0;
    std::int64_t done_24h = 0;
    std::int64_t failed_24h = 0;       ///< Attempts.
    std::int64_t lost_24h = 0;         ///< Attempts whose worker vanished.
    std::optional<Instant> oldest_at;  ///< Since when the first of those due now has been.
};
inline constexpr std::int64_t queue_count_max = 100'000;

/// A schedule and where it stands.
struct ScheduleRow {
    std::string name;
    std::string kind;
    std::string cron;
    std::string timezone;
    std::optional<Instant> last_at;
    Instant next_at;
};

/// Refuses: invalid (cursor).
JobPage list(db::Transaction& tx, const JobFilter& filter);

/// Refuses: not_found.
Job get(db::Transaction& tx, JobId id);

/// Makes a dead job wait again, as if it had never been tried. Refuses: not_found, conflict when it
/// is not dead, or when another of its key waits.
Job replay(db::Transaction& tx, JobId id, Instant now);

/// Removes a job. Refuses: not_found, conflict when it runs.
void discard(db::Transaction& tx, JobId id);

/// One row a kind, in the order of their names.
std::vector<Queue> queues(db::Transaction& tx, const std::vector<std::string>& kinds, Instant now);

/// Those of the names that have begun.
std::vector<ScheduleRow> schedules(db::Transaction& tx, const std::vector<std::string>& names);

/// Deletes the counts of hours more than a month ago.
void forget_old_counts(db::Transaction& tx, Instant now);

}  // namespace referral::jobs

template <>
struct referral::Names<referral::jobs::State> {
    using State = jobs::State;
    static constexpr std::array<std::pair<State, std::string_view>, 3> list{
        {{State::waiting, "waiting"}, {State::running, "running"}, {State::dead, "dead"}}};
};

namespace referral::schema {

template <>
struct Fields<jobs::Job> {
    using J = jobs::Job;
    static constexpr std::string_view name = "Job";
    static constexpr auto list = FieldList{
        field("id", &J::id, "The job."),
        field("kind", &J::kind, "What is done."),
        field("state", &J::state, "Done ones are gone."),
        field("payload", &J::payload, "What it is done to."),
        field("unique_key", &J::unique_key, "Of the kind, one with this key waits at a time."),
        field("run_at", &J::run_at, "When it is or was due."),
        field("attempts", &J::attempts, "That failed."),
        field("losses", &J::losses, "How often its worker vanished."),
        field("progress_done", &J::progress_done, "How far it is …"),
        field("progress_total", &J::progress_total, "… and how far it goes."),
        field("last_error", &J::last_error, "Why the last attempt failed."),
        field("created_at", &J::created_at, "When it was added."),
        field("updated_at", &J::updated_at, "When its state changed last."),
    };
};

template <>
struct Fields<jobs::JobFilter> {
    using F = jobs::JobFilter;
    static constexpr std::string_view name = "JobFilter";
    static constexpr auto list = FieldList{
        field("state", &F::state, "Jobs in this state."),
        field("kind", &F::kind, "Jobs of this kind."),
        field("limit", &F::limit, "How many at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<jobs::Queue> {
    using Q = jobs::Queue;
    static constexpr std::string_view name = "Queue";
    static constexpr auto list = FieldList{
        field("kind", &Q::kind, "What is done."),
        field("waiting", &Q::waiting, "Jobs to be done; 100000: or more."),
        field("running", &Q::running, "Jobs at work; 100000: or more."),
        field("dead", &Q::dead, "Jobs given up; 100000: or more."),
        field("done_24h", &Q::done_24h, "Jobs done in the last 24 hours."),
        field("failed_24h", &Q::failed_24h, "Attempts that failed in the last 24 hours."),
        field("lost_24h", &Q::lost_24h, "Attempts whose worker vanished in the last 24 hours."),
        field("oldest_at", &Q::oldest_at, "Since when the first of those waiting has been due."),
    };
};

template <>
struct Fields<jobs::ScheduleRow> {
    using S = jobs::ScheduleRow;
    static constexpr std::string_view name = "Schedule";
    static constexpr auto list = FieldList{
        field("name", &S::name, "The schedule."),
        field("kind", &S::kind, "The kind of job that it adds."),
        field("cron", &S::cron, "When: minute, hour, day, month, day of the week."),
        field("timezone", &S::timezone, "In which this is meant."),
        field("last_at", &S::last_at, "The last time it was due."),
        field("next_at", &S::next_at, "The next time it is."),
    };
};

}  // namespace referral::schema
