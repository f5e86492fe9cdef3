#include "commissions/actions.hpp"
#include "commissions/commissions.hpp"
#include "commissions/trials.hpp"

namespace referral::commissions {

namespace {

/// How many commissions one transaction approves.
constexpr std::int64_t batch = 200;

void approve_all_due(jobs::Run& run) {
    std::vector<programs::Program> all;
    {
        db::Transaction tx(run.pool());
        all = programs::list(tx);
    }
    for (const programs::Program& program : all) {
        CommissionId last{0};
        while (true) {
            if (run.stopping()) throw jobs::Stopped();
            db::Transaction tx(run.pool());
            const auto reached = approve_due(tx, program, last, batch, run.now());
            if (!reached) break;
            tx.commit();
            last = *reached;
        }
    }
}

}  // namespace

jobs::JobTable tasks() {
    return {{.name = "commissions.approve",
             .meaning = "Approves commissions whose days are over.",
             .work = approve_all_due,
             .transactional = false,
             .time_max = std::chrono::minutes(30)},
            {.name = "commissions.try-rule",
             .meaning = "Computes what a draft of a rule would have paid for past conversions.",
             .work = run_trial,
             .transactional = false,
             .attempts_max = 3,
             .time_max = std::chrono::minutes(30)}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"approval of commissions", "commissions.approve", "*/5 * * * *", "UTC"}};
}

}  // namespace referral::commissions
