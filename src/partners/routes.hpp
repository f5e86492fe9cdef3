#pragma once

#include "partners/partners.hpp"
#include "platform/http/fwd.hpp"

namespace referral::partners {

// The parts of this folder's route table.
http::RouteTable partner_routes(const RouteParts& parts);
http::RouteTable group_routes();
http::RouteTable enrolment_routes();

}  // namespace referral::partners
