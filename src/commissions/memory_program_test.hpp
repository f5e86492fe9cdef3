#pragma once

/// A program in memory: its sales, commissions, payouts and ledger. What is decided is decided by
/// the product's own functions (find_live, replay, recomputed, taken, hold, ledger::entries_of);
/// only what PostgreSQL keeps is kept here.

#include <deque>
#include <map>
#include <span>

#include "commissions/change.hpp"
#include "commissions/fixture_test.hpp"
#include "commissions/group.hpp"
#include "commissions/memory_ledger_test.hpp"
#include "commissions/shares.hpp"

namespace referral::commissions {

struct Sale {
    std::int64_t id = 0, customer = 1, revenue = 0, cost = 0;
    Instant occurred_at{};
    bool is_reversed = false;
    std::vector<std::int64_t> credited, weights;
};

struct Payout {
    std::int64_t id = 0, partner = 0, amount = 0;
    std::vector<std::size_t> items;  ///< Places of rows.
    Action last = Action::batch;
};

class MemoryProgram {
public:
    static constexpr std::int64_t partners_max = 5;

    void reverse_all() {
        for (Sale& sale : sales_) {
            sale.is_reversed = true;
            report(sale);
        }
    }

    /// Names of invariants that do not hold, and of amounts that history does not compute.
    std::string broken() const {
        std::map<std::int64_t, std::int64_t> amounts;
        for (const CommissionRow& row : rows_) amounts[row.id.value] = row.amount;
        return ledger_.broken(amounts) + broken_payouts() + misplaced() + unlike_history();
    }

    std::int64_t total() const {
        std::int64_t sum = 0;
        for (const CommissionRow& row : rows_) sum += row.amount;
        return sum;
    }

protected:
    using Places = std::vector<std::size_t>;

    /// Brings the sale's commissions up to its facts.
    void report(const Sale& sale) {
        const std::vector<Share> shares = shares_of(sale);
        std::vector<OwnCommission> own;
        for (CommissionRow& row : rows_)
            if (row.conversion_id.value == sale.id) own.push_back(own_of(row));
        for (const OwnCommission& each : own) {
            CommissionRow& row = row_of(each.id);
            if (row.status == Status::canceled) continue;
            if (const Share* share = find_share(shares, each))
                set_facts(row, sale, *share);
            else
                row.is_reversed = true;
        }
        const std::size_t before = rows_.size();
        for (const Share& share : shares)
            if (!sale.is_reversed && !find_live(own, share))
                if (const RuleVersion* rule = promised(own, share, sale)) add(sale, share, *rule);
        recompute(before);
    }

    std::vector<Share> shares_of(const Sale& sale) const {
        std::vector<Share> shares;
        for (std::size_t i = 0; i < sale.credited.size(); ++i) {
            std::int64_t earner = sale.credited[i];
            for (std::int64_t level = 1; level <= levels_max && earner != 0; ++level) {
                Share& share = shares.emplace_back();
                share.credited = {sale.credited[i]};
                share.earner = {earner};
                share.level = level;
                share.weights = sale.weights;
                share.own_weight = static_cast<std::int64_t>(i);
                share.is_active = level == 1 || takes_part(earner, sale.occurred_at);
                earner = referrers_.contains(earner) ? referrers_.at(earner) : 0;
            }
        }
        return shares;
    }

    static OwnCommission own_of(const CommissionRow& row) {
        return {.id = row.id,
                .user_id = row.user_id,
                .credited_id = row.credited_id,
                .level = row.level,
                .rule_id = row.rule_id,
                .rule_version = row.rule_version,
                .amount = row.amount,
                .status = row.status};
    }

    const RuleVersion* promised(std::span<const OwnCommission> own, const Share& share,
                                const Sale& sale) const {
        if (const OwnCommission* former = find_former(own, share))
            return &version(former->rule_id, former->rule_version);
        return share.is_active ? find_version(share.level, sale.occurred_at) : nullptr;
    }

    void add(const Sale& sale, const Share& share, const RuleVersion& rule) {
        CommissionRow& row = rows_.emplace_back();
        row.id = {static_cast<std::int64_t>(rows_.size())};
        row.conversion_id = {sale.id};
        row.customer_id = {sale.customer};
        row.user_id = share.earner;
        row.credited_id = share.credited;
        row.level = share.level;
        row.rule_id = rule.id;
        row.rule_version = rule.version;
        row.occurred_at = sale.occurred_at;
        set_facts(row, sale, share);
    }

    static void set_facts(CommissionRow& row, const Sale& sale, const Share& share) {
        row.revenue = sale.revenue;
        row.cost = sale.cost;
        row.quantity = 1'000;
        row.is_reversed = sale.is_reversed;
        row.weights = share.weights;
        row.own_weight = share.own_weight;
    }

    void recompute(std::size_t first_new) {
        const auto [places, earned] = replayed(std::nullopt);
        std::vector<Change> changes;
        for (std::size_t i = 0; i < places.size(); ++i)
            changes.push_back(recomputed(rows_[places[i]], earned[i], places[i] >= first_new));
        write(changes);
    }

    /// Every commission that is not canceled, computed with all of history; as if nothing were to
    /// be paid for one of them.
    std::pair<Places, std::vector<Earned>> replayed(std::optional<CommissionId> nothing) const {
        Places places;
        std::vector<Event> events;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const CommissionRow& row = rows_[i];
            if (row.status == Status::canceled) continue;
            places.push_back(i);
            events.push_back(event_of(row, version(row.rule_id, row.rule_version),
                                      row.is_nothing() || row.id == nothing));
        }
        return {places, replay(events, utc(), budget_)};
    }

