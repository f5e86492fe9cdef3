#include "conversions/attribution_claims.hpp"

#include <algorithm>
#include <tuple>

#include "base/check.hpp"

namespace referral::conversions {

namespace {

constexpr std::array<SourceRule, 8> rules{
    {{Source::admin, 1, Term::none, Choice::latest, false},
     {Source::lead, 2, Term::from_until, Choice::earliest, true},
     {Source::lock, 3, Term::until, Choice::by_weight, false},
     {Source::code, 4, Term::window, Choice::latest, true},
     {Source::token, 5, Term::window, Choice::latest, true},
     {Source::click_id, 5, Term::window, Choice::latest, true},
     {Source::clicks, 6, Term::window, Choice::by_model, true},
     {Source::match, 7, Term::none, Choice::nobody, false}}};

/// Why a partner in this state does not earn; nothing: it does.
std::optional<Reason> refusal_of(EnrolmentStatus status) {
    switch (status) {
        case EnrolmentStatus::applied:
            return Reason::applied;
        case EnrolmentStatus::invited:
            return Reason::invited;
        case EnrolmentStatus::approved:
            return std::nullopt;
        case EnrolmentStatus::rejected:
            return Reason::rejected;
        case EnrolmentStatus::suspended:
            return Reason::suspended;
        case EnrolmentStatus::banned:
            return Reason::banned;
        case EnrolmentStatus::left:
            return Reason::left;
    }
    return std::nullopt;
}

}  // namespace

const SourceRule& rule_of(Source source) {
    const auto found = std::ranges::find(rules, source, &SourceRule::source);
    CHECK(found != rules.end());
    return *found;
}

Judge::Judge(const AttributionFacts& facts) : facts_(facts) {
    for (const Claim& claim : facts.claims)
        if (is_evidence(claim) && (!first_touch_ || claim.made_at < *first_touch_))
            first_touch_ = claim.made_at;
}

Step Judge::step(const Claim& claim) const {
    Step step{.source = claim.source,
              .partner = claim.partner,
              .made_at = claim.made_at,
              .until = claim.until,
              .click_id = claim.click_id,
              .note = claim.note};
    if (const auto reason = refusal_of(claim.partner)) {
        step.reason = *reason;
    } else if (claim.click_class != clicks::Class::human) {
        const bool self = claim.click_class == clicks::Class::self;
        step.reason = self ? Reason::self : Reason::not_human;
        step.click_class = claim.click_class;
    } else if (!claim.accepted) {
        step.reason = Reason::not_accepted;
    } else if (const auto missed = missed_time(claim)) {
        step.reason = missed->first;
        step.outside_seconds = std::chrono::floor<std::chrono::seconds>(missed->second).count();
    } else if (rule_of(claim.source).is_touch && is_existing_customer()) {
        step.reason = Reason::existing_customer;
    }
    return step;
}

const Standing* Judge::standing(UserId partner) const {
    const auto found = std::ranges::find(facts_.standings, partner, &Standing::partner);
    return found == facts_.standings.end() ? nullptr : &*found;
}

std::optional<Reason> Judge::refusal_of(UserId partner) const {
    const Standing* known = standing(partner);
    if (!known) return Reason::not_enrolled;
    const StatusChange* last = nullptr;
    for (const StatusChange& change : known->changes)
        if (change.since <= facts_.occurred_at &&
            (!last || std::tie(change.since, change.status) >= std::tie(last->since, last->status)))
            last = &change;
    if (!last) return Reason::not_enrolled;
    if (const auto reason = conversions::refusal_of(last->status)) return reason;
    if (known->is_customer) return Reason::self;
    return std::nullopt;
}

/// Whether somebody had referred the customer by then, whoever, and however long before.
bool Judge::is_evidence(const Claim& claim) const {
    const Standing* known = standing(claim.partner);
    return rule_of(claim.source).is_touch && claim.accepted &&
           claim.click_class == clicks::Class::human && claim.made_at <= facts_.occurred_at &&
           !(known && known->is_customer);
}

bool Judge::is_existing_customer() const {
    return facts_.policy.acquisition && facts_.account_known_at && first_touch_ &&
           *facts_.account_known_at < *first_touch_;
}

/// How a claim's time does not fit, and by how much.
std::optional<std::pair<Reason, std::chrono::microseconds>> Judge::missed_time(
    const Claim& claim) const {
    const Term term = rule_of(claim.source).term;
    const auto age = facts_.occurred_at - claim.made_at;
    if (age.count() < 0 && (term == Term::from_until || term == Term::window))
        return std::pair{Reason::not_yet, -age};
    const std::chrono::microseconds window = std::chrono::days(facts_.policy.window_days);
    if (term == Term::window && age >= window)
        return std::pair{Reason::outside_window, age - window};
    const bool ends = term == Term::until || term == Term::from_until;
    if (ends && claim.until && facts_.occurred_at >= *claim.until)
        return std::pair{Reason::over, facts_.occurred_at - *claim.until};
    return std::nullopt;
}

}  // namespace referral::conversions
