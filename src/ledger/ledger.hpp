#pragma once

/// What is owed to partners and what was paid: double entry, only ever added to.

#include <cstdint>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/time.hpp"
#include "ledger/books.hpp"
#include "ledger/postings.hpp"
#include "ledger/proof.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::ledger {

/// Adds a posting to the caller's transaction, so that it is there exactly if what it tells of is.
/// `now` decides the period: its month in the program's time zone. Whoever posts about several
/// partners in one transaction takes them in the order of their ids, or may be told to try again
/// (db::Error::is_retryable). Refuses: invalid as `entries_of`; conflict (amount: more than there
/// is; posted_at: a closed period; commission_id, payout_id: posted before).
TransactionId post(db::Transaction& tx, const Posting& posting, Instant now);

/// What a partner has in one currency.
struct Balances {
    Money pending, held, payable, in_transit, paid;
};

Balances balances(db::Transaction& tx, UserId partner, const Currency& currency);

/// All accounts of a kind and a currency.
struct TrialBalanceRow {
    Account account = Account::pending;
    Currency currency;
    std::int64_t debits = 0;   ///< Minor units, not negative.
    std::int64_t credits = 0;  ///< Minor units, not negative.
};

/// Computed from the entries. Debits and credits of a currency have the same sum.
std::vector<TrialBalanceRow> trial_balance(db::Transaction& tx);

/// Closes a month of a program: nothing is posted to it any more. `first` is its first day.
/// Refuses: conflict (period: is not over, was closed before).
void close_period(db::Transaction& tx, ProgramId program, Day first, UserId by, Instant now);

/// Chains transactions that were committed since; for whoever does it each second. Throws
/// db::Error.
std::int64_t extend_chain(db::Pool& pool);

/// Accounts, entries, the proof, the trial balance, and closing months.
http::RouteTable routes();

/// The nightly proof.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

}  // namespace referral::ledger
