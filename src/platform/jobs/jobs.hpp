#pragma once

/// Work that is done after the transaction that asks for it, and again until it succeeds. A job is
/// a row of PostgreSQL written with the change that causes it; workers in any process take it. What
/// runs a table of kinds is jobs/runner.hpp.

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/schema/json.hpp"

namespace referral::db {
class Pool;
class Transaction;
}  // namespace referral::db

namespace referral::jobs {

struct JobTag {
    static constexpr std::string_view prefix = "job";
};
using JobId = Id<JobTag>;

/// What is needed to add a job.
struct NewJob {
    std::string_view kind;            ///< Of the table of kinds: "mails.send".
    schema::json::object payload{};   ///< At most 64 KiB; shown to people: ids, never secrets.
    std::optional<Instant> run_at{};  ///< At once when absent.
    std::string unique_key{};         ///< While one of the kind with this key waits, no other is
                                      ///< added; at most 200 characters.
};

/// Adds a job in the caller's transaction; nothing when its unique key waits already. Workers hear
/// of it once that is committed.
std::optional<JobId> enqueue(db::Transaction& tx, const NewJob& job, Instant now);

/// Thrown by a kind's work to say that trying again is no use: the job is dead at once.
struct GiveUp : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Thrown by a kind's work that comes to an end early because it was told to: tried again, and not
/// counted as a failure.
struct Stopped : std::runtime_error {
    Stopped() : std::runtime_error("told to stop") {}
};

/// One attempt at a job: what its kind's work is given.
class Run {
public:
    /// Everything outlives the run. A test of a kind's work makes one of its own.
    struct Parts {
        JobId id{};
        const schema::json::value& payload;
        Instant now;
        db::Pool& pool;
        db::Transaction* transaction = nullptr;
        int attempt = 1;
        std::function<void(std::int64_t done, std::int64_t total)> progress{};
        std::function<bool()> stopping{};
    };

    explicit Run(Parts parts) : parts_(std::move(parts)) {}
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    JobId id() const { return parts_.id; }
    const schema::json::value& payload() const { return parts_.payload; }

    /// When the attempt began.
    Instant now() const { return parts_.now; }

    /// Of transactional kinds: the one that also ends the job. Do not commit it.
    db::Transaction& transaction();

    /// For work in pieces, each in a transaction of its own.
    db::Pool& pool() { return parts_.pool; }

    /// Tells people how far it is; written now and then only.
    void progress(std::int64_t done, std::int64_t total);

    /// Whether to come to an end: the program stops, or the time is over. Long work asks between
    /// its pieces; it then throws Stopped, or returns when the rest may be left to the next job.
    bool stopping() const { return parts_.stopping && parts_.stopping(); }

    /// 1 the first time.
    int attempt() const { return parts_.attempt; }

private:
    Parts parts_;
};

/// A kind of job, as data in each slice's tasks.cpp.
struct JobKind {
    std::string name;                ///< "mails.send": noun.verb.
    std::string meaning;             ///< One line for the page of jobs.
    std::function<void(Run&)> work;  ///< Throws: tried again.
    /// The work does nothing but through `Run::transaction`, and is committed together with the
    /// job's end: exactly once. False: at least once; the work must stand repetition.
    bool transactional = true;
    int attempts_max = 12;  ///< With the pauses between: about an hour.
    std::chrono::seconds time_max{60};
};

using JobTable = std::vector<JobKind>;

/// When a kind's job is added by itself, once a tick whatever the number of workers. At most one
/// waits at a time; ticks that nobody was there for are made up for by one.
struct Schedule {
    std::string name;            ///< "partitions": shown to people, and its identity.
    std::string kind;            ///< What is added; the payload has `schedule` and `tick`.
    std::string cron;            ///< Five fields: minute, hour, day, month, day of the week.
    std::string timezone;        ///< In which they are meant: "America/Chicago".
    bool also_when_new = false;  ///< Once right away in a new installation, too.
};

}  // namespace referral::jobs
