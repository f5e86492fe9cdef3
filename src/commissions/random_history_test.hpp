#pragma once

/// What random histories are made of.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low +
               static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool once_in(std::int64_t n) { return between(1, n) == 1; }
    /// One of a list that is not empty.
    template <class List>
    auto& any_of(List& list) {
        return list[static_cast<std::size_t>(
            between(0, static_cast<std::int64_t>(list.size()) - 1))];
    }
    template <class List>
    void shuffle(List& list) {
        std::shuffle(list.begin(), list.end(), random_);
    }

private:
    std::mt19937_64 random_;
};

/// A good rule of any kind, of level 1.
inline RuleVersion random_rule(Chance& chance) {
    const Basis bases[] = {Basis::revenue, Basis::margin, Basis::quantity, Basis::fixed};
    const Basis basis = bases[chance.between(0, 3)];
    const auto rate = [&] { return Rate{chance.between(0, 300'000)}; };
    RuleVersion version = rule(basis, rate().value);
    if (chance.once_in(2)) {
        const bool by_customers = chance.once_in(3);
        Tiers tiers{.mode = chance.once_in(2) ? TierMode::marginal : TierMode::whole,
                    .timing = chance.once_in(2) ? TierTiming::before : TierTiming::after,
                    .measure = by_customers ? TierMeasure::customers : TierMeasure::basis,
                    .period = static_cast<Period>(chance.between(0, 4))};
        for (std::int64_t i = 0, from = 0; i < chance.between(1, 5); ++i) {
            tiers.steps.push_back({from, rate()});
            from += chance.between(1, by_customers ? 3 : 500'00);
        }
        version = tiered(tiers, basis);
    }
    if (chance.once_in(3)) version.min_amount = chance.between(0, 5'00);
    if (chance.once_in(3)) version.max_amount = chance.between(5'00, 100'00);
    if (chance.once_in(3)) version.cap_customer = chance.between(1, 100'00);
    if (chance.once_in(3)) version.cap_partner_period = PartnerCap{chance.between(1, 200'00)};
    if (chance.once_in(3)) version.budget = chance.between(1, 500'00);
    if (chance.once_in(3)) version.duration_months = static_cast<int>(chance.between(1, 3));
    if (chance.once_in(4)) version.currency = currency("JPY");
    return version;
}

/// How many each test makes up; HISTORIES says otherwise.
inline const std::uint64_t histories = [] {
    const char* const wanted = std::getenv("HISTORIES");
    return wanted ? std::strtoull(wanted, nullptr, 10) : 1'000;
}();

}  // namespace referral::commissions