    bool is_due(const CommissionRow& row) const {
        const Trigger trigger{EventKind::delivered, row.occurred_at};
        return !hold({.triggers = std::span(&trigger, 1),
                      .hold_days = hold_days_,
                      .is_enrolment_active = takes_part(row.user_id.value, now_)},
                     now_)
                    .waiting_for;
    }

    void reject(const CommissionRow& row) {
        const auto [places, earned] = replayed(row.id);
        std::vector<Change> changes;
        for (std::size_t i = 0; i < places.size(); ++i) {
            const CommissionRow& each = rows_[places[i]];
            changes.push_back(each.id == row.id ? taken(each, Action::reject)
                                                : recomputed(each, earned[i], false));
        }
        write(changes);
    }

    void move(Payout& payout, Action action, ledger::PostingKind posting) {
        std::vector<Change> changes;
        for (const std::size_t place : payout.items) changes.push_back(taken(rows_[place], action));
        write(changes);
        ledger_.post({.kind = posting,
                      .partner = {payout.partner},
                      .program = program_id,
                      .amount = {payout.amount, Currency()},
                      .payout_id = payout.id});
        payout.last = action;
    }

    const RuleVersion* find_version(std::int64_t level, Instant when) const {
        const RuleVersion* found = nullptr;
        if (!rules_.contains(level)) return found;
        for (const RuleVersion& version : rules_.at(level))
            if (version.effective_from <= when) found = &version;
        return found;
    }

    const RuleVersion& version(RuleId rule, std::int64_t number) const {
        return rules_.at(rule.value).at(static_cast<std::size_t>(number - 1));
    }

    CommissionRow& row_of(CommissionId id) { return rows_[static_cast<std::size_t>(id.value) - 1]; }

    bool takes_part(std::int64_t partner, Instant when) const {
        const auto found = suspended_.find(partner);
        return found == suspended_.end() ||
               std::ranges::none_of(found->second,
                                    [&](const Span& span) { return span.contains(when); });
    }

    // What PostgreSQL does.

    void write(std::vector<Change> changes) {
        std::ranges::sort(changes, {}, [](const Change& change) {
            return std::pair(change.before.user_id, change.before.id);
        });
        for (const Change& change : changes) {
            CommissionRow& row = row_of(change.before.id);
            row = change.after;
            row.is_accrued |= !change.moves.empty();
            for (const Move& move : change.moves)
                ledger_.post({.kind = move.kind,
                              .partner = row.user_id,
                              .program = program_id,
                              .amount = {move.amount, Currency()},
                              .stage = move.stage,
                              .commission_id = row.id.value});
        }
    }

    /// What is refused leaves nothing.
    template <class Act>
    void attempt(const Act& act) {
        const std::vector<CommissionRow> rows = rows_;
        const std::size_t transactions = ledger_.size();
        try {
            act();
        } catch (const Problem&) {
            rows_ = rows;
            ledger_.cut(transactions);
        }
    }

    /// I5, and of I4 what a payout is to its commissions and accounts.
    std::string broken_payouts() const {
        std::string names;
        std::map<std::size_t, std::int64_t> live;
        std::map<std::int64_t, std::int64_t> in_transit;
        std::int64_t settled = 0;
        for (const Payout& payout : payouts_) {
            const bool is_on_its_way = payout.last == Action::batch;
            for (const std::size_t place : payout.items) {
                if (payout.last != Action::fail) live[place] += 1;
                if (is_on_its_way && rows_[place].status != Status::in_payout) names += "I5 ";
            }
            if (is_on_its_way) in_transit[payout.partner] += payout.amount;
            if (payout.last == Action::settle) settled += payout.amount;
        }
        for (const auto& [place, payouts] : live)
            if (payouts > 1) names += "I5 ";
        for (std::int64_t partner = 1; partner <= partners_max; ++partner)
            if (ledger_.balance(ledger::Account::in_transit, partner) != in_transit[partner])
                names += "I4 ";
        if (ledger_.balance(ledger::Account::cash_clearing, 0) != settled) names += "I4 ";
        return names;
    }

    /// Accounts of partners that are not what their commissions say by their statuses.
    std::string misplaced() const {
        using enum ledger::Account;
        std::map<std::pair<ledger::Account, std::int64_t>, std::int64_t> expected;
        for (const CommissionRow& row : rows_) {
            const auto account = row.status == Status::pending ? pending
                                 : row.status == Status::held  ? held
                                                               : payable;
            expected[{account, row.user_id.value}] += row.amount;
        }
        for (const Payout& payout : payouts_)
            if (payout.last != Action::fail) expected[{payable, payout.partner}] -= payout.amount;
        std::string names;
        for (std::int64_t partner = 1; partner <= partners_max; ++partner)
            for (const auto account : {pending, held, payable})
                if (ledger_.balance(account, partner) != expected[{account, partner}])
                    names += std::string(name_of(account)) + ' ';
        return names;
    }

    std::string unlike_history() const {
        const auto [places, earned] = replayed(std::nullopt);
        std::string names;
        for (std::size_t i = 0; i < places.size(); ++i)
            if (rows_[places[i]].computed != earned[i].amount)
                names += rows_[places[i]].id.text() + ' ';
        return names;
    }

    Instant now_ = at("2026-04-01T00:00:00Z");
    std::map<std::int64_t, std::int64_t> referrers_;
    std::map<std::int64_t, std::deque<RuleVersion>> rules_;  ///< By level.
    std::map<std::int64_t, std::vector<Span>> suspended_;
    std::optional<std::int64_t> budget_;
    std::int64_t hold_days_ = 0;
    std::vector<Sale> sales_;
    std::vector<CommissionRow> rows_;
    std::vector<Payout> payouts_;
    MemoryLedger ledger_;

private:
    static constexpr ProgramId program_id{1};
};

}  // namespace referral::commissions
