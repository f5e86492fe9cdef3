#include "links/links.hpp"

namespace referral::links {

jobs::JobTable tasks() {
    return {{.name = "link-changes.forget",
             .meaning = "Deletes changes of links that no directory asks for any more.",
             .work = [](jobs::Run& run) { forget_old_changes(run.pool(), run.now()); },
             .transactional = false}};
}

std::vector<jobs::Schedule> schedules() {
    return {{"old changes of links", "link-changes.forget", "37 * * * *", "UTC"}};
}

}  // namespace referral::links
