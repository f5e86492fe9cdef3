#pragma once

/// What rules pay for a whole history. Where caps and tiers let one conversion depend on others,
/// this says what each one earns, whatever the order in which they were reported.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "commissions/calculate.hpp"

namespace referral::commissions {

/// What became of an event.
struct Earned {
    std::int64_t amount = 0, difference = 0;
    std::optional<Reason> reason;
    bool qualifies = false;    ///< As in Calculation …
    std::int64_t counted = 0;  ///< … and this.
};

/// A conversion for one partner. Ids are row numbers; a divided conversion is there once a partner,
/// and one with levels once a level.
struct Event {
    std::int64_t conversion = 0, customer = 0, partner = 0;
    Facts facts;
    std::int64_t posted = 0;            ///< For this conversion, partner and level.
    const RuleVersion* rule = nullptr;  ///< What pays for it; outlives the event.
    /// Whom attribution credits, of whom `partner` is the upline; 0: `partner` itself.
    std::int64_t credited = 0;
    /// What it was computed to before, and is still: it counts, and is not computed again.
    std::optional<Earned> known{};
};

/// What is spent of budgets. Minor units.
struct Spent {
    std::int64_t program = 0;
    std::map<RuleId, std::int64_t> rules;
};

/// Computes all conversions in the order in which they occurred, at equal times by their ids, each
/// under its own rule version, and keeps count of customers, periods, tiers and budgets; what a
/// rule counts goes on from one of its versions to the next. Event time alone decides: the result
/// is the same for any order of `events`. `budget` is what all together may come to. What level 1
/// earns is the basis of others where it is among the events; otherwise it is `facts.commission`.
/// `spent` is by others, all of which come before whatever is to be computed. What became of each
/// event is in the same place. Refuses as `calculate`.
std::vector<Earned> replay(std::span<const Event> events, const Zone& zone,
                           std::optional<std::int64_t> budget = std::nullopt,
                           const Spent& spent = {});

/// The same for one version that pays for all of them.
std::vector<Earned> replay(std::span<const Event> events, const RuleVersion& rule,
                           const Zone& zone);

/// The calculation of one of the events, with its trace. It is not `known`.
Calculation explain(std::span<const Event> events, std::size_t place, const Zone& zone,
                    std::optional<std::int64_t> budget = std::nullopt, const Spent& spent = {});

}  // namespace referral::commissions
