#include "ledger/ledger.hpp"

#include <algorithm>

#include "base/problem.hpp"
#include "ledger/queries.hpp"

namespace referral::ledger {

namespace {

constexpr db::ChainQueries chain{.try_lock = sql::try_lock_chain,
                                 .head = sql::chain_head,
                                 .unchained = sql::unchained,
                                 .insert_chained = sql::insert_chained,
                                 .delete_unchained = sql::delete_unchained,
                                 .page_rows = sql::unchained_rows_max};

/// A constraint of the tables, and what whoever breaks it is told.
struct Told {
    std::string_view constraint, field, message;
};

constexpr std::array<Told, 6> told{
    {{"ledger_balances_not_negative", "amount", "is more than there is"},
     {"ledger_transactions_period_open", "posted_at", "is in a closed period"},
     {"ledger_transactions_accrued", "commission_id", "was accrued before"},
     {"ledger_transactions_paid", "payout_id", "was posted before"},
     {"ledger_closed_periods_over", "period", "is not over"},
     {"ledger_closed_periods_pkey", "period", "was closed before"}}};

/// Throws the refusal that an error of the database stands for, or the error.
[[noreturn]] void refuse(const db::Error& error) {
    const auto found = std::ranges::find(told, error.constraint(), &Told::constraint);
    if (found == told.end()) throw error;
    throw conflict(std::string(found->field), std::string(found->message));
}

std::optional<std::int64_t> find_account(db::Transaction& tx, const Posting& posting,
                                         Account account) {
    const Currency& currency = posting.amount.currency;
    return is_partners(account)
               ? tx.maybe(sql::partner_account, posting.partner, currency, account)
               : tx.maybe(sql::program_account, posting.program, currency, account);
}

/// The account's number; makes it when it is the first posting to it.
std::int64_t account_number(db::Transaction& tx, const Posting& posting, Account account) {
    if (const auto found = find_account(tx, posting, account)) return *found;
    const bool partners = is_partners(account);
    tx.run_for_effect(sql::insert_account, partners ? std::optional(posting.partner) : std::nullopt,
                      partners ? std::nullopt : std::optional(posting.program),
                      posting.amount.currency, account);
    return find_account(tx, posting, account).value();
}

}  // namespace

TransactionId post(db::Transaction& tx, const Posting& posting, Instant now) {
    std::array<Entry, 2> entries = entries_of(posting);
    // Every posting locks accounts in this order, so that two never wait for each other.
    std::ranges::sort(entries, {}, &Entry::account);
    std::vector<std::int64_t> accounts, amounts;
    for (const Entry& entry : entries) {
        accounts.push_back(account_number(tx, posting, entry.account));
        amounts.push_back(entry.amount);
    }
    const auto note = posting.note.empty() ? std::nullopt : std::optional(posting.note);
    try {
        return tx.one(sql::insert, posting.kind, posting.partner, posting.program,
                      posting.amount.currency, posting.commission_id, posting.payout_id, now, note,
                      accounts, amounts);
    } catch (const db::Error& error) {
        refuse(error);
    }
}

Balances balances(db::Transaction& tx, UserId partner, const Currency& currency) {
    std::array<std::int64_t, 4> found{};
    for (const auto& [account, balance] : tx.all(sql::balances, partner, currency))
        found.at(static_cast<std::size_t>(account)) = balance;
    return {.pending = {found[0], currency},
            .held = {found[1], currency},
            .payable = {found[2], currency},
            .in_transit = {found[3], currency},
            .paid = {tx.one(sql::paid, partner, currency), currency}};
}

std::vector<TrialBalanceRow> trial_balance(db::Transaction& tx) {
    return tx.all(sql::trial_balance);
}

void close_period(db::Transaction& tx, ProgramId program, Day first, UserId by, Instant now) {
    try {
        tx.run_for_effect(sql::close_period, program, first, now, by);
    } catch (const db::Error& error) {
        refuse(error);
    }
}

std::int64_t extend_chain(db::Pool& pool) { return db::extend_chain(pool, chain); }

}  // namespace referral::ledger
