#include "commissions/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace referral::commissions {

namespace {

bool is_for(const Scope& scope, const Place& place) {
    switch (scope.kind) {
        case ScopeKind::program:
            return scope.id == place.program;
        case ScopeKind::group:
            return std::ranges::find(place.groups, scope.id) != place.groups.end();
        case ScopeKind::code:
            return scope.id == place.code;
        case ScopeKind::enrolment:
            return scope.id == place.enrolment;
    }
    return false;
}

/// What is compared, the first difference first.
struct Rank {
    int specificity;
    int priority;
    std::size_t tests;
    std::tuple<Instant, int, RuleId> made;

    explicit Rank(const RuleVersion& rule)
        : specificity(rule.scope.kind == ScopeKind::program ? 0
                      : rule.scope.kind == ScopeKind::group ? 1
                                                            : 2),
          priority(rule.priority),
          tests(rule.conditions ? count_tests(*rule.conditions) : 0),
          made(rule.effective_from, rule.version, rule.id) {}
};

/// Why `loser` stands behind `winner`, or nothing if it does not.
std::optional<Loss> behind(const Rank& loser, const Rank& winner) {
    const auto differ = [](const auto& a, const auto& b, Loss loss) {
        return a < b ? std::optional(loss) : std::nullopt;
    };
    if (loser.specificity != winner.specificity)
        return differ(loser.specificity, winner.specificity, Loss::less_specific);
    if (loser.priority != winner.priority)
        return differ(loser.priority, winner.priority, Loss::lower_priority);
    if (loser.tests != winner.tests)
        return differ(loser.tests, winner.tests, Loss::fewer_conditions);
    return differ(loser.made, winner.made, Loss::older);
}

std::string_view words(Loss loss) {
    switch (loss) {
        case Loss::other_scope:
            return "it is for others";
        case Loss::not_in_force:
            return "it was not yet in force";
        case Loss::superseded:
            return "a newer version of it was in force";
        case Loss::retired:
            return "it was no longer in force";
        case Loss::other_event:
            return "it is for another kind of event";
        case Loss::other_level:
            return "it is for another level";
        case Loss::other_unit:
            return "it pays for another unit";
        case Loss::conditions:
            return "its conditions do not hold";
        case Loss::less_specific:
            return "its scope is less specific";
        case Loss::lower_priority:
            return "its priority is lower";
        case Loss::fewer_conditions:
            return "it has fewer conditions";
        case Loss::older:
            return "it is older";
    }
    return {};
}

}  // namespace

std::string text_of(const Considered& considered) {
    const RuleVersion& rule = *considered.rule;
    const std::string name = fmt::format("Rule \"{}\", version {}, ", rule.name, rule.version);
    if (!considered.loss) return name + "won.";
    std::string text = name + "lost: " + std::string(words(*considered.loss));
    if (considered.obstacle)
        text += ", for it is not so that " + sentence(*considered.obstacle, rule.currency);
    return text + '.';
}

Rules::Rules(std::vector<RuleVersion> versions) : versions_(std::move(versions)) {
    std::ranges::sort(versions_, {}, [](const RuleVersion& rule) {
        return std::tuple(rule.id, rule.effective_from, rule.version);
    });
}

std::optional<Loss> Rules::why_not(std::size_t i, const Facts& facts, const Place& place) const {
    const RuleVersion& rule = versions_[i];
    if (rule.effective_from > facts.occurred_at) return Loss::not_in_force;
    const bool is_last = i + 1 == versions_.size() || versions_[i + 1].id != rule.id;
    if (!is_last && versions_[i + 1].effective_from <= facts.occurred_at) return Loss::superseded;
    if (rule.is_retired) return Loss::retired;
    if (!is_for(rule.scope, place)) return Loss::other_scope;
    if (rule.event_kind != facts.kind) return Loss::other_event;
    if (rule.level != facts.level) return Loss::other_level;
    if (rule.basis == Basis::quantity && rule.unit != facts.unit) return Loss::other_unit;
    if (rule.conditions && !holds(*rule.conditions, facts, rule.currency)) return Loss::conditions;
    return std::nullopt;
}

const RuleVersion* Rules::select(const Facts& facts, const Place& place) const& {
    const RuleVersion* best = nullptr;
    for (std::size_t i = 0; i < versions_.size(); ++i)
        if (!why_not(i, facts, place) && (!best || behind(Rank(*best), Rank(versions_[i]))))
            best = &versions_[i];
    return best;
}

std::vector<Considered> Rules::explain(const Facts& facts, const Place& place) const& {
    const RuleVersion* winner = select(facts, place);
    std::vector<Considered> list;
    if (winner) list.push_back({.rule = winner});
    for (std::size_t i = 0; i < versions_.size(); ++i) {
        const RuleVersion& rule = versions_[i];
        if (&rule == winner) continue;
        Considered considered{.rule = &rule, .loss = why_not(i, facts, place)};
        if (considered.loss == Loss::conditions)
            considered.obstacle = obstacle(*rule.conditions, facts, rule.currency);
        if (!considered.loss) considered.loss = behind(Rank(rule), Rank(*winner));
        list.push_back(considered);
    }
    return list;
}

}  // namespace referral::commissions
