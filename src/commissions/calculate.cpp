#include "commissions/calculate.hpp"

#include <algorithm>
#include <numeric>

#include "base/problem.hpp"
#include "base/split.hpp"

namespace referral::commissions {

namespace {

constexpr std::int64_t million = 1'000'000;

void refuse_what_is_too_large(const Facts& facts) {
    const std::pair<const char*, std::int64_t> numbers[] = {{"revenue", facts.revenue},
                                                            {"cost", facts.cost},
                                                            {"quantity", facts.quantity},
                                                            {"commission", facts.commission}};
    for (const auto& [name, number] : numbers)
        if (number >= minor_max || number <= -minor_max) throw invalid(name, "is too large");
}

std::int64_t basis_of(const Facts& facts, Basis basis) {
    switch (basis) {
        case Basis::revenue:
            return facts.revenue;
        case Basis::margin:
            return std::max<std::int64_t>(facts.revenue - facts.cost, 0);
        case Basis::quantity:
            return facts.quantity;
        case Basis::fixed:
            return 1;
        case Basis::commission:
            return facts.commission;
    }
    return 0;
}

bool is_converted(const Facts& facts, const RuleVersion& rule) {
    const bool is_money_of_facts = rule.basis == Basis::revenue || rule.basis == Basis::margin;
    return is_money_of_facts && facts.currency != rule.currency;
}

/// The basis in the rule's currency, exact.
Ratio own_basis(const Facts& facts, const RuleVersion& rule) {
    const std::int64_t amount = basis_of(facts, rule.basis);
    return is_converted(facts, rule) ? converted(amount, facts, rule.currency) : Ratio(amount);
}

/// What rate × basis is divided by to give minor units.
std::int64_t rate_unit(const RuleVersion& rule) {
    switch (rule.basis) {
        case Basis::revenue:
        case Basis::margin:
        case Basis::commission:
            return million;
        // Thousandths of the unit × millionths of the currency, which has its own minor units.
        case Basis::quantity:
            return 1'000 * million / rule.currency.unit();
        case Basis::fixed:
            return 1;
    }
    return 1;
}

/// Why the rule pays nothing at all for the conversion. Adds the customer's months to the trace.
std::optional<Reason> why_nothing(const Facts& facts, const RuleVersion& rule, const State& state,
                                  const Zone& zone, Trace& trace) {
    if (facts.is_reversed) return Reason::reversed;
    if (rule.basis == Basis::quantity && facts.unit != rule.unit) return Reason::other_unit;
    if (!rule.duration_months) return std::nullopt;
    const Instant first = state.first_at.value_or(facts.occurred_at);
    const Span term{first, months_after(first, *rule.duration_months, zone)};
    const bool contains = term.contains(facts.occurred_at);
    trace.add(WindowStep{WindowKind::term, contains, term});
    return contains ? std::nullopt : std::optional(Reason::term_over);
}

/// The last tier that begins at or below `volume`.
const Tier& tier_at(const Tiers& tiers, std::int64_t volume) {
    const auto after = std::ranges::upper_bound(tiers.steps, volume, {}, &Tier::from);
    return after == tiers.steps.begin() ? tiers.steps.front() : *std::prev(after);
}

/// Rate × basis where the basis is cut into slices that begin at `volume`.
Ratio sliced(const Tiers& tiers, std::int64_t volume, const Ratio& basis, Trace& trace) {
    // In units of the basis's denominator, so that all numbers are whole.
    const Int128 unit = basis.denominator();
    const Int128 from = times(volume, unit), to = plus(from, basis.numerator());
    const Int128 low = std::min(from, to), high = std::max(from, to);
    const int sign = from <= to ? 1 : -1;
    Int128 earned = 0;
    for (std::size_t i = 0; i < tiers.steps.size(); ++i) {
        const Tier& tier = tiers.steps[i];
        const bool is_last = i + 1 == tiers.steps.size();
        const Int128 begin = i == 0 ? low : std::max(low, times(tier.from, unit));
        const Int128 end = is_last ? high : std::min(high, times(tiers.steps[i + 1].from, unit));
        if (begin >= end) continue;
        const Int128 slice = (end - begin) * sign;
        earned = plus(earned, times(slice, tier.rate.value));
        trace.add(SliceStep{tier.from, tier.rate, Ratio(slice, unit)});
    }
    return Ratio(earned, unit);
}

/// Rate × basis, not yet divided by the rate's unit.
Ratio rated(const RuleVersion& rule, const State& state, const Facts& facts, const Ratio& basis,
            const Zone& zone, Trace& trace) {
    if (!rule.tiers) {
        trace.add(RateStep{rule.rate});
        return basis * Ratio(rule.rate.value);
    }
    const Tiers& tiers = *rule.tiers;
    trace.add(
        WindowStep{WindowKind::tiers, true, period_of(facts.occurred_at, tiers.period, zone)});
    const bool by_basis = tiers.measure == TierMeasure::basis;
    if (tiers.mode == TierMode::marginal && tiers.timing == TierTiming::after && by_basis)
        return sliced(tiers, state.volume, basis, trace);
    const std::int64_t own = by_basis ? basis.rounded() : state.is_new_customer;
    const std::int64_t volume = state.volume + (tiers.timing == TierTiming::after ? own : 0);
    const Tier& tier = tier_at(tiers, volume);
    trace.add(TierStep{volume, tier.from, tier.rate});
    return basis * Ratio(tier.rate.value);
}

/// Minimum and maximum. Nothing stays nothing, so that what was given back leaves nothing.
std::int64_t limited(std::int64_t amount, std::int64_t basis, const RuleVersion& rule,
                     Trace& trace) {
    if (basis > 0 && rule.min_amount) {
        amount = std::max(amount, *rule.min_amount);
        trace.add(LimitStep{true, *rule.min_amount, amount});
    }
    if (rule.max_amount) {
        amount = std::clamp(amount, -*rule.max_amount, *rule.max_amount);
        trace.add(LimitStep{false, *rule.max_amount, amount});
    }
    return amount;
}

std::int64_t capped(std::int64_t amount, const RuleVersion& rule, const State& state,
                    Calculation& result) {
    struct Row {
        Reason cap;
        std::optional<std::int64_t> limit;
        std::int64_t used;
    };
    std::optional<std::int64_t> partner_cap;
    if (rule.cap_partner_period) partner_cap = rule.cap_partner_period->amount;
    const Row rows[] = {
        {Reason::cap_customer, rule.cap_customer, state.customer_earned},
        {Reason::cap_partner_period, partner_cap, state.partner_period_earned},
        {Reason::budget, rule.budget, state.budget_spent},
        {Reason::budget, state.program_budget_left, 0},
    };
    for (const Row& row : rows) {
        if (!row.limit) continue;
        const std::int64_t left = std::max<std::int64_t>(*row.limit - row.used, 0);
        if (amount > left) {
            amount = left;
            result.reason = row.cap;
        }
        result.trace.add(CapStep{row.cap, *row.limit, row.used, amount});
    }
    return amount;
}

/// The partner's part. What others earn by a commission is a part already.
std::int64_t own_part(std::int64_t total, const Facts& facts, const RuleVersion& rule,
                      Trace& trace) {
    if (facts.weights.size() < 2 || rule.basis == Basis::commission) return total;
    CHECK(facts.own_weight < facts.weights.size());
    const std::int64_t part = split(total, facts.weights)[facts.own_weight];
    const std::int64_t sum =
        std::accumulate(facts.weights.begin(), facts.weights.end(), std::int64_t{0});
    trace.add(SplitStep{facts.weights[facts.own_weight], sum, total, part});
    return part;
}

/// All but the difference.
std::int64_t earned(const Facts& facts, const RuleVersion& rule, const State& state,
                    const Zone& zone, Calculation& result) {
    Trace& trace = result.trace;
    result.reason = why_nothing(facts, rule, state, zone, trace);
    if (result.reason) {
        trace.add(NothingStep{*result.reason});
        return 0;
    }
    result.qualifies = true;
    const std::int64_t amount = basis_of(facts, rule.basis);
    trace.add(BasisStep{rule.basis, amount});
    const Ratio basis = own_basis(facts, rule);
    if (is_converted(facts, rule))
        trace.add(
            ExchangeStep{Ratio(facts.exchange_rate->digits(), facts.exchange_rate->unit()), basis});
    result.counted = basis.rounded();

    Ratio exact = rated(rule, state, facts, basis, zone, trace) * Ratio(1, rate_unit(rule));
    if (facts.bonus_ppm != 0) {
        trace.add(BonusStep{facts.bonus_ppm});
        exact = exact * Ratio(million + facts.bonus_ppm, million);
    }
    const std::int64_t rounded = exact.rounded();
    trace.add(RoundingStep{exact, rounded});

    if (rule.cap_partner_period)
        trace.add(WindowStep{WindowKind::cap_partner_period, true,
                             period_of(facts.occurred_at, rule.cap_partner_period->period, zone)});
    const std::int64_t total = capped(limited(rounded, amount, rule, trace), rule, state, result);
    return own_part(total, facts, rule, trace);
}

}  // namespace

Calculation calculate(const Facts& facts, const RuleVersion& rule, const State& state,
                      const Zone& zone) {
    refuse_what_is_too_large(facts);
    Calculation result;
    result.trace.add(FactsStep{facts.kind, facts.unit, facts.occurred_at, facts.revenue, facts.cost,
                               facts.quantity});
    result.trace.add(RuleStep{rule.id, rule.version, rule.effective_from});
    result.amount = earned(facts, rule, state, zone, result);
    result.difference = result.amount - state.posted;
    result.trace.add(PostStep{result.amount, state.posted, result.difference});
    return result;
}

}  // namespace referral::commissions
