#include "platform/jobs/overview.hpp"

#include "base/problem.hpp"
#include "base/text.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/queries.hpp"

namespace referral::jobs {

namespace {

constexpr std::chrono::hours counts_kept{31 * 24};

}  // namespace

JobPage list(db::Transaction& tx, const JobFilter& filter) {
    std::optional<JobId> before;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 1) before = JobId::parse(parts[0]);
        if (!before) throw invalid("cursor", "must be of a list of jobs");
    }
    JobPage page;
    page.jobs = tx.all(sql::list, filter.state, filter.kind, before, filter.limit.value + 1);
    if (std::ssize(page.jobs) <= filter.limit.value) return page;
    page.jobs.pop_back();
    page.next_cursor = schema::Cursor({page.jobs.back().id.text()}).text();
    return page;
}

Job get(db::Transaction& tx, JobId id) {
    auto job = tx.maybe(sql::find, id);
    if (!job) throw not_found("id");
    return std::move(*job);
}

Job replay(db::Transaction& tx, JobId id, Instant now) {
    try {
        if (auto job = tx.maybe(sql::replay, id, now)) {
            tx.announce_commit();
            return std::move(*job);
        }
    } catch (const db::Error& error) {
        if (!error.is_unique_violation()) throw;
        throw conflict("id", "is not needed: another of the same key waits already");
    }
    get(tx, id);
    throw conflict("id", "is not dead");
}

void discard(db::Transaction& tx, JobId id) {
    if (tx.run_for_effect(sql::discard, id) == 1) return;
    get(tx, id);
    throw conflict("id", "runs just now");
}

std::vector<Queue> queues(db::Transaction& tx, const std::vector<std::string>& kinds, Instant now) {
    return tx.all(sql::queues, kinds, queue_count_max, now);
}

std::vector<ScheduleRow> schedules(db::Transaction& tx, const std::vector<std::string>& names) {
    return tx.all(sql::schedules, names);
}

void forget_old_counts(db::Transaction& tx, Instant now) {
    tx.run_for_effect(sql::forget_counts, now - counts_kept);
}

}  // namespace referral::jobs
