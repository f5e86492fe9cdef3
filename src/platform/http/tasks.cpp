#include "platform/http/tasks.hpp"

#include "platform/db/transaction.hpp"
#include "platform/http/queries.hpp"

namespace referral::http {

namespace {

/// In pieces, so that no transaction is long. Repeating it does no harm.
void forget_writes(jobs::Run& run) {
    for (bool more = true; more && !run.stopping();) {
        db::Transaction tx(run.pool());
        more = tx.run_for_effect(sql::forget_writes, run.now()) > 0;
        tx.commit();
    }
}

}  // namespace

jobs::JobTable tasks() {
    return {{.name = "idempotency-keys.forget",
             .meaning = "Removes stored answers of writes whose time is over.",
             .work = forget_writes,
             .transactional = false}};
}

std::vector<jobs::Schedule> schedules() {
    return {{.name = "idempotency keys",
             .kind = "idempotency-keys.forget",
             .cron = "17 * * * *",
             .timezone = "UTC"}};
}

}  // namespace referral::http
