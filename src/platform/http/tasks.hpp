#pragma once

#include "platform/jobs/jobs.hpp"

namespace referral::http {

/// Removes the answers stored for Idempotency-Key whose time is over.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

}  // namespace referral::http
