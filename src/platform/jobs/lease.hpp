#pragma once

/// Taking jobs and giving them away again, one statement or short transaction each. All throw
/// db::Error when the database is away; then nothing has changed, or what was asked for.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "platform/db/pool.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::jobs {

/// A job that was taken.
struct Taken {
    JobId id;
    schema::json::value payload;
    int attempts = 0;  ///< That failed.
    int losses = 0;    ///< That vanished with their worker.
};

/// Jobs of one kind that a worker may end until the lease is over. It is renewed while they are at
/// work; whoever takes them after that has another number, and this one ends nothing any more.
struct Lease {
    std::int64_t number = 0;
    std::string kind;
    std::vector<Taken> jobs;     ///< Not ended yet.
    std::vector<JobId> begun{};  ///< Those of them whose work has begun.
};

/// A kind, and how many of its jobs may be taken at once.
struct Wanted {
    std::string kind;
    std::int64_t most = 1;
};

/// How an attempt failed.
struct Failure {
    int attempts = 0;  ///< Including this one.
    std::string error;
    bool dead = false;
    Instant run_at{};  ///< When it is tried again, unless dead.
};

/// Takes due jobs of the first kind that has any.
Lease take(db::Pool& pool, std::span<const Wanted> kinds, Instant now,
           std::chrono::milliseconds length);

/// Ends jobs as done within the transaction of their work. False: one of them is not this lease's
/// any more, and the transaction must not be committed.
bool finish(db::Transaction& tx, const std::vector<JobId>& jobs, std::int64_t lease);

/// Counts an attempt that is about to begin.
void count_attempt(db::Pool& pool, JobId job, std::int64_t lease);

/// Puts a job back, or among the dead. False: it is not this lease's any more.
bool fail(db::Pool& pool, JobId job, std::int64_t lease, const Failure& failure, Instant now);

/// Puts back all that is left of a lease. `lost`: jobs that may be why the database went away.
void give_back(db::Pool& pool, std::int64_t lease, const std::vector<JobId>& lost, Instant now);

void renew(db::Pool& pool, const std::vector<std::int64_t>& leases,
           std::chrono::milliseconds length);

/// Puts back up to 100 jobs whose lease is over; gives their kinds.
std::vector<std::string> recover_lost(db::Pool& pool, Instant now);

void set_progress(db::Pool& pool, JobId job, std::int64_t lease, std::int64_t done,
                  std::int64_t total);

}  // namespace referral::jobs
