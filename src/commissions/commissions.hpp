#pragma once

/// What conversions earn: rules, commissions and what becomes of them. Start with README.md.

#include "commissions/actions.hpp"
#include "commissions/calculate.hpp"
#include "commissions/condition.hpp"
#include "commissions/explanation.hpp"
#include "commissions/hold.hpp"
#include "commissions/replay.hpp"
#include "commissions/rules.hpp"
#include "commissions/settle.hpp"
#include "commissions/stored_rules.hpp"
#include "commissions/trials.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::commissions {

/// Commissions, rules, exchange rates and trials. `pool` must outlive them.
http::RouteTable routes(db::Pool& pool);

/// Approving what is due, and trying drafts of rules.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

}  // namespace referral::commissions
