/// The jobs of this folder.

#include "leads/leads.hpp"

namespace referral::leads {

jobs::JobTable tasks() {
    return {{.name = "leads.expire",
             .meaning = "End protections of leads that are over",
             .work = [](jobs::Run& run) { expire(run.transaction(), run.now()); }}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"ended protections of leads", "leads.expire", "7 * * * *", "UTC"}};
}

}  // namespace referral::leads
