#pragma once

#include "platform/http/fwd.hpp"
#include "platform/http/route.hpp"

namespace referral::commissions {

/// Rules, exchange rates and trials.
http::RouteTable rule_routes();

}  // namespace referral::commissions
