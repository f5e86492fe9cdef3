#include "commissions/totals.hpp"

#include <algorithm>

namespace referral::commissions {

namespace {

/// The place of `wanted` in `list`, which gets it if it has it not.
template <class T>
std::size_t add_once(std::vector<T>& list, const T& wanted) {
    const auto found = std::ranges::find(list, wanted);
    const auto place = static_cast<std::size_t>(found - list.begin());
    if (found == list.end()) list.push_back(wanted);
    return place;
}

template <class T>
std::size_t place_of(const std::vector<T>& list, const T& wanted) {
    const auto found = std::ranges::find(list, wanted);
    CHECK(found != list.end());
    return static_cast<std::size_t>(found - list.begin());
}

}  // namespace

Totals::Totals(std::span<const RuleVersion* const> versions, const Zone& zone,
               std::optional<std::int64_t> budget, const Spent& spent)
    : zone_(zone), budget_(budget), spent_(spent.program) {
    for (const RuleVersion* version : versions) {
        OfRule& totals = rules_[version->id.value];
        if (const auto found = spent.rules.find(version->id); found != spent.rules.end())
            totals.spent = found->second;
        if (version->links_customers()) totals.by_customer = true;
        if (version->tiers) add_once(totals.measures, measure_of(*version));
        if (version->cap_partner_period)
            add_once(totals.cap_periods, version->cap_partner_period->period);
    }
}

Totals::Measure Totals::measure_of(const RuleVersion& rule) {
    // Customers are the same whatever is paid for them; loads are no miles.
    const bool by_basis = rule.tiers->measure == TierMeasure::basis;
    return {.measure = rule.tiers->measure,
            .period = rule.tiers->period,
            .basis = by_basis ? rule.basis : Basis::fixed,
            .unit = by_basis && rule.basis == Basis::quantity ? rule.unit : Unit::load};
}

Totals::Key Totals::key(const Event& event, std::size_t place, Period period) const {
    return {place, event.partner, period_of(event.facts.occurred_at, period, zone_).begin};
}

const Totals::Volume* Totals::volume(const OfRule& totals, const Event& event) const {
    const std::size_t place = place_of(totals.measures, measure_of(*event.rule));
    const auto found = totals.volumes.find(key(event, place, event.rule->tiers->period));
    return found == totals.volumes.end() ? nullptr : &found->second;
}

State Totals::before(const Event& event) const {
    const RuleVersion& rule = *event.rule;
    const OfRule& totals = rules_.at(rule.id.value);
    State state{.posted = event.posted, .budget_spent = totals.spent};
    if (budget_) state.program_budget_left = std::max<std::int64_t>(*budget_ - spent_, 0);
    if (const auto found = totals.first.find(event.customer); found != totals.first.end())
        state.first_at = found->second;
    if (const auto found = totals.of_customer.find(event.customer);
        found != totals.of_customer.end())
        state.customer_earned = found->second;
    if (rule.cap_partner_period) {
        const Period period = rule.cap_partner_period->period;
        const auto found =
            totals.of_partner.find(key(event, place_of(totals.cap_periods, period), period));
        if (found != totals.of_partner.end()) state.partner_period_earned = found->second;
    }
    if (!rule.tiers) return state;
    const Volume* counted = volume(totals, event);
    state.volume = counted ? counted->counted : 0;
    state.is_new_customer = !counted || !counted->customers.contains(event.customer);
    return state;
}

void Totals::add(const Event& event, const Calculation& result) {
    if (!result.qualifies) return;
    OfRule& totals = rules_.at(event.rule->id.value);
    totals.spent += result.amount;
    spent_ += result.amount;
    if (totals.by_customer) {
        totals.first.emplace(event.customer, event.facts.occurred_at);
        totals.of_customer[event.customer] += result.amount;
    }
    for (std::size_t i = 0; i < totals.cap_periods.size(); ++i)
        totals.of_partner[key(event, i, totals.cap_periods[i])] += result.amount;
    for (std::size_t i = 0; i < totals.measures.size(); ++i) {
        const Measure& measure = totals.measures[i];
        const bool by_basis = measure.measure == TierMeasure::basis;
        if (by_basis && measure.basis != event.rule->basis) continue;
        if (by_basis && measure.basis == Basis::quantity && measure.unit != event.rule->unit)
            continue;
        Volume& volume = totals.volumes[key(event, i, measure.period)];
        const bool is_new = !by_basis && volume.customers.insert(event.customer).second;
        volume.last = by_basis ? result.counted : is_new;
        volume.counted += volume.last;
    }
}

std::int64_t Totals::deciding(const Event& event, std::int64_t own) const {
    const Volume* counted = volume(rules_.at(event.rule->id.value), event);
    if (!counted) return 0;
    return event.rule->tiers->timing == TierTiming::before ? counted->counted - counted->last
                                                           : counted->counted - own;
}

}  // namespace referral::commissions
