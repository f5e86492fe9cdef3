#include "commissions/replay.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

namespace referral::commissions {

namespace {

/// A partner in one period.
using Key = std::pair<std::int64_t, Instant>;

/// What a period has counted for the tiers.
struct Volume {
    std::int64_t counted = 0;
    std::int64_t last = 0;  // What the last conversion added.
    std::set<std::int64_t> customers;
};

/// What has happened so far, in the order of events.
class Totals {
public:
    Totals(const RuleVersion& rule, const Zone& zone) : rule_(rule), zone_(zone) {}

    State before(const Event& event) const {
        State state{.posted = event.posted, .budget_spent = spent_};
        if (const auto found = first_.find(event.customer); found != first_.end())
            state.first_at = found->second;
        if (const auto found = by_customer_.find(event.customer); found != by_customer_.end())
            state.customer_earned = found->second;
        if (rule_.cap_partner_period)
            if (const auto found = by_partner_.find(cap_key(event)); found != by_partner_.end())
                state.partner_period_earned = found->second;
        if (!rule_.tiers) return state;
        const auto found = volumes_.find(tier_key(event));
        const bool is_known = found != volumes_.end();
        state.volume = is_known ? found->second.counted : 0;
        state.is_new_customer = !is_known || !found->second.customers.contains(event.customer);
        return state;
    }

    void add(const Event& event, const Calculation& result) {
        if (!result.qualifies) return;
        first_.emplace(event.customer, event.facts.occurred_at);
        by_customer_[event.customer] += result.amount;
        if (rule_.cap_partner_period) by_partner_[cap_key(event)] += result.amount;
        spent_ += result.amount;
        if (!rule_.tiers) return;
        Volume& volume = volumes_[tier_key(event)];
        const bool is_new = volume.customers.insert(event.customer).second;
        volume.last = rule_.tiers->measure == TierMeasure::basis ? result.counted : is_new;
        volume.counted += volume.last;
    }

    /// What decides about the whole period of an event that itself counts as `own`.
    std::int64_t deciding(const Event& event, std::int64_t own) const {
        const auto found = volumes_.find(tier_key(event));
        if (found == volumes_.end()) return 0;
        const Volume& volume = found->second;
        return rule_.tiers->timing == TierTiming::before ? volume.counted - volume.last
                                                         : volume.counted - own;
    }

private:
    Key cap_key(const Event& event) const { return key(event, rule_.cap_partner_period->period); }
    Key tier_key(const Event& event) const { return key(event, rule_.tiers->period); }
    Key key(const Event& event, Period period) const {
        return {event.partner, period_of(event.facts.occurred_at, period, zone_).begin};
    }

    const RuleVersion& rule_;
    const Zone& zone_;
    std::unordered_map<std::int64_t, Instant> first_;
    std::unordered_map<std::int64_t, std::int64_t> by_customer_;
    std::map<Key, std::int64_t> by_partner_;
    std::map<Key, Volume> volumes_;
    std::int64_t spent_ = 0;
};

/// Calls `compute(event, state)` for all events in order and adds up what it returns. The parts of
/// one conversion do not see each other.
template <class Compute>
void fold(std::span<const Event> events, std::span<const std::size_t> order, Totals& totals,
          const Compute& compute) {
    std::vector<std::pair<std::size_t, Calculation>> parts;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Event& event = events[order[i]];
        parts.emplace_back(order[i], compute(order[i], totals.before(event)));
        const bool is_last =
            i + 1 == order.size() || events[order[i + 1]].conversion != event.conversion;
        if (!is_last) continue;
        for (const auto& [place, result] : parts) totals.add(events[place], result);
        parts.clear();
    }
}

}  // namespace

std::vector<Earned> replay(std::span<const Event> events, const RuleVersion& rule,
                           const Zone& zone) {
    std::vector<std::size_t> order(events.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) {
        const Event& event = events[i];
        return std::tuple(event.facts.occurred_at, event.conversion, event.partner);
    });

    const bool is_whole = rule.tiers && rule.tiers->mode == TierMode::whole;
    const bool by_basis = is_whole && rule.tiers->measure == TierMeasure::basis;
    Totals volumes(rule, zone);
    std::vector<std::int64_t> own(is_whole ? events.size() : 0);
    if (is_whole)
        fold(events, order, volumes, [&](std::size_t i, const State& state) {
            Calculation result = calculate(events[i].facts, rule, state, zone);
            own[i] = by_basis ? result.counted : 0;
            return result;
        });

    std::vector<Earned> list(events.size());
    Totals totals(rule, zone);
    fold(events, order, totals, [&](std::size_t i, State state) {
        if (is_whole) {
            state.volume = volumes.deciding(events[i], own[i]);
            state.is_new_customer = false;
        }
        Calculation result = calculate(events[i].facts, rule, state, zone);
        list[i] = {result.amount, result.difference, result.reason};
        return result;
    });
    return list;
}

}  // namespace referral::commissions
