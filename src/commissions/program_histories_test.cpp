/// Random histories of a whole program in memory: sales reported late and in any order, refunds,
/// changed costs, other attributions, versions of rules, budgets, suspensions, decisions of people,
/// payouts and closed months, with the invariants I1 to I9 after each step. What is decided is
/// decided by the product's own functions (replay, recomputed, taken, adjusted, clawed_back, hold,
/// ledger::entries_of); only what PostgreSQL keeps is kept here. The same on PostgreSQL, slower, is
/// in sale_histories_test.cpp.

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "commissions/change.hpp"
#include "commissions/memory_ledger_test.hpp"
#include "commissions/random_history_test.hpp"

namespace referral::commissions {
namespace {

constexpr std::int64_t partners_max = 5, customers_max = 4;
constexpr ProgramId program{1};

struct Sale {
    std::int64_t id = 0, customer = 1, revenue = 0, cost = 0;
    Instant occurred_at{};
    bool is_reversed = false;
    std::vector<std::int64_t> credited, weights;
};

struct Payout {
    std::int64_t id = 0, partner = 0, amount = 0;
    std::map<std::size_t, std::int64_t> items;  ///< Amounts by places of rows.
    Action last = Action::batch;
};

class ProgramHistory {
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
        switch (chance_.between(0, 13)) {
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
                return decide();
            case 9:
                return pay();
            case 10:
                return end_payout();
            case 11:
                return add_version(1, now_ - std::chrono::days(chance_.between(0, 30)));
            case 12:
                return suspend_or_not();
            default:
                return close_month();
        }
    }

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
        return ledger_.broken(amounts) + broken_payouts() + unlike_history();
    }

    std::int64_t total() const {
        std::int64_t sum = 0;
        for (const CommissionRow& row : rows_) sum += row.amount;
        return sum;
    }

    /// What is owed and on its way, of all partners.
    std::int64_t owed() const {
        std::int64_t sum = 0;
        for (std::int64_t partner = 1; partner <= partners_max; ++partner)
            for (const auto account : {ledger::Account::pending, ledger::Account::held,
                                       ledger::Account::payable, ledger::Account::in_transit})
                sum += ledger_.balance(account, partner);
        return sum;
    }

    std::int64_t paid() const { return ledger_.balance(ledger::Account::cash_clearing, 0); }

private:
    using Places = std::vector<std::size_t>;

    // What is reported.

