#include "app/limit_settings.hpp"

#include "platform/config/config.hpp"

namespace referral::app {

cache::Limiter::Settings limiter_settings(const config::Settings& settings,
                                          const crypto::Key& key) {
    constexpr std::int64_t connections_max = 64;
    cache::Limiter::Settings limiter{.key = key};
    limiter.connections =
        static_cast<std::size_t>(std::clamp<std::int64_t>(settings.workers, 1, connections_max));
    if (settings.redis_url.empty()) return limiter;
    limiter.redis = cache::RedisAddress::parse(settings.redis_url.reveal());
    if (!limiter.redis)
        throw config::BadSettings({"REDIS_URL must be " + std::string(cache::RedisAddress::rule)});
    return limiter;
}

std::vector<http::RateLimit> limit_table(const config::Settings& settings) {
    try {
        return http::rate_limits(settings.rate_limits);
    } catch (const std::invalid_argument& error) {
        throw config::BadSettings({std::string("RATE_LIMITS: ") + error.what()});
    }
}

}  // namespace referral::app
