#pragma once

/// The generic cell rate algorithm (ITU-T I.371, annex A): one number says all about somebody's
/// past. It is the *theoretical arrival time*: when everything taken so far will have been earned.

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.hpp"

namespace referral::cache {

/// How much somebody may: `count` in `period` for ever, `burst` at once after a rest.
struct Rate {
    std::int64_t count = 0;  ///< 1 to 1,000,000 in a second.
    std::chrono::microseconds period{0};
    std::int64_t burst = 0;  ///< At least 1.

    /// What one costs: the time in which it is earned.
    std::chrono::microseconds interval() const;
    /// How long it takes until the whole burst is earned again.
    std::chrono::microseconds window() const { return burst * interval(); }
    /// What each of `parts` may have so that all together have this.
    Rate shared_by(std::int64_t parts) const;

    friend bool operator==(const Rate&, const Rate&) = default;
};

/// What was decided.
struct Verdict {
    bool allowed = true;
    std::int64_t remaining = 0;                ///< How many more could follow at once.
    std::chrono::microseconds retry_after{0};  ///< When it would be allowed; 0 when it is.
    std::chrono::microseconds reset_after{0};  ///< When the whole burst is there again.

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Takes `cost` (1 to the burst; below 0: gives back; 0: only looks) at `now` of somebody whose
/// arrival time is `arrival`; nothing: never seen. When allowed, the new arrival time is `now` +
/// reset_after, else it stays. An arrival time later than one window from now is from a clock that
/// has gone back since, and counts as one window.
Verdict decide(const Rate& rate, std::optional<Instant> arrival, Instant now,
               std::int64_t cost = 1);

}  // namespace referral::cache