    void sell() {
        Sale sale{.id = static_cast<std::int64_t>(sales_.size()) + 1,
                  .customer = chance_.between(1, customers_max),
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

    /// Brings the sale's commissions up to its facts, as commissions/settle.cpp does.
    void report(const Sale& sale) {
        struct Share {
            std::int64_t credited, earner, level;
            std::size_t own;
        };
        std::vector<Share> shares;
        for (std::size_t i = 0; i < sale.credited.size(); ++i) {
            std::int64_t earner = sale.credited[i];
            for (std::int64_t level = 1; level <= 3 && earner != 0; ++level) {
                shares.push_back({sale.credited[i], earner, level, i});
                earner = referrers_.contains(earner) ? referrers_.at(earner) : 0;
            }
        }
        const auto is_of = [&](const CommissionRow& row, const Share& share) {
            return row.conversion_id.value == sale.id && row.level == share.level &&
                   row.credited_id.value == share.credited;
        };
        for (CommissionRow& row : rows_) {
            if (row.conversion_id.value != sale.id || row.status == Status::canceled) continue;
            const auto share =
                std::ranges::find_if(shares, [&](const Share& each) { return is_of(row, each); });
            if (share == shares.end())
                row.is_reversed = true;
            else
                set_facts(row, sale, share->own);
        }
        const std::size_t before = rows_.size();
        for (const Share& share : shares) {
            const RuleVersion* rule = nullptr;
            bool is_there = sale.is_reversed;
            for (const CommissionRow& row : std::span(rows_).first(before))
                if (is_of(row, share)) {
                    is_there |= row.status != Status::canceled;
                    rule = &version_of(row);  // What was promised before holds again.
                }
            if (is_there) continue;
            const bool counts = share.level == 1 || takes_part(share.earner, sale.occurred_at);
            if (!rule && counts) rule = find_version(share.level, sale.occurred_at);
            if (!rule) continue;
            CommissionRow& row = rows_.emplace_back();
            row.id = {static_cast<std::int64_t>(rows_.size())};
            row.conversion_id = {sale.id};
            row.customer_id = {sale.customer};
            row.user_id = {share.earner};
            row.credited_id = {share.credited};
            row.level = share.level;
            row.rule_id = rule->id;
            row.rule_version = rule->version;
            row.occurred_at = sale.occurred_at;
            set_facts(row, sale, share.own);
        }
        recompute(before);
    }

    static void set_facts(CommissionRow& row, const Sale& sale, std::size_t own) {
        row.revenue = sale.revenue;
        row.cost = sale.cost;
        row.quantity = 1'000;
        row.is_reversed = sale.is_reversed;
        row.weights = sale.weights;
        row.own_weight = static_cast<std::int64_t>(own);
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
            events.push_back(event_of(row, version_of(row), row.is_nothing() || row.id == nothing));
        }
        return {places, replay(events, utc(), budget_)};
    }

    // What people, tasks and payouts do.

    void approve_due() {
        std::vector<Change> changes;
        for (const CommissionRow& row : rows_)
            if (row.status == Status::pending && is_due(row))
                changes.push_back(taken(row, Action::approve));
        write(changes);
    }

    bool is_due(const CommissionRow& row) const {
        const Trigger trigger{EventKind::delivered, row.occurred_at};
        return !hold({.triggers = std::span(&trigger, 1),
                      .hold_days = hold_days_,
                      .is_enrolment_active = takes_part(row.user_id.value, now_)},
                     now_)
                    .waiting_for;
    }

    void decide() {
        if (rows_.empty()) return;
        const CommissionRow& row = chance_.any_of(rows_);
        const std::int64_t what = chance_.between(0, 5), by = chance_.between(-20'00, 20'00);
        attempt([&] {
            if (what == 0) write({taken(row, Action::hold)});
            if (what == 1) write({taken(row, Action::release)});
            if (what == 2) reject(row);
            if (what == 3 && by != 0) write({adjusted(row, by, Currency())});
            if (what == 4) write({taken(row, Action::approve)});
            if (what == 5) write({clawed_back(row, std::nullopt, Currency())});
        });
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

    void pay() {
        Payout payout{.id = static_cast<std::int64_t>(payouts_.size()) + 1,
                      .partner = chance_.between(1, partners_max),
                      .items = {}};
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (rows_[i].status == Status::approved && rows_[i].user_id.value == payout.partner) {
                payout.items[i] = rows_[i].amount;
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

    void move(Payout& payout, Action action, ledger::PostingKind posting) {
        std::vector<Change> changes;
        for (const auto& [place, amount] : payout.items)
            changes.push_back(taken(rows_[place], action));
        write(changes);
        ledger_.post({.kind = posting,
                      .partner = {payout.partner},
                      .program = program,
                      .amount = {payout.amount, Currency()},
                      .payout_id = payout.id},
                     month_of(now_));
        payout.last = action;
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

    const RuleVersion* find_version(std::int64_t level, Instant when) const {
        const RuleVersion* found = nullptr;
        if (!rules_.contains(level)) return found;
        for (const RuleVersion& version : rules_.at(level))
            if (version.effective_from <= when) found = &version;
        return found;
    }

    const RuleVersion& version_of(const CommissionRow& row) const {
        return rules_.at(row.rule_id.value).at(static_cast<std::size_t>(row.rule_version - 1));
    }

    void suspend_or_not() {
        auto& spans = suspended_[chance_.between(1, partners_max)];
        if (spans.empty() || spans.back().end <= now_)
            spans.push_back({now_, Instant::max()});
        else
            spans.back().end = now_;
    }

    bool takes_part(std::int64_t partner, Instant when) const {
        const auto found = suspended_.find(partner);
        return found == suspended_.end() ||
               std::ranges::none_of(found->second,
                                    [&](const Span& span) { return span.contains(when); });
    }

    void close_month() { ledger_.close(month_of(month_of(now_) - std::chrono::days(1))); }

    static Day month_of(Instant when) {
        const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(when));
        return std::chrono::sys_days(day.year() / day.month() / 1);
    }

    // What PostgreSQL does.

    void write(std::vector<Change> changes) {
        std::ranges::sort(changes, {}, [](const Change& change) {
            return std::pair(change.before.user_id, change.before.id);
        });
        for (const Change& change : changes) {
            CommissionRow& row = rows_[static_cast<std::size_t>(change.before.id.value) - 1];
            row = change.after;
            row.is_accrued |= !change.moves.empty();
            for (const Move& move : change.moves)
                ledger_.post({.kind = move.kind,
                              .partner = row.user_id,
                              .program = program,
                              .amount = {move.amount, Currency()},
                              .stage = move.stage,
                              .commission_id = row.id.value},
                             month_of(now_));
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

    std::string broken_payouts() const {
        std::string names;
        std::map<std::size_t, std::int64_t> live;
        std::map<std::int64_t, std::int64_t> in_transit;
        std::int64_t settled = 0;
        for (const Payout& payout : payouts_) {
            std::int64_t items = 0;
            for (const auto& [place, amount] : payout.items) {
                items += amount;
                if (payout.last != Action::fail) live[place] += 1;
                if ((rows_[place].status == Status::in_payout) < (payout.last == Action::batch))
                    names += "I5 ";
            }
            if (items != payout.amount) names += "I4 ";
            if (payout.last == Action::batch) in_transit[payout.partner] += payout.amount;
            if (payout.last == Action::settle) settled += payout.amount;
        }
        for (const auto& [place, payouts] : live)
            if (payouts > 1) names += "I5 ";
        for (std::int64_t partner = 1; partner <= partners_max; ++partner)
            if (ledger_.balance(ledger::Account::in_transit, partner) != in_transit[partner])
                names += "I4 ";
        if (paid() != settled) names += "I4 ";
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

    Chance chance_;
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
};

TEST(ProgramHistories, KeepEveryInvariantAndEndAtNothing) {
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        ProgramHistory history(seed);
        for (int i = 0; i < 16; ++i) {
            history.step();
            ASSERT_EQ(history.broken(), "") << "seed " << seed << ", step " << i;
        }

        history.reverse_all();

        ASSERT_EQ(history.broken(), "") << "seed " << seed;
        ASSERT_EQ(history.total(), 0) << "seed " << seed;
        ASSERT_EQ(history.owed() + history.paid(), 0) << "seed " << seed;
    }
}

}  // namespace
}  // namespace referral::commissions
