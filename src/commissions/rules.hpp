#pragma once

/// Which rule is for a conversion. Never the one that pays most: the most specific one.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commissions/facts.hpp"
#include "commissions/rule.hpp"

namespace referral::commissions {

/// Where a partner stands: what scopes are compared with. Ids are row numbers; 0 is none.
struct Place {
    std::int64_t program = 0, enrolment = 0, code = 0;
    std::span<const std::int64_t> groups;
};

/// Why a version is not the one.
enum class Loss {
    other_scope,       ///< It is for another program, group, code or enrolment.
    not_in_force,      ///< It began later than the conversion.
    superseded,        ///< A newer version of the rule was in force.
    retired,           ///< The rule was given up by then.
    other_event,       ///< It is for another kind of event.
    other_level,       ///< It is for another level.
    other_unit,        ///< It pays for another unit.
    conditions,        ///< Its conditions do not hold.
    less_specific,     ///< The winner's scope is more specific.
    lower_priority,    ///< … its priority higher.
    fewer_conditions,  ///< … it has more conditions.
    older              ///< … it began later, or was made later.
};

/// One version that was looked at.
struct Considered {
    const RuleVersion* rule = nullptr;
    std::optional<Loss> loss;  ///< Nothing: it won.
    /// The part of its conditions that does not hold, where that is the loss.
    const Condition* obstacle = nullptr;
};

/// "Rule \"Gold\", version 2, lost: its scope is less specific."
std::string text_of(const Considered& considered);

/// All versions of a program's rules.
class Rules {
public:
    /// The versions have no `errors_of`.
    explicit Rules(std::vector<RuleVersion> versions);

    /// The version that is for the conversion, or nothing: the most specific scope, then the
    /// highest priority, then the most conditions, then the newest. Only versions in force at
    /// `occurred_at` are asked. Allocates nothing. Refuses, as invalid, a missing exchange rate.
    const RuleVersion* select(const Facts& facts, const Place& place) const&;
    const RuleVersion* select(const Facts& facts, const Place& place) const&& = delete;

    /// The same with reasons: every version, the winner first, the others by rule and version.
    /// They point into this.
    std::vector<Considered> explain(const Facts& facts, const Place& place) const&;
    std::vector<Considered> explain(const Facts& facts, const Place& place) const&& = delete;

private:
    std::optional<Loss> why_not(std::size_t i, const Facts& facts, const Place& place) const;

    std::vector<RuleVersion> versions_;  // By rule, then start, then version.
};

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::Loss> {
    using Loss = commissions::Loss;
    static constexpr std::array<std::pair<Loss, std::string_view>, 12> list{
        {{Loss::other_scope, "other_scope"},
         {Loss::not_in_force, "not_in_force"},
         {Loss::superseded, "superseded"},
         {Loss::retired, "retired"},
         {Loss::other_event, "other_event"},
         {Loss::other_level, "other_level"},
         {Loss::other_unit, "other_unit"},
         {Loss::conditions, "conditions"},
         {Loss::less_specific, "less_specific"},
         {Loss::lower_priority, "lower_priority"},
         {Loss::fewer_conditions, "fewer_conditions"},
         {Loss::older, "older"}}};
};
