#include "platform/jobs/lease.hpp"

#include "base/text.hpp"
#include "platform/crypto/random.hpp"
#include "platform/db/transaction.hpp"
#include "platform/jobs/queries.hpp"

namespace referral::jobs {

namespace {

constexpr std::size_t error_bytes_max = 2'000;

/// Never drawn twice, in practice.
std::int64_t draw_number() {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : crypto::random_bytes<8>()) number = number << 8 | byte;
    return static_cast<std::int64_t>(number >> 1);
}

}  // namespace

Lease take(db::Pool& pool, std::span<const Wanted> kinds, Instant now,
           std::chrono::milliseconds length) {
    std::vector<std::string> names;
    std::vector<std::int64_t> most;
    for (const Wanted& wanted : kinds) {
        names.push_back(wanted.kind);
        most.push_back(wanted.most);
    }
    Lease lease{.number = draw_number(), .kind = {}, .jobs = {}};
    db::Transaction tx(pool);
    tx.one(sql::commit_quickly);
    for (auto& [id, kind, payload, attempts, losses] :
         tx.all(sql::take, names, most, now, lease.number, length.count())) {
        lease.kind = kind;
        lease.jobs.push_back({id, std::move(payload), attempts, losses});
    }
    tx.commit();
    std::ranges::sort(lease.jobs, {}, &Taken::id);
    return lease;
}

bool finish(db::Transaction& tx, const std::vector<JobId>& jobs, std::int64_t lease) {
    return tx.run_for_effect(sql::finish, jobs, lease) == std::ssize(jobs);
}

void count_attempt(db::Pool& pool, JobId job, std::int64_t lease) {
    db::Transaction tx(pool);
    tx.one(sql::commit_quickly);
    tx.run_for_effect(sql::count_attempt, job, lease);
    tx.commit();
}

bool fail(db::Pool& pool, JobId job, std::int64_t lease, const Failure& failure, Instant now) {
    const std::string error(cut(cleaned(failure.error), error_bytes_max));
    db::Transaction tx(pool);
    if (tx.run_for_effect(sql::note_failure, job, lease, failure.attempts, error) == 0)
        return false;
    if (failure.dead)
        tx.run_for_effect(sql::bury, job, now);
    else
        tx.one(sql::put_back, job, failure.run_at, now);
    tx.commit();
    return true;
}

void give_back(db::Pool& pool, std::int64_t lease, const std::vector<JobId>& lost, Instant now) {
    db::Transaction tx(pool);
    if (!lost.empty()) tx.run_for_effect(sql::count_losses, lease, lost);
    tx.all(sql::give_back, lease, now);
    tx.announce_commit();
    tx.commit();
}

void renew(db::Pool& pool, const std::vector<std::int64_t>& leases,
           std::chrono::milliseconds length) {
    db::Transaction tx(pool);
    tx.one(sql::commit_quickly);
    tx.run_for_effect(sql::renew, leases, length.count());
    tx.commit();
}

std::vector<std::string> recover_lost(db::Pool& pool, Instant now) {
    std::vector<std::string> kinds;
    db::Transaction tx(pool);
    for (auto& [id, kind] : tx.all(sql::lost)) {
        tx.one(sql::put_back, id, now, now);
        kinds.push_back(std::move(kind));
    }
    if (!kinds.empty()) tx.announce_commit();
    tx.commit();
    return kinds;
}

void set_progress(db::Pool& pool, JobId job, std::int64_t lease, std::int64_t done,
                  std::int64_t total) {
    db::Transaction tx(pool);
    tx.one(sql::commit_quickly);
    tx.run_for_effect(sql::set_progress, job, lease, done, total);
    tx.commit();
}

}  // namespace referral::jobs
