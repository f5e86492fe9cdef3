#pragma once

/// What conversions have come to so far, in the order in which they occurred.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "commissions/replay.hpp"

namespace referral::commissions {

/// Keeps count for any number of rules. Whoever adds events does so in their order.
class Totals {
public:
    /// `versions` are all that events may have; they and `zone` outlive it. `budget` is what all
    /// may come to together; `spent` is counted from the start.
    Totals(std::span<const RuleVersion* const> versions, const Zone& zone,
           std::optional<std::int64_t> budget = std::nullopt, const Spent& spent = {});

    /// The state in which the event finds its rule.
    State before(const Event& event) const;

    /// Counts the event as computed.
    void add(const Event& event, const Calculation& result);

    /// What decides, of `whole` tiers, about the whole period of an event that itself counts as
    /// `own`. For totals that have seen all events.
    std::int64_t deciding(const Event& event, std::int64_t own) const;

private:
    /// What tiers count, and for how long.
    struct Measure {
        TierMeasure measure;
        Period period;
        Basis basis;
        Unit unit;
        friend bool operator==(const Measure&, const Measure&) = default;
    };
    struct Volume {
        std::int64_t counted = 0;
        std::int64_t last = 0;  // What the last conversion added.
        std::set<std::int64_t> customers;
    };
    /// A partner in a period, by the place of the measure or of the period of a cap.
    using Key = std::tuple<std::size_t, std::int64_t, Instant>;
    struct OfRule {
        bool by_customer = false;
        std::vector<Measure> measures;
        std::vector<Period> cap_periods;
        std::unordered_map<std::int64_t, Instant> first;
        std::unordered_map<std::int64_t, std::int64_t> of_customer;
        std::map<Key, std::int64_t> of_partner;
        std::map<Key, Volume> volumes;
        std::int64_t spent = 0;
    };

    static Measure measure_of(const RuleVersion& rule);
    const Volume* volume(const OfRule& totals, const Event& event) const;
    Key key(const Event& event, std::size_t place, Period period) const;

    const Zone& zone_;
    std::optional<std::int64_t> budget_;
    std::int64_t spent_ = 0;
    std::unordered_map<std::int64_t, OfRule> rules_;
};

}  // namespace referral::commissions
