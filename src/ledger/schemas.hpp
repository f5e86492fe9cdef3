#pragma once

/// The ledger by the names of columns and JSON. Amounts are decimals in JSON, minor units in rows.

#include "ledger/ledger.hpp"
#include "platform/schema/json.hpp"

namespace referral::ledger {

/// What one account of a currency comes to.
struct TrialBalanceView {
    TrialBalanceRow row;
};

/// One invariant as the API shows it.
struct InvariantView {
    std::string name, meaning;
    bool holds = true;
    std::int64_t checked = 0, wrong = 0;
    std::optional<std::string> first{};
};

struct ProofView {
    bool intact = true;
    std::vector<InvariantView> invariants{};
    Instant proved_at{};
};

/// Body of closing a month; `period` is its first day.
struct Closing {
    ProgramId program_id;
    Day period{};
};

struct PeriodFilter {
    std::optional<ProgramId> program_id{};
};

}  // namespace referral::ledger

namespace referral::schema {

template <>
struct Fields<ledger::TrialBalanceRow> {
    using T = ledger::TrialBalanceRow;
    static constexpr std::string_view name = "TrialBalanceRow";
    static constexpr auto list =
        FieldList{field("account", &T::account, "The kind of account"),
                  field("currency", &T::currency, "The currency"),
                  field("debits", &T::debits, "Sum of the debits, a decimal"),
                  field("credits", &T::credits, "Sum of the credits, a decimal")};
};

template <>
struct Fields<ledger::AccountRow> {
    using A = ledger::AccountRow;
    static constexpr std::string_view name = "LedgerAccount";
    static constexpr auto list = FieldList{
        field("id", &A::id, "The account."),
        field("account", &A::account, "Its kind."),
        field("user_id", &A::user_id, "Whose it is; null: a program's."),
        field("user_name", &A::user_name, "That partner's name."),
        field("program_id", &A::program_id, "Whose it is; null: a partner's."),
        field("program_name", &A::program_name, "That program's name."),
        field("currency", &A::currency, "Of the balance."),
        field("balance", &A::balance, "A decimal; a credit is above 0."),
    };
};

template <>
struct Fields<ledger::AccountFilter> {
    using F = ledger::AccountFilter;
    static constexpr std::string_view name = "LedgerAccountFilter";
    static constexpr auto list = FieldList{
        field("account", &F::account, "Of this kind."),
        field("user_id", &F::user_id, "This partner's."),
        field("program_id", &F::program_id, "This program's."),
        field("currency", &F::currency, "In this currency."),
        field("limit", &F::limit, "How many at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<ledger::EntryRow> {
    using E = ledger::EntryRow;
    static constexpr std::string_view name = "LedgerEntry";
    static constexpr auto list = FieldList{
        field("transaction_id", &E::transaction_id, "Entries of one sum to 0."),
        field("number", &E::number, "Its place there."),
        field("posting", &E::posting, "What happened."),
        field("account", &E::account, "The kind of account."),
        field("user_id", &E::user_id, "The partner it is about."),
        field("user_name", &E::user_name, "That partner's name."),
        field("program_id", &E::program_id, "The program it is about."),
        field("commission_id", &E::commission_id, "The commission, where it is about one."),
        field("payout_id", &E::payout_id, "The payout, where it is about one."),
        field("currency", &E::currency, "Of the amount."),
        field("amount", &E::amount, "A decimal; a credit is above 0, a debit below."),
        field("posted_at", &E::posted_at, "When."),
        field("period", &E::period, "The first day of its month in the program's time zone."),
        field("note", &E::note, "In somebody's own words."),
    };
};

template <>
struct Fields<ledger::EntryFilter> {
    using F = ledger::EntryFilter;
    static constexpr std::string_view name = "LedgerEntryFilter";
    static constexpr auto list = FieldList{
        field("account", &F::account, "On accounts of this kind."),
        field("user_id", &F::user_id, "About this partner."),
        field("program_id", &F::program_id, "About this program."),
        field("commission_id", &F::commission_id, "About this commission."),
        field("payout_id", &F::payout_id, "About this payout."),
        field("from", &F::from, "Posted from then on …"),
        field("to", &F::to, "… and before that."),
        field("limit", &F::limit, "How many transactions at most."),
        field("cursor", &F::cursor, "The next_cursor of the page before."),
    };
};

template <>
struct Fields<ledger::PeriodRow> {
    using P = ledger::PeriodRow;
    static constexpr std::string_view name = "LedgerPeriod";
    static constexpr auto list = FieldList{
        field("program_id", &P::program_id, "Whose month it is."),
        field("program_name", &P::program_name, "That program's name."),
        field("period", &P::period, "Its first day, in the program's time zone."),
        field("transactions", &P::transactions, "How many were posted to it."),
        field("closed_at", &P::closed_at, "Since when nothing more is posted; null: it is open."),
        field("closed_by", &P::closed_by, "Who closed it."),
        field("closed_by_name", &P::closed_by_name, "That one's name."),
    };
};

template <>
struct Fields<ledger::PeriodFilter> {
    using F = ledger::PeriodFilter;
    static constexpr std::string_view name = "LedgerPeriodFilter";
    static constexpr auto list = FieldList{field("program_id", &F::program_id, "Of this program.")};
};

template <>
struct Fields<ledger::Closing> {
    using C = ledger::Closing;
    static constexpr std::string_view name = "LedgerClosing";
    static constexpr auto list = FieldList{
        field("program_id", &C::program_id, "Whose month it is."),
        field("period", &C::period, "Its first day."),
    };
};

template <>
struct Fields<ledger::InvariantView> {
    using I = ledger::InvariantView;
    static constexpr std::string_view name = "LedgerInvariant";
    static constexpr auto list = FieldList{
        field("name", &I::name, "I1 to I9."),
        field("meaning", &I::meaning, "What must be true."),
        field("holds", &I::holds, "Whether it is."),
        field("checked", &I::checked, "How many transactions, accounts or others were looked at."),
        field("wrong", &I::wrong, "How many are wrong."),
        field("first", &I::first, "The first wrong one."),
    };
};

template <>
struct Fields<ledger::ProofView> {
    using P = ledger::ProofView;
    static constexpr std::string_view name = "LedgerProof";
    static constexpr auto list = FieldList{
        field("intact", &P::intact, "Whether all invariants hold."),
        field("invariants", &P::invariants, "Each of them, derived again from the entries."),
        field("proved_at", &P::proved_at, "When."),
    };
};

/// Rows with some members as decimals of their currency.
template <class Row>
json::value with_decimals(const Row& row, std::initializer_list<const char*> names) {
    json::value value = Json<Row>::write(row);
    for (const char* name : names) {
        json::value& member = value.as_object().at(name);
        member = json::string(to_text(Money{member.as_int64(), row.currency}));
    }
    return value;
}

}  // namespace referral::schema
