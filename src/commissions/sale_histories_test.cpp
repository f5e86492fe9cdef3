/// Random histories of sales, refunds, changed costs, other attributions, decisions of people and
/// payouts, suspensions and closed months, on PostgreSQL: after each step the ledger's invariants
/// hold and every amount is what all of history computes. REFERRAL_TEST_LONG=1 runs many more,
/// HISTORIES says how many.

#include <cstdlib>

#include "commissions/random_history_test.hpp"
#include "commissions/sale_fixture_test.hpp"

namespace referral::commissions {
namespace {

/// A rule of any kind, as JSON.
std::string any_rule(Chance& chance, int level) {
    const std::string rate = std::to_string(chance.between(0, 300'000));
    std::string json = R"({"name": "R", "level": )" + std::to_string(level);
    const auto amount = [&](const char* field, std::int64_t low, std::int64_t high) {
        json += std::string(", \"") + field + "\": \"" +
                to_text(Money{chance.between(low, high), Currency()}) + '"';
    };
    const bool is_share = level > 1 || !chance.once_in(4);
    if (!is_share) {
        json += R"(, "basis": "fixed")";
        amount("flat_amount", 0, 30'00);
    } else if (level > 1 && chance.once_in(2)) {
        json += R"(, "basis": "commission", "rate_ppm": )" + rate;
    } else if (chance.once_in(2)) {
        const char* mode = chance.once_in(2) ? "whole" : "marginal";
        const char* timing = chance.once_in(2) ? "before" : "after";
        const char* measure = chance.once_in(3) ? "customers" : "basis";
        const char* second = std::string_view(measure) == "basis" ? "400.00" : "3";
        json += std::string(R"(, "basis": "revenue", "tier_mode": ")") + mode +
                R"(", "tier_timing": ")" + timing + R"(", "tier_measure": ")" + measure +
                R"(", "tiers": [{"from": "0", "rate_ppm": )" + rate + R"(}, {"from": ")" + second +
                R"(", "rate_ppm": )" + std::to_string(chance.between(0, 300'000)) + "}]";
    } else {
        json += R"(, "basis": "margin", "rate_ppm": )" + rate;
    }
    if (chance.once_in(3)) amount("min_amount", 0, 5'00);
    if (chance.once_in(3)) amount("cap_customer", 1, 100'00);
    if (chance.once_in(3)) amount("cap_partner_period", 1, 200'00);
    if (chance.once_in(4)) amount("budget", 1, 500'00);
    if (chance.once_in(4)) json += R"(, "duration_months": 1)";
    return json + R"(, "effective_from": "2026-01-01T00:00:00Z"})";
}

class History : public Sales {
public:
    explicit History(std::uint64_t seed) : chance_(seed) {
        if (chance_.once_in(2)) refers(4, 1);
        if (chance_.once_in(2)) refers(5, 4);
        if (chance_.once_in(4)) set_program(chance_.between(1, 900'00), std::nullopt, 0);
        first_rule_ = rule(any_rule(chance_, 1));
        if (chance_.once_in(2)) rule(any_rule(chance_, 2));
        if (chance_.once_in(2)) rule(any_rule(chance_, 3));
    }

    void step() {
        now_ += std::chrono::hours(chance_.between(0, 5 * 24));
        switch (chance_.between(0, 12)) {
            case 0:
            case 1:
            case 2:
                return sell();
            case 3:
            case 4:
                return change();
            case 5:
                return credit_others();
            case 6:
                return approve_some();
            case 7:
                return decide();
            case 8:
                return pay();
            case 9:
                return change_rule();
            case 10:
                return suspend_or_not();
            case 11:
                return close_month();
            default:
                return change_budget();
        }
    }

    void reverse_all() {
        for (auto& sale : sales_) {
            sale.conversion.is_reversed = true;
            report(sale);
        }
    }

    std::int64_t total() {
        std::int64_t sum = 0;
        db::Transaction tx(database_.pool());
        for (const CommissionSum& each : sums(tx, {}, std::nullopt)) sum += each.amount;
        return sum;
    }

    /// Commissions that are not what all of history computes: their ids.
    std::string unlike_history() {
        db::Transaction tx(database_.pool());
        const programs::Program program = programs::get(tx, program_.id);
        const Zone zone(program.timezone);
        Group group(tx, program, zone, Group::For::reading);
        std::vector<CommissionId> all;
        for (std::int64_t id = 1; id <= 2'000; ++id) all.push_back({id});
        group.compute(all);
        std::string names;
        for (std::size_t i = 0; i < group.rows().size(); ++i)
            if (group.rows()[i].computed != group.earned()[i].amount)
                names += group.rows()[i].id.text() + ' ' +
                         std::to_string(group.rows()[i].computed) + " not " +
                         std::to_string(group.earned()[i].amount) + "; ";
        return names;
    }

    /// Commissions whose explanation comes to something else than the commission.
    std::string unlike_explanation() {
        db::Transaction tx(database_.pool());
        const programs::Program program = programs::get(tx, program_.id);
        const Zone zone(program.timezone);
        std::string names;
        for (const Commission& each : listed()) {
            if (each.status == Status::canceled || each.status == Status::rejected) continue;
            const auto computed = parse_money(each.computed_amount, each.currency)->minor;
            Group group(tx, program, zone, Group::For::reading);
            if (group.explain(each.id).amount != computed) names += each.id.text() + ' ';
        }
        return names;
    }

    /// Budgets that have not spent what their commissions come to.
    std::string unlike_budget() {
        db::Transaction tx(database_.pool());
        std::string names;
        for (const RuleId rule : tx.all(test_sql::wrong_budgets)) names += rule.text() + ' ';
        return names;
    }

private:
    void sell() {
        auto sale = load(chance_.between(0, 900'00), chance_.between(0, 500'00));
        sale.conversion.occurred_at += std::chrono::hours(chance_.between(0, 1'500));
        sale.conversion.customer_id = {chance_.between(1, 4)};
        credit(sale, any_credits());
        report(sale);
        sales_.push_back(sale);
    }

    std::vector<std::pair<std::int64_t, std::int64_t>> any_credits() {
        const std::int64_t first = chance_.between(1, 3);
        if (chance_.once_in(3)) return {{first, 333'333}, {first % 3 + 1, 666'667}};
        return {{first, 1'000'000}};
    }

    conversions::Outcome* any_sale() {
        if (sales_.empty()) return nullptr;
        return &chance_.any_of(sales_);
    }

    void change() {
        auto* sale = any_sale();
        if (!sale) return;
        if (chance_.once_in(3))
            sale->conversion.revenue -= chance_.between(0, 400'00);
        else if (chance_.once_in(2))
            sale->conversion.cost = chance_.between(0, 600'00);
        else
            sale->conversion.is_reversed = !sale->conversion.is_reversed;
        report(*sale);
    }

    void credit_others() {
        auto* sale = any_sale();
        if (!sale) return;
        credit(*sale, chance_.once_in(5) ? std::vector<std::pair<std::int64_t, std::int64_t>>()
                                         : any_credits());
        report(*sale);
    }

    void approve_some() {
        db::Transaction tx(database_.pool());
        approve_due(tx, program_, {0}, chance_.between(1, 5), now_);
        tx.commit();
    }

    /// What people may not do here is refused, and leaves nothing.
    template <class Act>
    void attempt(const Act& act) {
        try {
            as(finance, act);
        } catch (const Problem&) {
        }
    }

    void decide() {
        const auto all = listed();
        if (all.empty()) return;
        const CommissionId id = chance_.any_of(all).id;
        const auto why = Line<500>::parse("because").value();
        const std::int64_t what = chance_.between(0, 5);
        const std::string by = to_text(Money{chance_.between(-20'00, 20'00), Currency()});
        attempt([&](db::Transaction& tx, const audit::Actor& actor) {
            if (what == 0) hold(tx, id, why, actor, now_);
            if (what == 1) release(tx, id, why, actor, now_);
            if (what == 2) reject(tx, id, why, actor, now_);
            if (what == 3) adjust(tx, id, by, why, actor, now_);
            if (what == 4) approve(tx, id, why, actor, now_);
            if (what == 5) claw_back(tx, id, std::nullopt, why, actor, now_);
        });
    }

    void pay() {
        std::vector<CommissionId> ids;
        std::int64_t sum = 0;
        const UserId partner{chance_.between(1, 5)};
        for (const Commission& each : listed({.status = Status::approved, .user_id = partner})) {
            ids.push_back(each.id);
            sum += parse_money(each.amount, each.currency)->minor;
        }
        if (sum <= 0) return;
        const std::int64_t payout = ++payouts_;
        const auto post = [&](db::Transaction& tx, ledger::PostingKind kind) {
            ledger::post(tx,
                         {.kind = kind,
                          .partner = partner,
                          .program = program_.id,
                          .amount = {sum, program_.currency},
                          .payout_id = payout},
                         now_);
        };
        const bool fails = chance_.once_in(3);
        attempt([&](db::Transaction& tx, const audit::Actor& actor) {
            move_with_payout(tx, program_.id, ids, Action::batch, actor, now_);
            post(tx, ledger::PostingKind::batch);
            move_with_payout(tx, program_.id, ids, fails ? Action::fail : Action::settle, actor,
                             now_);
            post(tx, fails ? ledger::PostingKind::fail : ledger::PostingKind::settle);
        });
    }

    void change_rule() {
        if (!chance_.once_in(3)) return;
        schema::json::value value = schema::parse(any_rule(chance_, 1));
        versions_ += 1;
        value.as_object()["effective_from"] =
            schema::json::string(to_text(start_ + std::chrono::days(65 + 5 * versions_)));
        as(finance, [&](db::Transaction& tx, const audit::Actor&) {
            add_version(tx, first_rule_, schema::read<RuleForm>(value), finance, now_);
        });
    }

    void suspend_or_not() {
        db::Transaction tx(database_.pool());
        tx.run_for_effect(test_sql::suspend_or_not, program_.id, {chance_.between(1, 5)}, now_);
        tx.commit();
    }

    /// The last month that is over, in the program's time zone, which is UTC.
    void close_month() {
        const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now_));
        const Day first(day.year() / day.month() / 1 - std::chrono::months(1));
        attempt([&](db::Transaction& tx, const audit::Actor&) {
            ledger::close_period(tx, program_.id, first, finance, now_);
        });
    }

    /// What was computed with the old one is computed anew with the next sale.
    void change_budget() {
        if (!program_.budget) return;
        set_program(chance_.between(1, 900'00), std::nullopt, 0);
        sell();
    }

    Chance chance_;
    RuleId first_rule_;
    std::vector<conversions::Outcome> sales_;
    std::int64_t payouts_ = 0;
    int versions_ = 0;
};

TEST(SaleHistories, KeepEveryInvariantAndEndAtNothing) {
    const char *asked = std::getenv("REFERRAL_TEST_LONG"), *number = std::getenv("HISTORIES");
    const bool is_long = asked && std::string_view(asked) == "1";
    const std::uint64_t sales = number ? std::strtoull(number, nullptr, 10) : is_long ? 1'000 : 8;
    const int steps = is_long ? 60 : 30;
    for (std::uint64_t seed = 1; seed <= sales; ++seed) {
        History history(seed);
        for (int i = 0; i < steps; ++i) {
            history.step();
            ASSERT_EQ(history.broken(), "") << "seed " << seed << ", step " << i;
            ASSERT_EQ(history.unlike_history(), "") << "seed " << seed << ", step " << i;
            ASSERT_EQ(history.unlike_budget(), "") << "seed " << seed << ", step " << i;
            if (i % 10 == 9) {
                ASSERT_EQ(history.unlike_explanation(), "") << "seed " << seed << ", step " << i;
            }
        }

        history.reverse_all();

        ASSERT_EQ(history.total(), 0) << "seed " << seed;
        ASSERT_EQ(history.broken(), "") << "seed " << seed;
    }
}

}  // namespace
}  // namespace referral::commissions
