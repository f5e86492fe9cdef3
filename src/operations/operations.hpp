#pragma once

/// What keeps the system going, as people see it: jobs, their queues and schedules.

#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::operations {

/// What the routes work with; all must outlive them.
struct RouteParts {
    const jobs::JobTable& kinds;
    std::vector<jobs::Schedule> schedules;
};

http::RouteTable routes(RouteParts parts);

/// The upkeep of what is counted.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

/// The settings that administrators change while the program runs.
http::RouteTable settings_routes();

}  // namespace referral::operations
