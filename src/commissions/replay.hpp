#pragma once

/// What a rule pays for a whole history. Where caps and tiers let one conversion depend on others,
/// this says what each one earns, whatever the order in which they were reported.

#include <cstdint>
#include <span>
#include <vector>

#include "commissions/calculate.hpp"

namespace referral::commissions {

/// A conversion for one partner. Ids are row numbers; a divided conversion is there once a partner.
struct Event {
    std::int64_t conversion = 0, customer = 0, partner = 0;
    Facts facts;
    std::int64_t posted = 0;  ///< For this conversion and partner.
};

/// What became of the event of the same place.
struct Earned {
    std::int64_t amount = 0, difference = 0;
    std::optional<Reason> reason;
};

/// Computes all conversions under one version in the order in which they occurred, at equal times
/// by their ids, and keeps count of customers, periods, tiers and the budget. Event time alone
/// decides: the result is the same for any order of `events`. The program's budget is not asked.
/// Refuses as `calculate`.
std::vector<Earned> replay(std::span<const Event> events, const RuleVersion& rule,
                           const Zone& zone);

}  // namespace referral::commissions
