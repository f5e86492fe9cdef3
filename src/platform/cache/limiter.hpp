#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "platform/cache/local_limits.hpp"
#include "platform/cache/redis.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::cache {

/// Numbers for the metrics.
struct LimiterStats {
    bool shared = false;  ///< Whether REDIS_URL is set.
    RedisStats redis;
    std::uint64_t alone = 0;     ///< Decisions made without the Redis that is set.
    std::int64_t processes = 1;  ///< That share the limits, as last heard.
};

/// Says who has asked for too much: for all processes together where there is a Redis, else for
/// this one. Safe in every thread; waits 20 ms for Redis at most.
///
/// What Redis says is mirrored here. What the mirror refuses is refused without asking, and when
/// Redis is away the mirror goes on where the shared count stood, each process with its part of
/// the rate, so that all together allow no more than before. A Redis that has lost everything is
/// told what the mirror knows.
class Limiter {
public:
    struct Settings {
        crypto::Key key{};  ///< Equal in all processes: whom a count is of is hashed.
        std::optional<RedisAddress> redis{};
        std::size_t connections = 8;   ///< To Redis: as many as threads serve requests.
        std::size_t places = 1 << 16;  ///< How many are remembered, 24 bytes each.
    };

    explicit Limiter(const Settings& settings);

    /// Takes `cost` of what `who` may by the policy of this name ("read.user"). Below 0: gives
    /// back what was taken.
    Verdict take(std::string_view policy, std::string_view who, const Rate& rate, Instant now,
                 std::int64_t cost = 1);

    LimiterStats stats() const;

private:
    /// `known`: what is owed where Redis knows nothing, in the time that earns it.
    std::optional<Verdict> ask_redis(const Mark& mark, const Rate& rate, std::int64_t cost,
                                     std::chrono::microseconds known);
    void greet(RedisConnection& connection, Deadline deadline);

    const crypto::SipKey key_;
    const std::string own_name_;  ///< Among the processes that share a Redis.
    LocalLimits local_;
    std::atomic<std::int64_t> processes_ = 1;
    Deadline processes_heard_{};  ///< When there were so many; the keeper's.
    std::atomic<std::uint64_t> alone_ = 0;
    std::unique_ptr<Redis> redis_;  ///< Last: its thread uses the others.
};

}  // namespace referral::cache
