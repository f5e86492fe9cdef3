#include "commissions/replay.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "commissions/totals.hpp"

namespace referral::commissions {

namespace {

std::int64_t credited(const Event& event) {
    return event.credited != 0 ? event.credited : event.partner;
}

std::vector<std::size_t> in_order(std::span<const Event> events) {
    std::vector<std::size_t> order(events.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) {
        const Event& event = events[i];
        return std::tuple(event.facts.occurred_at, event.conversion, event.facts.level,
                          event.partner, credited(event));
    });
    return order;
}

/// What level 1 earned by the conversion in hand, by whom it is credited to.
class LevelOne {
public:
    std::int64_t of(const Event& event) const {
        const auto found = std::ranges::find(amounts_, credited(event), &Pair::first);
        return found == amounts_.end() ? event.facts.commission : found->second;
    }
    void add(const Event& event, std::int64_t amount) {
        if (event.facts.level == 1) amounts_.emplace_back(credited(event), amount);
    }
    void clear() { amounts_.clear(); }

private:
    using Pair = std::pair<std::int64_t, std::int64_t>;
    std::vector<Pair> amounts_;
};

Calculation calculation_of(const Earned& known) {
    return {.amount = known.amount,
            .difference = known.difference,
            .qualifies = known.qualifies,
            .counted = known.counted,
            .reason = known.reason,
            .trace = {}};
}

/// One walk through all events.
class Walk {
public:
    Walk(std::span<const Event> events, std::span<const std::size_t> order, Totals& totals)
        : events_(events), order_(order), totals_(totals) {}

    /// Calls `adapt(i, state)` before and `keep(i, calculation)` after each calculation. The parts
    /// of one level of one conversion do not see each other.
    template <class Adapt, class Keep>
    void run(const Zone& zone, const Adapt& adapt, const Keep& keep) {
        LevelOne level_one;
        std::vector<std::pair<std::size_t, Calculation>> parts;
        for (std::size_t n = 0; n < order_.size(); ++n) {
            const std::size_t i = order_[n];
            const Event& event = events_[i];
            State state = totals_.before(event);
            adapt(i, state);
            Facts facts = event.facts;
            if (event.rule->basis == Basis::commission) facts.commission = level_one.of(event);
            parts.emplace_back(i, event.known ? calculation_of(*event.known)
                                              : calculate(facts, *event.rule, state, zone));
            const bool ends_conversion =
                n + 1 == order_.size() || events_[order_[n + 1]].conversion != event.conversion;
            const bool ends_level =
                ends_conversion || events_[order_[n + 1]].facts.level != event.facts.level;
            if (!ends_level) continue;
            for (const auto& [place, result] : parts) {
                totals_.add(events_[place], result);
                level_one.add(events_[place], result.amount);
                keep(place, result);
            }
            parts.clear();
            if (ends_conversion) level_one.clear();
        }
    }

private:
    std::span<const Event> events_;
    std::span<const std::size_t> order_;
    Totals& totals_;
};

template <class Keep>
void compute(std::span<const Event> events, const Zone& zone, std::optional<std::int64_t> budget,
             const Spent& spent, const Keep& keep) {
    const std::vector<std::size_t> order = in_order(events);
    std::vector<const RuleVersion*> versions;
    for (const Event& event : events) versions.push_back(event.rule);
    std::ranges::sort(versions);
    versions.erase(std::ranges::unique(versions).begin(), versions.end());

    // Where the whole period has one rate, what decides is known only at its end.
    Totals volumes(versions, zone, budget, spent);
    std::vector<std::int64_t> own(events.size());
    if (std::ranges::any_of(versions,
                            [](const RuleVersion* rule) { return is_whole(rule->tiers); }))
        Walk(events, order, volumes)
            .run(
                zone, [](std::size_t, State&) {},
                [&](std::size_t i, const Calculation& result) {
                    const bool counts = is_whole(events[i].rule->tiers) &&
                                        events[i].rule->tiers->measure == TierMeasure::basis;
                    own[i] = counts && result.qualifies ? result.counted : 0;
                });

    Totals totals(versions, zone, budget, spent);
    Walk(events, order, totals)
        .run(
            zone,
            [&](std::size_t i, State& state) {
                if (!is_whole(events[i].rule->tiers)) return;
                state.volume = volumes.deciding(events[i], own[i]);
                state.is_new_customer = false;
            },
            keep);
}

}  // namespace

std::vector<Earned> replay(std::span<const Event> events, const Zone& zone,
                           std::optional<std::int64_t> budget, const Spent& spent) {
    std::vector<Earned> list(events.size());
    compute(events, zone, budget, spent, [&](std::size_t i, const Calculation& result) {
        list[i] = {result.amount, result.difference, result.reason, result.qualifies,
                   result.counted};
    });
    return list;
}

std::vector<Earned> replay(std::span<const Event> events, const RuleVersion& rule,
                           const Zone& zone) {
    std::vector<Event> of_rule(events.begin(), events.end());
    for (Event& event : of_rule) event.rule = &rule;
    return replay(of_rule, zone);
}

Calculation explain(std::span<const Event> events, std::size_t place, const Zone& zone,
                    std::optional<std::int64_t> budget, const Spent& spent) {
    Calculation found;
    compute(events, zone, budget, spent, [&](std::size_t i, const Calculation& result) {
        if (i == place) found = result;
    });
    return found;
}

}  // namespace referral::commissions
