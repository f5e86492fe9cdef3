#pragma once

/// A commission, for every file of this folder.

#include "base/id.hpp"
#include "commissions/calculate.hpp"
#include "commissions/exchange_rates.hpp"
#include "commissions/hold.hpp"
#include "commissions/states.hpp"
#include "conversions/conversions.hpp"

namespace referral::commissions {

struct CommissionTag {
    static constexpr std::string_view prefix = "com";
};
using CommissionId = Id<CommissionTag>;

using accounts::UserId;
using programs::ProgramId;

/// A commission as it is computed with; `level_one` is what level 1 earns of the same credit.
struct CommissionRow {
    CommissionId id;
    conversions::ConversionId conversion_id;
    conversions::CustomerId customer_id;
    UserId user_id, credited_id;
    std::int64_t level = 1;
    RuleId rule_id;
    std::int64_t rule_version = 1;
    EventKind event_kind = EventKind::delivered;
    Instant occurred_at{};
    Currency facts_currency;
    std::int64_t revenue = 0, cost = 0, quantity = 0;
    Unit unit = Unit::load;
    bool is_reversed = false;
    std::optional<ExchangeRate> exchange_rate{};
    std::vector<std::int64_t> weights{};
    std::int64_t own_weight = 0;
    std::int64_t computed = 0, manual = 0, amount = 0;
    std::optional<Reason> reason{};
    bool qualifies = false;
    std::int64_t counted = 0;
    Status status = Status::pending;
    std::optional<Status> held_from{};
    bool is_accrued = false;
    std::optional<std::int64_t> level_one{};

    Standing standing() const {
        return {.status = status,
                .held_from = held_from.value_or(Status::pending),
                .amount = amount,
                .is_accrued = is_accrued};
    }
    /// Nothing is left of the conversion, or nothing is to be paid for it.
    bool is_nothing() const { return is_reversed || status == Status::rejected; }
};

}  // namespace referral::commissions
