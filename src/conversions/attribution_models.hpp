#pragma once

/// How the partners whose links a visitor followed share a conversion.

#include <chrono>
#include <cstdint>
#include <vector>

#include "programs/programs.hpp"

namespace referral::conversions {

/// Whose links a visitor followed. The touches of one partner are one.
struct Journey {
    /// One a partner, in the order of their first touches: how long ago the last one was.
    std::vector<std::chrono::microseconds> ages{};
    std::size_t closer = 0;  ///< Whose touch was the last of all; the opener is number 0.
};

/// One weight a partner, not all 0, of any common scale; `split` makes shares of them.
/// `last` and `first`: the closer, the opener. `linear`: all alike. `position`: 40 % to the opener
/// and the closer (80 % when they are one), 20 % to the others together; without others opener and
/// closer halve it. `decay`: 2^(-age/half_life).
std::vector<std::int64_t> weights(programs::AttributionModel model, const Journey& journey,
                                  std::chrono::microseconds half_life);

}  // namespace referral::conversions
