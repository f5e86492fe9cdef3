#include "commissions/shares.hpp"

#include <algorithm>

#include "partners/partners.hpp"

namespace referral::commissions {

namespace {

std::vector<std::int64_t> weights_of(const conversions::Attribution& attribution) {
    std::vector<std::int64_t> weights;
    for (const auto& credit : attribution.credits) weights.push_back(credit.weight_ppm);
    return weights;
}

void place_in_program(std::vector<Share>& shares,
                      const std::vector<partners::Membership>& memberships, Instant at) {
    for (Share& share : shares) {
        const auto found =
            std::ranges::find(memberships, share.earner, &partners::Membership::partner);
        const bool takes_part = found != memberships.end() &&
                                found->status_at(at) == partners::EnrolmentStatus::approved;
        share.is_active = share.level == 1 || takes_part;
        if (found == memberships.end()) continue;
        share.enrolment = found->id.value;
        if (const auto group = found->group_at(at)) share.group = group->value;
    }
}

bool is_of(const OwnCommission& own, const Share& share) {
    return own.credited_id == share.credited && own.level == share.level;
}

}  // namespace

const OwnCommission* find_live(std::span<const OwnCommission> own, const Share& share) {
    const auto found = std::ranges::find_if(own, [&](const OwnCommission& each) {
        return each.status != Status::canceled && is_of(each, share);
    });
    return found == own.end() ? nullptr : &*found;
}

const OwnCommission* find_former(std::span<const OwnCommission> own, const Share& share) {
    const auto found = std::find_if(own.rbegin(), own.rend(), [&](const OwnCommission& each) {
        return each.user_id == share.earner && is_of(each, share);
    });
    return found == own.rend() ? nullptr : &*found;
}

const Share* find_share(std::span<const Share> shares, const OwnCommission& own) {
    const auto found =
        std::ranges::find_if(shares, [&](const Share& each) { return is_of(own, each); });
    return found == shares.end() ? nullptr : &*found;
}

std::vector<Share> shares_of(db::Transaction& tx, const conversions::Outcome& outcome) {
    const Instant at = outcome.conversion.occurred_at;
    const std::vector<std::int64_t> weights = weights_of(outcome.attribution);
    std::vector<Share> shares;
    std::vector<UserId> users;
    for (std::size_t i = 0; i < outcome.attribution.credits.size(); ++i) {
        const conversions::Credit& credit = outcome.attribution.credits[i];
        std::vector<UserId> line{credit.partner};
        for (const UserId user :
             partners::upline(tx, credit.partner, static_cast<int>(levels_max) - 1, at))
            line.push_back(user);
        for (std::size_t level = 0; level < line.size(); ++level) {
            Share& share = shares.emplace_back();
            share.credited = credit.partner;
            share.earner = line[level];
            share.level = static_cast<std::int64_t>(level) + 1;
            share.weights = weights;
            share.own_weight = static_cast<std::int64_t>(i);
            if (credit.link_id) share.code = credit.link_id->value;
            users.push_back(share.earner);
        }
    }
    if (shares.empty()) return shares;
    place_in_program(shares, partners::memberships(tx, outcome.conversion.program_id, users), at);
    return shares;
}

std::vector<Scope> scopes_of(const std::vector<Share>& shares, ProgramId program) {
    std::vector<Scope> scopes{{ScopeKind::program, program.value}};
    for (const Share& share : shares) {
        if (share.enrolment) scopes.push_back({ScopeKind::enrolment, *share.enrolment});
        if (share.group) scopes.push_back({ScopeKind::group, *share.group});
        if (share.code) scopes.push_back({ScopeKind::code, *share.code});
    }
    return scopes;
}

Place place_of(const Share& share, ProgramId program) {
    Place place{.program = program.value,
                .enrolment = share.enrolment.value_or(0),
                .code = share.code.value_or(0),
                .groups = {}};
    if (share.group) place.groups = std::span(&*share.group, 1);
    return place;
}

}  // namespace referral::commissions
