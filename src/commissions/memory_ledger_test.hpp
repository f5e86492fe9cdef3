#pragma once

/// The ledger of one program in one currency, in memory: entries as `ledger::entries_of` makes
/// them, refused where the tables would (migrations/0011_ledger.sql), and its invariants.

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commissions/commissions.hpp"
#include "platform/db/hash_chain.hpp"

namespace referral::commissions {

class MemoryLedger {
public:
    /// A transaction with its place in the chain.
    struct Transaction {
        ledger::Posting posting;
        std::array<ledger::Entry, 2> entries;
        Day period;
        crypto::Digest hash;
    };

    /// Refuses: as ledger::post.
    void post(const ledger::Posting& posting, Day period) {
        Transaction added{posting, ledger::entries_of(posting), period, {}};
        if (closed_.contains(period)) throw conflict("posted_at", "is in a closed period");
        const bool is_accrual = posting.kind == ledger::PostingKind::accrue;
        if (is_accrual && !accrued_.insert(posting.commission_id.value()).second)
            throw conflict("commission_id", "was accrued before");
        added.hash =
            db::chained(transactions_.empty() ? crypto::Digest{} : transactions_.back().hash,
                        row_of(added, transactions_.size() + 1));
        transactions_.push_back(added);
        for (const ledger::Entry& entry : added.entries)
            balances_[key(posting, entry.account)] += entry.amount;
        for (const ledger::Entry& entry : added.entries) check(posting, entry);
    }

    void close(Day period) {
        if (closed_.contains(period)) return;
        closed_[period] = count(period);
    }

    std::int64_t balance(ledger::Account account, std::int64_t partner) const {
        const auto found = balances_.find({account, partner});
        return found == balances_.end() ? 0 : found->second;
    }

    std::size_t size() const { return transactions_.size(); }

    /// Back to that many transactions, as when the database rolls back; also after a refusal.
    void cut(std::size_t size) {
        while (transactions_.size() > size) {
            const Transaction& last = transactions_.back();
            for (const ledger::Entry& entry : last.entries)
                balances_[key(last.posting, entry.account)] -= entry.amount;
            if (last.posting.kind == ledger::PostingKind::accrue)
                accrued_.erase(*last.posting.commission_id);
            transactions_.pop_back();
        }
    }

    /// Names of what does not hold: I1, I2, I3, I6, I7, I8, I9. `amounts` are the commissions', by
    /// their ids.
    std::string broken(const std::map<std::int64_t, std::int64_t>& amounts) const {
        std::string names;
        Balances sums;
        std::map<std::int64_t, std::int64_t> expenses;
        crypto::Digest hash{};
        for (std::size_t i = 0; i < transactions_.size(); ++i) {
            const Transaction& each = transactions_[i];
            if (each.entries[0].amount + each.entries[1].amount != 0) names += "I1 ";
            hash = db::chained(hash, row_of(each, i + 1));
            if (hash != each.hash) names += "I8 ";
            for (const ledger::Entry& entry : each.entries) {
                sums[key(each.posting, entry.account)] += entry.amount;
                if (entry.account == ledger::Account::commission_expense)
                    expenses[each.posting.commission_id.value()] -= entry.amount;
            }
        }
        std::int64_t owed_or_paid = 0, earned = 0;
        for (const auto& [account, sum] : sums) {
            if (account.first != ledger::Account::payable && ledger::is_partners(account.first) &&
                sum < 0)
                names += "I2 ";
            if (account.first != ledger::Account::commission_expense) owed_or_paid += sum;
            if (sum != balance(account.first, account.second)) names += "I6 ";
        }
        for (const auto& [id, amount] : amounts) {
            earned += amount;
            if (expenses[id] != amount) names += "I3 ";
        }
        if (earned != owed_or_paid) names += "I7 ";
        for (const auto& [period, transactions] : closed_)
            if (count(period) != transactions) names += "I9 ";
        return names;
    }

private:
    using Key = std::pair<ledger::Account, std::int64_t>;
    using Balances = std::map<Key, std::int64_t>;

    static Key key(const ledger::Posting& posting, ledger::Account account) {
        return {account, ledger::is_partners(account) ? posting.partner.value : 0};
    }

    void check(const ledger::Posting& posting, const ledger::Entry& entry) const {
        const bool may_owe = entry.account == ledger::Account::payable &&
                             (posting.kind == ledger::PostingKind::claw_back ||
                              posting.kind == ledger::PostingKind::adjust);
        const bool owes = balance(entry.account, posting.partner.value) < 0;
        if (ledger::is_partners(entry.account) && entry.amount < 0 && owes && !may_owe)
            throw conflict("amount", "is more than there is");
    }

    std::int64_t count(Day period) const {
        return std::ranges::count(transactions_, period, &Transaction::period);
    }

    static db::ChainedRow row_of(const Transaction& transaction, std::size_t number) {
        std::string text(name_of(transaction.posting.kind));
        text += ' ' + std::to_string(transaction.posting.partner.value) + ' ' +
                std::to_string(transaction.posting.commission_id.value_or(0)) + ' ' +
                std::to_string(transaction.posting.payout_id.value_or(0));
        for (const ledger::Entry& entry : transaction.entries)
            text += ' ' + std::string(name_of(entry.account)) + ' ' + std::to_string(entry.amount);
        return {.sequence = static_cast<std::int64_t>(number),
                .row_id = static_cast<std::int64_t>(number),
                .created_at = std::to_string(transaction.period.time_since_epoch().count()),
                .row_hash = crypto::sha256(text)};
    }

    std::vector<Transaction> transactions_;
    Balances balances_;
    std::set<std::int64_t> accrued_;
    std::map<Day, std::int64_t> closed_;
};

}  // namespace referral::commissions
