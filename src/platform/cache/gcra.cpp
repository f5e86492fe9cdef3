#include "platform/cache/gcra.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace referral::cache {

using std::chrono::microseconds;

microseconds Rate::interval() const { return std::max(microseconds(1), period / count); }

Rate Rate::shared_by(std::int64_t parts) const {
    if (parts <= 1) return *this;
    return {.count = count,
            .period = period * parts,
            .burst = std::max<std::int64_t>(1, burst / parts)};
}

Verdict decide(const Rate& rate, std::optional<Instant> arrival, Instant now, std::int64_t cost) {
    CHECK(cost <= rate.burst);
    const microseconds window = rate.window();
    const microseconds zero{0};
    // What is owed: 0 after a rest, `window` when everything is taken.
    const microseconds owed = arrival ? std::clamp(*arrival - now, zero, window) : zero;
    const microseconds wanted = std::max(zero, owed + cost * rate.interval());
    Verdict verdict;
    verdict.allowed = wanted <= window;
    verdict.reset_after = verdict.allowed ? wanted : owed;
    verdict.retry_after = verdict.allowed ? zero : wanted - window;
    verdict.remaining = (window - verdict.reset_after) / rate.interval();
    return verdict;
}

}  // namespace referral::cache
