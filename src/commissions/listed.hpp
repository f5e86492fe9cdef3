#pragma once

/// Commissions as they are looked at: lists, sums, what became of one.

#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "commissions/payable.hpp"
#include "commissions/rule.hpp"
#include "platform/db/transaction.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::commissions {

/// A row of a list, with what of its program decides when it is paid.
struct CommissionListRow {
    CommissionId id;
    conversions::ConversionId conversion_id;
    ProgramId program_id;
    std::string program_name;
    conversions::CustomerId customer_id;
    UserId user_id;
    std::string user_name;
    UserId credited_id;
    std::string credited_name;
    std::int64_t level = 1;
    RuleId rule_id;
    std::int64_t rule_version = 1;
    std::string rule_name;
    EventKind event_kind = EventKind::delivered;
    std::string source, external_id;
    Instant occurred_at{};
    Currency currency;
    std::int64_t amount = 0, computed = 0, manual = 0;
    std::optional<Reason> reason{};
    Status status = Status::pending;
    std::optional<Status> held_from{};
    std::optional<Instant> triggered_at{}, approved_at{};
    Instant created_at{}, updated_at{};
    std::int64_t hold_days = 0;
    EventKind trigger = EventKind::delivered;
    std::optional<std::int64_t> four_eyes_above{};
    std::optional<bool> is_enrolled{};
    std::int64_t approvals = 0;

    PayableFacts payable_facts() const;
};

/// A commission as the API shows it. Amounts are decimals of `currency`.
struct Commission {
    CommissionId id;
    conversions::ConversionId conversion_id;
    ProgramId program_id;
    std::string program_name;
    conversions::CustomerId customer_id;
    UserId user_id;
    std::string user_name;
    UserId credited_user_id;
    std::string credited_user_name;
    std::int64_t level = 1;
    RuleId rule_id;
    std::int64_t rule_version = 1;
    std::string rule_name;
    EventKind event_kind = EventKind::delivered;
    std::string source, external_id;
    Instant occurred_at{};
    std::string amount;
    std::string computed_amount;
    std::string manual_amount;
    Currency currency;
    std::optional<Reason> reason{};
    Status status = Status::pending;
    std::optional<Status> held_from{};
    std::optional<Instant> payable_on{};
    std::optional<WhyNot> why_not_payable{};
    std::string payable_sentence;
    std::optional<std::int64_t> approvals_missing{};  ///< Where two people approve.
    std::optional<Instant> approved_at{};
    Instant created_at{}, updated_at{};
};

Commission shown(const CommissionListRow& row, Instant now);

/// Which commissions are listed, the newest first.
struct CommissionFilter {
    std::optional<Status> status{};
    std::optional<UserId> user_id{};
    std::optional<ProgramId> program_id{};
    std::optional<conversions::ConversionId> conversion_id{};
    std::optional<RuleId> rule_id{};
    std::optional<conversions::CustomerId> customer_id{};
    std::optional<Instant> from{}, to{};           ///< from <= occurred_at < to
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct CommissionPage {
    std::vector<Commission> commissions;
    std::optional<std::string> next_cursor;
};

/// One thing that happened to a commission.
struct CommissionChange {
    std::int64_t id = 0;
    std::string action;
    std::optional<Status> status_before{};
    Status status = Status::pending;
    std::int64_t amount_before = 0, amount = 0;
    Currency currency;
    Instant changed_at{};
    std::optional<UserId> user_id{};
    std::optional<std::string> user_name{};
    std::optional<std::string> reason{};
};

/// What commissions of a status and a currency come to.
struct CommissionSum {
    Currency currency;
    Status status = Status::pending;
    std::int64_t commissions = 0;
    std::int64_t amount = 0;
};

struct SumFilter {
    std::optional<UserId> user_id{};
    std::optional<ProgramId> program_id{};
};

/// Whose commissions a caller sees: a partner's own, or nothing for all.
using CommissionOwner = std::optional<std::int64_t>;

/// Refuses: not_found, also for another's.
Commission get(db::Transaction& tx, CommissionId id, CommissionOwner owner, Instant now);

/// Refuses: invalid (cursor).
CommissionPage list(db::Transaction& tx, const CommissionFilter& filter, CommissionOwner owner,
                    Instant now);

/// What happened to it, the oldest first; at most 1,000. Refuses: not_found.
std::vector<CommissionChange> changes(db::Transaction& tx, CommissionId id, CommissionOwner owner);

std::vector<CommissionSum> sums(db::Transaction& tx, const SumFilter& filter,
                                CommissionOwner owner);

}  // namespace referral::commissions
