#pragma once

/// What whoever runs the installation looks after.

#include "platform/http/fwd.hpp"

namespace referral::operations {

/// The settings that administrators change while the program runs.
http::RouteTable settings_routes();

}  // namespace referral::operations
