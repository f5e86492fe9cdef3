#include "ledger/ledger.hpp"
#include "platform/log/log.hpp"

namespace referral::ledger {

namespace {

void prove_books(jobs::Run& run) {
    db::Transaction tx(run.pool());
    std::string broken;
    for (const Invariant& found : prove(tx)) {
        if (found.wrong == 0) continue;
        log::error("ledger_broken", "an invariant of the ledger does not hold",
                   {{"invariant", found.name},
                    {"meaning", found.meaning},
                    {"wrong", found.wrong},
                    {"first", found.first.value_or("")}});
        broken += (broken.empty() ? "" : ", ") + std::string(found.name);
    }
    if (!broken.empty()) throw jobs::GiveUp("the ledger is broken: " + broken);
}

}  // namespace

jobs::JobTable tasks() {
    return {{.name = "ledger.prove",
             .meaning = "Derives the ledger's invariants again; dead when one does not hold.",
             .work = prove_books,
             .transactional = false,
             .time_max = std::chrono::minutes(30)}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"ledger proof", "ledger.prove", "23 3 * * *", "UTC"}};
}

}  // namespace referral::ledger
