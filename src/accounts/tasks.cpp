#include "accounts/accounts.hpp"

namespace referral::accounts {

jobs::JobTable tasks() {
    return {{.name = "sessions.forget",
             .meaning = "Deletes sessions that ended.",
             .work = [](jobs::Run& run) { forget_ended_sessions(run.pool(), run.now()); },
             .transactional = false}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"ended sessions", "sessions.forget", "27 * * * *", "UTC"}};
}

}  // namespace referral::accounts
