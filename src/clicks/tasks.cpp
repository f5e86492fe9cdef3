#include "clicks/clicks.hpp"

namespace referral::clicks {

jobs::JobTable tasks(std::function<std::chrono::days()> addresses_kept) {
    return {
        {.name = "click-partitions.make",
         .meaning = "Makes the partitions of clicks for this month and the next three.",
         .work = [](jobs::Run& run) { make_partitions(run.pool(), run.now()); },
         .transactional = false},
        {.name = "visitor-addresses.truncate",
         .meaning = "Cuts the addresses of old clicks down to their network.",
         .work =
             [addresses_kept](jobs::Run& run) {
                 truncate_addresses(run.pool(), run.now(), addresses_kept(),
                                    [&run] { return run.stopping(); });
             },
         .transactional = false,
         .time_max = std::chrono::minutes(30)},
    };
}

std::vector<jobs::Schedule> schedules() {
    return {{"partitions of clicks", "click-partitions.make", "7 * * * *", "UTC", true},
            {"visitor addresses", "visitor-addresses.truncate", "17 * * * *", "UTC", true}};
}

}  // namespace referral::clicks
