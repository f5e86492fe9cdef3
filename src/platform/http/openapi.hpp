#pragma once

#include <string>
#include <string_view>

#include "platform/http/fwd.hpp"

namespace referral::http {

/// The OpenAPI 3.1 document of `routes` (https://spec.openapis.org/oas/v3.1.0), indented.
std::string openapi(const RouteTable& routes, std::string_view version);

}  // namespace referral::http
