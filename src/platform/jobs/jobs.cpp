#include "platform/jobs/jobs.hpp"

#include "base/check.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/queries.hpp"

namespace referral::jobs {

std::optional<JobId> enqueue(db::Transaction& tx, const NewJob& job, Instant now) {
    const auto unique_key =
        job.unique_key.empty() ? std::nullopt : std::optional<std::string>(job.unique_key);
    const auto id = tx.maybe(sql::insert, std::string(job.kind), job.payload, unique_key,
                             job.run_at.value_or(now), now);
    if (id) tx.announce_commit();
    return id;
}

db::Transaction& Run::transaction() {
    CHECK(parts_.transaction != nullptr);
    return *parts_.transaction;
}

void Run::progress(std::int64_t done, std::int64_t total) {
    if (parts_.progress) parts_.progress(done, total);
}

}  // namespace referral::jobs
