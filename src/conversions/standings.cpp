#include "conversions/standings.hpp"

#include <algorithm>

#include "conversions/queries.hpp"
#include "leads/leads.hpp"

namespace referral::conversions {

namespace {

std::vector<UserId> partners_of(const std::vector<Claim>& claims) {
    std::vector<UserId> users;
    for (const Claim& claim : claims) users.push_back(claim.partner);
    std::ranges::sort(users);
    users.erase(std::ranges::unique(users).begin(), users.end());
    return users;
}

/// Whether they are the same person or company, as far as mailbox and MC number tell.
bool is_customer(const sql::PartnerRow& partner, const customers::Identified& customer) {
    const auto& [user, email, mc_number] = partner;
    const auto other =
        customer.customer.email ? accounts::Email::parse(*customer.customer.email) : std::nullopt;
    if (other && customers::mailbox_of(email) == customers::mailbox_of(*other)) return true;
    return mc_number && customer.account && customer.account->mc_number == mc_number;
}

}  // namespace

Policy policy_of(db::Transaction& tx, programs::ProgramId program, Instant at) {
    const programs::AttributionPolicy policy = programs::policy_at(tx, program, at);
    return {.version = policy.version,
            .model = policy.model,
            .window_days = policy.click_window_days,
            .half_life_days = policy.half_life_days,
            .acquisition = policy.acquisition,
            .lock_days = policy.lock_days};
}

std::vector<Standing> standings_of(db::Transaction& tx, programs::ProgramId program,
                                   const customers::Identified& customer,
                                   const std::vector<Claim>& claims) {
    std::vector<Standing> standings;
    const std::vector<UserId> users = partners_of(claims);
    if (users.empty()) return standings;
    for (partners::Membership& membership : partners::memberships(tx, program, users))
        standings.push_back(
            {.partner = membership.partner, .changes = std::move(membership.changes)});
    if (standings.empty()) return standings;
    for (const sql::PartnerRow& partner : tx.all(sql::partners, users)) {
        const auto found =
            std::ranges::find(standings, std::get<UserId>(partner), &Standing::partner);
        if (found != standings.end()) found->is_customer = is_customer(partner, customer);
    }
    return standings;
}

void add_leads(db::Transaction& tx, programs::ProgramId program,
               const customers::Identified& customer, std::vector<Claim>& claims) {
    for (const leads::Lead& lead : leads::leads_of(tx, program, customer.customer.id))
        claims.push_back({.source = Source::lead,
                          .partner = lead.user_id,
                          .made_at = lead.registered_at,
                          .until = lead.protected_until,
                          .accepted = lead.is_accepted(),
                          .note = lead.company.text()});
}

void convert_lead(db::Transaction& tx, programs::ProgramId program, customers::CustomerId customer,
                  const Attribution& attribution, Instant now) {
    if (attribution.trace.source != Source::lead) return;
    const auto won = std::ranges::find_if(attribution.trace.steps, [](const Step& step) {
        return step.source == Source::lead && step.reason == Reason::credited;
    });
    if (won == attribution.trace.steps.end()) return;
    for (const leads::Lead& lead : leads::leads_of(tx, program, customer))
        if (lead.user_id == won->partner && lead.registered_at == won->made_at &&
            lead.protected_until == won->until) {
            leads::convert(tx, lead.id, attribution.trace.occurred_at, now);
            return;
        }
}

bool earns(db::Transaction& tx, programs::ProgramId program, UserId partner, Instant at) {
    const auto membership = partners::membership(tx, program, partner);
    return membership && membership->status_at(at) == EnrolmentStatus::approved;
}

}  // namespace referral::conversions
