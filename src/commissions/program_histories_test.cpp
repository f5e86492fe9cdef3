/// Random histories of a whole program in memory: sales reported late and in any order, refunds,
/// changed costs, other attributions, versions of rules, budgets, suspensions, decisions of people
/// and payouts, with the invariants I1 to I5 and I7 after each step. Those of what is stored (I6,
/// I8, I9), and all of this on PostgreSQL, slower, are in sale_histories_test.cpp.

#include <gtest/gtest.h>

#include "commissions/memory_program_test.hpp"
#include "commissions/random_history_test.hpp"

namespace referral::commissions {
namespace {

class ProgramHistory : public MemoryProgram {
public:
    explicit ProgramHistory(std::uint64_t seed) : chance_(seed) {
        if (chance_.once_in(2)) referrers_[1] = 4;
        if (chance_.once_in(2)) referrers_[4] = 5;
        if (chance_.once_in(3)) budget_ = chance_.between(1, 900'00);
        hold_days_ = chance_.between(0, 20);
        for (int level = 1; level <= 3; ++level)
            if (level == 1 || chance_.once_in(2)) add_version(level, at("2026-01-01T00:00:00Z"));
    }

    void step() {
        now_ += std::chrono::hours(chance_.between(0, 15 * 24));
        switch (chance_.between(0, 14)) {
            case 0:
            case 1:
            case 2:
                return sell();
            case 3:
            case 4:
                return change_sale();
            case 5:
                return credit_others();
            case 6:
            case 7:
                return approve_due();
            case 8:
            case 9:
            case 10:
                return decide();
            case 11:
                return pay();
            case 12:
                return end_payout();
            case 13:
                return add_version(1, now_ - std::chrono::days(chance_.between(0, 30)));
            default:
                return suspend_or_not();
        }
    }

private:
    // What is reported.

    void sell() {
        Sale sale{.id = static_cast<std::int64_t>(sales_.size()) + 1,
                  .customer = chance_.between(1, 4),
                  .revenue = chance_.between(0, 900'00),
                  .cost = chance_.between(0, 500'00),
                  .occurred_at = now_ - std::chrono::hours(chance_.between(0, 60 * 24))};
        credit(sale);
        report(sale);
        sales_.push_back(sale);
    }

    void change_sale() {
        if (sales_.empty()) return;
        Sale& sale = chance_.any_of(sales_);
        if (chance_.once_in(3))
            sale.revenue -= chance_.between(0, 400'00);
        else if (chance_.once_in(2))
            sale.cost = chance_.between(0, 600'00);
        else
            sale.is_reversed = !sale.is_reversed;
        report(sale);
    }

    void credit_others() {
        if (sales_.empty()) return;
        Sale& sale = chance_.any_of(sales_);
        credit(sale);
        report(sale);
    }

    /// Whoever was suspended gets nothing of what attribution would have given.
    void credit(Sale& sale) {
        sale.credited.clear();
        sale.weights.clear();
        const std::int64_t first = chance_.between(1, 3);
        const bool is_divided = chance_.once_in(3);
        for (const std::int64_t partner : {first, first % 3 + 1}) {
            if (!is_divided && partner != first) continue;
            if (!takes_part(partner, sale.occurred_at)) return sale.credited.clear();
            sale.credited.push_back(partner);
            sale.weights.push_back(!is_divided ? 1'000'000 : partner == first ? 333'333 : 666'667);
        }
    }

    // What people, tasks and payouts do.

    void approve_due() {
        std::vector<Change> changes;
        for (const CommissionRow& row : rows_)
            if (row.status == Status::pending && is_due(row))
                changes.push_back(taken(row, Action::approve));
        write(changes);
    }

    void decide() {
        if (rows_.empty()) return;
        const CommissionRow& row = chance_.any_of(rows_);
        const bool is_held = row.status == Status::held;
        const std::int64_t what = chance_.between(0, 3), by = chance_.between(-20'00, 20'00);
        attempt([&] {
            if (what == 0) write({taken(row, is_held ? Action::release : Action::hold)});
            if (what == 1) is_held ? reject(row) : write({taken(row, Action::hold)});
            if (what == 2 && by != 0) write({adjusted(row, by, Currency())});
            if (what == 3)
                write({row.status == Status::pending ? taken(row, Action::approve)
                                                     : clawed_back(row, std::nullopt, Currency())});
        });
    }

    void pay() {
        Payout payout{.id = static_cast<std::int64_t>(payouts_.size()) + 1,
                      .partner = chance_.between(1, partners_max),
                      .items = {}};
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (rows_[i].status == Status::approved && rows_[i].user_id.value == payout.partner) {
                payout.items.push_back(i);
                payout.amount += rows_[i].amount;
            }
        if (payout.amount <= 0) return;
        attempt([&] {
            move(payout, Action::batch, ledger::PostingKind::batch);
            payouts_.push_back(payout);
        });
    }

    void end_payout() {
        if (payouts_.empty()) return;
        Payout& payout = chance_.any_of(payouts_);
        if (payout.last != Action::batch) return;
        if (chance_.once_in(3))
            move(payout, Action::fail, ledger::PostingKind::fail);
        else
            move(payout, Action::settle, ledger::PostingKind::settle);
    }

    // The program.

    void add_version(std::int64_t level, Instant from) {
        std::deque<RuleVersion>& versions = rules_[level];
        RuleVersion version = random_rule(chance_);
        version.id = {level};
        version.version = static_cast<int>(versions.size()) + 1;
        version.level = static_cast<int>(level);
        version.effective_from = from;
        version.currency = Currency();
        if (level > 1 && chance_.once_in(2)) {
            version.basis = Basis::commission;
            version.tiers = std::nullopt;
            version.rate = {chance_.between(0, 300'000)};
        }
        ASSERT_TRUE(errors_of(version).empty()) << errors_of(version).front().field;
        versions.push_back(version);
        if (level == 1 && chance_.once_in(3) && budget_) budget_ = chance_.between(1, 900'00);
        if (!rows_.empty()) recompute(rows_.size());
    }

    void suspend_or_not() {
        auto& spans = suspended_[chance_.between(1, partners_max)];
        if (spans.empty() || spans.back().end <= now_)
            spans.push_back({now_, Instant::max()});
        else
            spans.back().end = now_;
    }

    Chance chance_;
};

TEST(ProgramHistories, KeepEveryInvariantAndEndAtNothing) {
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        ProgramHistory history(seed);
        for (int i = 0; i < 20; ++i) {
            history.step();
            ASSERT_EQ(history.broken(), "") << "seed " << seed << ", step " << i;
        }

        history.reverse_all();

        ASSERT_EQ(history.broken(), "") << "seed " << seed;
        ASSERT_EQ(history.total(), 0) << "seed " << seed;
    }
}

}  // namespace
}  // namespace referral::commissions
