#include "commissions/simulation.hpp"

#include <algorithm>

namespace referral::commissions {

Simulation::Simulation(const Rules& rules, std::span<const RuleVersion* const> versions,
                       const Zone& zone, std::optional<std::int64_t> budget)
    : rules_(rules),
      zone_(zone),
      is_whole_(std::ranges::any_of(versions,
                                    [](const RuleVersion* rule) { return is_whole(rule->tiers); })),
      volumes_(versions, zone, budget),
      totals_(versions, zone, budget) {}

template <class Adapt, class Done>
void Simulation::run(const Case& one, Totals& totals, const Adapt& adapt, const Done& done) {
    struct Part {
        Event event;
        const Candidate* candidate;
        Calculation result;
    };
    std::vector<std::pair<std::int64_t, std::int64_t>> level_one;
    for (int level = 1; level <= 3; ++level) {
        std::vector<Part> parts;
        for (const Candidate& candidate : one.candidates) {
            if (candidate.level != level || !candidate.is_active) continue;
            Facts facts = one.facts;
            facts.level = level;
            facts.weights = one.weights;
            facts.own_weight = candidate.own_weight;
            const Place place{.program = one.program,
                              .enrolment = candidate.enrolment,
                              .code = candidate.code,
                              .groups = candidate.group == 0 ? std::span<const std::int64_t>()
                                                             : std::span(&candidate.group, 1)};
            const RuleVersion* rule = rules_.select(facts, place);
            if (!rule) continue;
            const auto found = std::ranges::find(level_one, candidate.credited,
                                                 &std::pair<std::int64_t, std::int64_t>::first);
            facts.commission = found == level_one.end() ? 0 : found->second;
            Event event{.conversion = one.conversion,
                        .customer = one.customer,
                        .partner = candidate.earner,
                        .facts = facts,
                        .rule = rule,
                        .credited = candidate.credited};
            State state = totals.before(event);
            adapt(event, state);
            parts.push_back({event, &candidate, calculate(facts, *rule, state, zone_)});
        }
        for (const Part& part : parts) {
            totals.add(part.event, part.result);
            if (level == 1) level_one.emplace_back(part.candidate->credited, part.result.amount);
            done(*part.candidate, part.result);
        }
    }
}

void Simulation::count(const Case& one) {
    run(
        one, volumes_, [](const Event&, State&) {}, [](const Candidate&, const Calculation&) {});
}

void Simulation::pay(const Case& one, const Keep& keep) {
    run(
        one, totals_,
        [&](const Event& event, State& state) {
            if (!is_whole(event.rule->tiers)) return;
            std::int64_t own = 0;
            if (event.rule->tiers->measure == TierMeasure::basis)
                own = calculate(event.facts, *event.rule, state, zone_).counted;
            state.volume = volumes_.deciding(event, own);
            state.is_new_customer = false;
        },
        [&](const Candidate& candidate, const Calculation& result) {
            keep(candidate, result.amount);
        });
}

}  // namespace referral::commissions
