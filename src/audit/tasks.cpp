#include "audit/audit.hpp"
#include "platform/log/log.hpp"

namespace referral::audit {

namespace {

/// How much of the chain is followed in one transaction.
constexpr std::int64_t part_rows = 100'000;

/// Follows the whole chain. Anchors are on other machines, perhaps: those who look at the proof and
/// the command compare with them.
void check(jobs::Run& run) {
    Proof proof;
    do {
        if (run.stopping()) throw jobs::Stopped();
        db::Transaction tx(run.pool());
        proof = verify(tx, {},
                       {.after = proof.verified_up_to, .rows_max = part_rows, .now = run.now()});
        run.progress(proof.verified_up_to, proof.sequence);
    } while (!proof.broken && proof.verified_up_to < proof.sequence);
    if (!proof.broken) return;
    log::error("audit_broken", "audit logs are not as they were",
               {{"sequence", proof.broken->sequence}, {"what", proof.broken->what}});
    throw jobs::GiveUp("audit logs are broken at sequence " +
                       std::to_string(proof.broken->sequence) + ": " + proof.broken->what);
}

}  // namespace

jobs::JobTable tasks(std::function<std::chrono::days()> kept) {
    return {{.name = "audit-logs.expire",
             .meaning = "Deletes audit logs older than AUDIT_KEEP_DAYS.",
             .work = [kept](jobs::Run& run) { expire(run.pool(), kept()); },
             .transactional = false},
            {.name = "audit-logs.verify",
             .meaning = "Follows the chain of audit logs; dead when one was changed.",
             .work = check,
             .transactional = false,
             .time_max = std::chrono::minutes(30)}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"old audit logs", "audit-logs.expire", "43 2 * * *", "UTC"},
            {"audit chain", "audit-logs.verify", "13 3 * * *", "UTC"}};
}

}  // namespace referral::audit
