#pragma once

#include <vector>

#include "platform/cache/limiter.hpp"
#include "platform/config/settings.hpp"
#include "platform/http/rate_limits.hpp"

namespace referral::app {

/// How requests are counted, of REDIS_URL. Throws config::BadSettings.
cache::Limiter::Settings limiter_settings(const config::Settings& settings, const crypto::Key& key);

/// How much is allowed, of RATE_LIMITS. Throws config::BadSettings.
std::vector<http::RateLimit> limit_table(const config::Settings& settings);

}  // namespace referral::app
