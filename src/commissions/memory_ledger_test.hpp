#pragma once

/// The ledger of one program in one currency, in memory: entries as `ledger::entries_of` makes
/// them, refused where the tables would (migrations/0012_ledger.sql).

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commissions/commissions.hpp"

namespace referral::commissions {

class MemoryLedger {
public:
    /// Refuses: conflict (amount: I2; commission_id).
    void post(const ledger::Posting& posting) {
        const bool is_accrual = posting.kind == ledger::PostingKind::accrue;
        if (is_accrual && !accrued_.insert(posting.commission_id.value()).second)
            throw conflict("commission_id", "was accrued before");
        const auto& added = transactions_.emplace_back(posting, ledger::entries_of(posting));
        for (const ledger::Entry& entry : added.entries)
            balances_[key(posting, entry.account)] += entry.amount;
        for (const ledger::Entry& entry : added.entries) check(posting, entry);
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

    /// Names of what does not hold: I1, I3, I7. `amounts` are the commissions', by their ids.
    std::string broken(const std::map<std::int64_t, std::int64_t>& amounts) const {
        std::string names;
        std::map<std::int64_t, std::int64_t> expenses;
        for (const Transaction& each : transactions_) {
            if (each.entries[0].amount + each.entries[1].amount != 0) names += "I1 ";
            for (const ledger::Entry& entry : each.entries)
                if (entry.account == ledger::Account::commission_expense)
                    expenses[each.posting.commission_id.value()] -= entry.amount;
        }
        std::int64_t owed_or_paid = 0, earned = 0;
        for (const auto& [account, balance] : balances_)
            if (account.first != ledger::Account::commission_expense) owed_or_paid += balance;
        for (const auto& [id, amount] : amounts) {
            earned += amount;
            if (expenses[id] != amount) names += "I3 ";
        }
        if (earned != owed_or_paid) names += "I7 ";
        return names;
    }

private:
    struct Transaction {
        Transaction(const ledger::Posting& of, const std::array<ledger::Entry, 2>& made)
            : posting(of), entries(made) {}
        ledger::Posting posting;
        std::array<ledger::Entry, 2> entries;
    };
    using Key = std::pair<ledger::Account, std::int64_t>;

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

    std::vector<Transaction> transactions_;
    std::map<Key, std::int64_t> balances_;
    std::set<std::int64_t> accrued_;
};

}  // namespace referral::commissions
