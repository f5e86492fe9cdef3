#include "conversions/attribution.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <tuple>

#include "base/split.hpp"
#include "conversions/attribution_claims.hpp"
#include "conversions/attribution_models.hpp"

namespace referral::conversions {

namespace {

std::chrono::microseconds days(std::int64_t count) { return std::chrono::days(count); }

/// A claim and what became of it.
struct Judged {
    const Claim* claim;
    int rank;
    Step step;

    bool is_good() const { return step.reason == Reason::credited; }
};

/// Every claim, in the order in which they are asked: a total one, so that it does not matter in
/// which order they came.
std::vector<Judged> judged(const AttributionFacts& facts) {
    const Judge judge(facts);
    std::vector<Judged> list;
    for (const Claim& claim : facts.claims)
        list.push_back({&claim, rule_of(claim.source).rank, judge.step(claim)});
    std::ranges::sort(list, {}, [](const Judged& j) {
        const Claim& c = *j.claim;
        return std::tie(j.rank, c.made_at, c.click_id, c.partner, c.source, c.until, c.click_class,
                        c.accepted, c.weight_ppm, c.note, c.link_id);
    });
    return list;
}

/// A partner with good claims of one rank.
struct Candidate {
    UserId partner;
    Instant last_at;
    std::int64_t weight;            ///< Of all its claims.
    std::optional<LinkId> link_id;  ///< Of its last claim that has one.
};

/// The partners of good claims, in the order of their first ones.
std::vector<Candidate> candidates(std::span<const Judged* const> good) {
    std::vector<Candidate> list;
    for (const Judged* j : good) {
        auto found = std::ranges::find(list, j->claim->partner, &Candidate::partner);
        if (found == list.end()) found = list.insert(found, {j->claim->partner, {}, 0, {}});
        found->last_at = j->claim->made_at;
        found->weight += j->claim->weight_ppm;
        if (j->claim->link_id) found->link_id = j->claim->link_id;
    }
    return list;
}

/// The last claim; of equally late ones that with the lowest click id, which is the first of them.
const Judged& last_of(std::span<const Judged* const> good) {
    return **std::ranges::max_element(good, {}, [](const Judged* j) { return j->claim->made_at; });
}

std::vector<std::int64_t> weights_by_model(const std::vector<Candidate>& list, UserId closer,
                                           const AttributionFacts& facts) {
    Journey journey;
    for (const Candidate& candidate : list) {
        if (candidate.partner == closer) journey.closer = journey.ages.size();
        journey.ages.push_back(facts.occurred_at - candidate.last_at);
    }
    return weights(facts.policy.model, journey, days(facts.policy.half_life_days));
}

/// What a good claim is told that is not among the credited.
Reason lost(Choice choice, AttributionModel model) {
    if (choice == Choice::earliest) return Reason::not_first;
    if (choice == Choice::latest) return Reason::not_last;
    if (choice == Choice::nobody) return Reason::for_review;
    if (choice == Choice::by_model && model == AttributionModel::first) return Reason::not_first;
    if (choice == Choice::by_model && model == AttributionModel::last) return Reason::not_last;
    return Reason::no_weight;
}

/// Shares the conversion among the good claims of the rank that decides, and tells each its part.
std::vector<Credit> share(std::span<Judged* const> good, const AttributionFacts& facts) {
    const std::vector<const Judged*> asked(good.begin(), good.end());
    const Choice choice = rule_of(asked.front()->claim->source).choice;
    const Judged* single = choice == Choice::earliest ? asked.front()
                           : choice == Choice::latest ? &last_of(asked)
                                                      : nullptr;
    std::vector<Credit> credits;
    if (single) {
        const Claim& claim = *single->claim;
        credits.push_back({claim.partner, 1'000'000, claim.source, claim.link_id});
    } else if (choice != Choice::nobody) {
        const std::vector<Candidate> list = candidates(asked);
        std::vector<std::int64_t> parts;
        for (const Candidate& candidate : list) parts.push_back(candidate.weight);
        if (choice == Choice::by_model)
            parts = weights_by_model(list, last_of(asked).claim->partner, facts);
        parts = split(1'000'000, parts);
        for (std::size_t i = 0; i < list.size(); ++i)
            if (parts[i] > 0)
                credits.push_back(
                    {list[i].partner, parts[i], asked.front()->claim->source, list[i].link_id});
    }
    for (Judged* j : good) {
        const auto credit = std::ranges::find(credits, j->claim->partner, &Credit::partner);
        const bool won = single ? j == single : credit != credits.end();
        if (won)
            j->step.weight_ppm = credit->weight_ppm;
        else
            j->step.reason = lost(choice, facts.policy.model);
    }
    return credits;
}

/// Whether this is the conversion that makes the customer somebody's: later ones, and those after
/// the lock's end, change nothing about it.
bool locks(const AttributionFacts& facts, const Attribution& decision) {
    return facts.qualifies && facts.policy.lock_days && !decision.credits.empty() &&
           std::ranges::find(facts.claims, Source::lock, &Claim::source) == facts.claims.end();
}

}  // namespace

Attribution attribute(const AttributionFacts& facts) {
    std::vector<Judged> list = judged(facts);
    std::vector<Judged*> good;
    for (Judged& j : list) {
        if (!j.is_good()) continue;
        if (facts.denied)
            j.step.reason = Reason::outranked;
        else if (good.empty() || good.front()->rank == j.rank)
            good.push_back(&j);
        else
            j.step.reason = Reason::outranked;
    }

    Attribution decision;
    if (!good.empty()) decision.credits = share(good, facts);
    if (locks(facts, decision))
        decision.locks_until = facts.occurred_at + days(*facts.policy.lock_days);
    decision.trace = {
        .occurred_at = facts.occurred_at, .policy = facts.policy, .denied = facts.denied};
    if (!decision.credits.empty()) decision.trace.source = decision.credits.front().source;
    for (Judged& j : list) decision.trace.steps.push_back(std::move(j.step));
    return decision;
}

WhyNot why_not(const Trace& trace, UserId partner) {
    const auto distance = [](const Step& step) {
        const bool is_good = step.reason == Reason::credited || step.reason >= Reason::outranked;
        const std::int64_t outside =
            is_good ? 0 : step.outside_seconds.value_or(std::numeric_limits<std::int64_t>::max());
        return std::tuple(step.reason != Reason::credited, !is_good, outside,
                          -step.made_at.time_since_epoch().count());
    };
    WhyNot answer{.partner = partner, .policy_version = trace.policy.version};
    for (const Step& step : trace.steps)
        if (step.partner == partner &&
            (!answer.nearest || distance(step) < distance(*answer.nearest)))
            answer.nearest = step;
    return answer;
}

}  // namespace referral::conversions
