#pragma once

/// Short words for the tests' tables.

#include <string_view>

#include "commissions/commissions.hpp"

namespace referral::commissions {

inline Instant at(std::string_view text) { return parse_instant(text).value(); }

inline Currency currency(std::string_view code) { return Currency::parse(code).value(); }

inline const Zone& utc() {
    static const Zone zone{Timezone()};
    return zone;
}

inline const Zone& chicago() {
    static const Zone zone(*Timezone::parse("America/Chicago"));
    return zone;
}

/// A delivered load of March 2026 in US dollars.
inline Facts facts(std::int64_t revenue, std::int64_t cost = 0) {
    return {.occurred_at = at("2026-03-10T12:00:00Z"), .revenue = revenue, .cost = cost};
}

/// A good rule of program 1 that pays `rate`: 10 % of the revenue if nothing else is said.
inline RuleVersion rule(Basis basis = Basis::revenue, std::int64_t rate = 100'000) {
    return {.id = {1},
            .effective_from = at("2026-01-01T00:00:00Z"),
            .name = "Standard",
            .scope = {ScopeKind::program, 1},
            .level = basis == Basis::commission ? 2 : 1,
            .basis = basis,
            .rate = {rate}};
}

/// C7's tiers: 5 % below 5,000.00, 8 % below 20,000.00, then 10 %.
inline Tiers growing(TierMode mode, TierTiming timing = TierTiming::after) {
    return {.mode = mode,
            .timing = timing,
            .steps = {{0, {50'000}}, {500'000, {80'000}}, {2'000'000, {100'000}}}};
}

/// A rule with tiers instead of a rate.
inline RuleVersion tiered(Tiers tiers, Basis basis = Basis::revenue) {
    RuleVersion version = rule(basis, 0);
    version.tiers = std::move(tiers);
    return version;
}

inline std::int64_t amount(const Facts& facts, const RuleVersion& rule, const State& state = {}) {
    return calculate(facts, rule, state, utc()).amount;
}

}  // namespace referral::commissions
