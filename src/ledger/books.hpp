#pragma once

/// The ledger as it is looked at: accounts, entries, periods.

#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "ledger/postings.hpp"
#include "platform/db/transaction.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::ledger {

struct TransactionTag {
    static constexpr std::string_view prefix = "ltx";
};
using TransactionId = Id<TransactionTag>;

struct AccountTag {
    static constexpr std::string_view prefix = "lac";
};
using AccountId = Id<AccountTag>;

/// Commissions and payouts as their own slices name them, which stand above this one.
struct CommissionTag {
    static constexpr std::string_view prefix = "com";
};
using CommissionId = Id<CommissionTag>;
struct PayoutTag {
    static constexpr std::string_view prefix = "pay";
};
using PayoutId = Id<PayoutTag>;

/// An account and what stands on it: of a partner what is owed, of a program the negative of what
/// was spent and the positive of what was paid. Minor units; a credit is above 0.
struct AccountRow {
    AccountId id;
    Account account = Account::pending;
    std::optional<UserId> user_id{};
    std::optional<std::string> user_name{};
    std::optional<ProgramId> program_id{};
    std::optional<std::string> program_name{};
    Currency currency;
    std::int64_t balance = 0;
};

struct AccountFilter {
    std::optional<Account> account{};
    std::optional<UserId> user_id{};
    std::optional<ProgramId> program_id{};
    std::optional<Currency> currency{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct AccountPage {
    std::vector<AccountRow> accounts;
    std::optional<std::string> next_cursor;
};

/// A line of a transaction, with what the transaction is about.
struct EntryRow {
    TransactionId transaction_id;
    std::int64_t number = 1;
    PostingKind posting = PostingKind::accrue;
    Account account = Account::pending;
    UserId user_id;
    std::string user_name;
    ProgramId program_id;
    std::optional<CommissionId> commission_id{};
    std::optional<PayoutId> payout_id{};
    Currency currency;
    std::int64_t amount = 0;
    Instant posted_at{};
    Day period{};
    std::optional<std::string> note{};
};

struct EntryFilter {
    std::optional<Account> account{};
    std::optional<UserId> user_id{};
    std::optional<ProgramId> program_id{};
    std::optional<CommissionId> commission_id{};
    std::optional<PayoutId> payout_id{};
    std::optional<Instant> from{}, to{};           ///< from <= posted_at < to
    std::optional<schema::Whole<1, 200>> limit{};  ///< Transactions; 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct EntryPage {
    std::vector<EntryRow> entries;
    std::optional<std::string> next_cursor;
};

/// A month of a program.
struct PeriodRow {
    ProgramId program_id;
    std::string program_name;
    Day period{};  ///< Its first day.
    std::int64_t transactions = 0;
    std::optional<Instant> closed_at{};
    std::optional<UserId> closed_by{};
    std::optional<std::string> closed_by_name{};
};

/// Whose rows a caller sees: a partner's own, or nothing for all.
using Owner = std::optional<std::int64_t>;

/// Refuses: invalid (cursor).
AccountPage list_accounts(db::Transaction& tx, const AccountFilter& filter, Owner owner);

/// The newest transaction first, its entries together; of partners those on their own accounts.
/// Refuses: invalid (cursor).
EntryPage list_entries(db::Transaction& tx, const EntryFilter& filter, Owner owner);

/// Months with postings or closed, the newest first, at most 1,000.
std::vector<PeriodRow> list_periods(db::Transaction& tx, std::optional<ProgramId> program);

}  // namespace referral::ledger
