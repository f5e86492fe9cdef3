#pragma once

/// What becomes of one commission, by facts, by people or with a payout: the row afterwards and
/// what is posted. Pure; Books writes it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commissions/commission.hpp"
#include "commissions/replay.hpp"

namespace referral::commissions {

/// One commission, before and after.
struct Change {
    std::string action;  ///< "accrue", "recompute", "approve", …
    CommissionRow before, after;
    std::vector<Move> moves{};
    std::string reason{};  ///< In somebody's own words, at most 500 characters.
    bool is_new = false;
    bool is_silent = false;  ///< Nothing to tell: amount and status are as before.
};

/// What a commission comes to by its rule and by people; never below 0, and nothing once nothing is
/// left of the conversion.
std::int64_t amount_of(const CommissionRow& row);

/// What becomes of a commission when facts or others change what its rule pays: a cancelation when
/// nothing is left and nothing was paid, otherwise another amount in the same status.
Change recomputed(const CommissionRow& before, const Earned& earned, bool is_new);

/// Another status, by people, a task or a payout. Refuses: conflict (status).
Change taken(const CommissionRow& before, Action action);

/// Another amount by people, `difference` minor units of `currency` more or less. Refuses: conflict
/// (status), invalid (amount_change).
Change adjusted(const CommissionRow& before, std::int64_t difference, const Currency& currency);

/// What is approved or paid, taken back: `amount` minor units, or all of it. Refuses: conflict
/// (status, amount), invalid (amount).
Change clawed_back(const CommissionRow& before, std::optional<std::int64_t> amount,
                   const Currency& currency);

}  // namespace referral::commissions
