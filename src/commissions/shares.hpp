#pragma once

/// Who could earn by a conversion: those whom it is credited to, and those who referred them.

#include <optional>
#include <span>
#include <vector>

#include "commissions/commission.hpp"
#include "commissions/rules.hpp"

namespace referral::commissions {

/// What one partner could earn by a conversion at one level.
struct Share {
    UserId credited{}, earner{};
    std::int64_t level = 1;
    std::optional<std::int64_t> enrolment{}, group{}, code{};  ///< As they were when it occurred.
    std::vector<std::int64_t> weights{};                       ///< Of all credits.
    std::int64_t own_weight = 0;
    /// Whether the partner took part in the program when the conversion occurred. Whom level 1 is,
    /// attribution has decided.
    bool is_active = true;
};

/// The levels that are paid.
inline constexpr std::int64_t levels_max = 3;

/// A commission of a conversion in hand.
struct OwnCommission {
    CommissionId id;
    UserId user_id, credited_id;
    std::int64_t level = 1;
    RuleId rule_id;
    std::int64_t rule_version = 1;
    std::optional<ExchangeRate> exchange_rate{};
    Currency currency;
    std::int64_t amount = 0;
    Status status = Status::pending;
};

/// The commission of a share, if it has one that is not canceled.
const OwnCommission* find_live(std::span<const OwnCommission> own, const Share& share);

/// What was promised for a share before, canceled meanwhile: it holds when the conversion comes
/// back. `own` begins with the oldest.
const OwnCommission* find_former(std::span<const OwnCommission> own, const Share& share);

/// Whose a commission still is; nothing: others' now.
const Share* find_share(std::span<const Share> shares, const OwnCommission& own);

/// Shares in the order of credits, then of levels.
std::vector<Share> shares_of(db::Transaction& tx, const conversions::Outcome& outcome);

/// Where rules may be for the shares.
std::vector<Scope> scopes_of(const std::vector<Share>& shares, ProgramId program);

/// Where a rule finds a share. The result points to `share`.
Place place_of(const Share& share, ProgramId program);

}  // namespace referral::commissions
