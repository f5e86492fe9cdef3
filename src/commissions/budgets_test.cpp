/// Budgets: what is computed anew where one is near, and where it is not, on PostgreSQL.

#include "base/split.hpp"
#include "commissions/group.hpp"
#include "commissions/sale_fixture_test.hpp"

namespace referral::commissions {
namespace {

using Amounts = std::vector<std::int64_t>;

constexpr const char* tenth = R"({"basis": "revenue", "rate_ppm": 100000})";

TEST(Unsplit, IsNoLessThanWhatWasDivided) {
    const std::vector<std::int64_t> halves{500'000, 500'000}, thirds{333'334, 333'333, 333'333},
        tenths{1, 9};
    for (const auto& weights : {halves, thirds, tenths})
        for (const std::int64_t whole : {0, 1, 2, 7, 10, 99, 1'000, 123'457}) {
            const auto parts = split(whole, weights);
            for (std::size_t own = 0; own < weights.size(); ++own)
                EXPECT_GE(parts[own] + unsplit_max(weights, own, parts[own]), whole)
                    << whole << ' ' << own;
        }
    EXPECT_EQ(unsplit_max(std::vector<std::int64_t>{1'000'000}, 0, 50), 0);
    EXPECT_EQ(unsplit_max(halves, 0, 50), 52);  // 51 of both may have been 101 or 102.
    EXPECT_GE(unsplit_max(std::vector<std::int64_t>{0, 1}, 0, 0), 1'000'000);
}

class Budgets : public SalesTest {
protected:
    /// With how many commissions a change of this sale is computed.
    std::size_t computed_with(const conversions::Outcome& sale) {
        const CommissionId id = commission_of(sale).id;
        db::Transaction tx(database_.pool());
        const Zone zone(program_.timezone);
        Group group(tx, program_, zone);
        group.compute({id});
        return group.rows().size();
    }

    std::vector<conversions::Outcome> sold(int count, std::int64_t revenue) {
        std::vector<conversions::Outcome> sales;
        for (int i = 0; i < count; ++i) {
            sales.push_back(load(revenue));
            report(sales.back());
        }
        return sales;
    }

    Amounts amounts(const std::vector<conversions::Outcome>& sales) {
        Amounts list;
        for (const auto& sale : sales)
            list.push_back(parse_money(commission_of(sale).amount, program_.currency)->minor);
        return list;
    }
};

TEST_F(Budgets, WithRoomLinkNothing) {
    set_program(1'000'00);
    rule(R"({"basis": "revenue", "rate_ppm": 100000, "budget": "500.00"})");
    auto sales = sold(4, 100'00);

    EXPECT_EQ(computed_with(sales[0]), 1U);
    EXPECT_EQ(computed_with(sales[3]), 1U);
}

TEST_F(Budgets, ThatAreUsedUpLinkAllButTheLast) {
    set_program(25'00);
    rule(tenth);
    auto sales = sold(4, 100'00);

    EXPECT_EQ(amounts(sales), (Amounts{10'00, 10'00, 5'00, 0}));
    EXPECT_EQ(computed_with(sales[3]), 1U);
    EXPECT_EQ(computed_with(sales[0]), 4U);
    sales[0].conversion.revenue = 20'00;
    report(sales[0]);
    EXPECT_EQ(amounts(sales), (Amounts{2'00, 10'00, 10'00, 3'00}));
    sales[3].conversion.is_reversed = true;
    report(sales[3]);
    EXPECT_EQ(amounts(sales), (Amounts{2'00, 10'00, 10'00, 0}));
    EXPECT_EQ(computed_with(sales[0]), 1U);  // Nothing is cut any more.
    EXPECT_EQ(broken(), "");
}

TEST_F(Budgets, OfARuleCountForThatRule) {
    const RuleId small = rule(R"({"basis": "revenue", "rate_ppm": 100000, "budget": "15.00",
                                  "priority": 1,
                                  "conditions": {"field": "lane", "is": "CHI-DAL"}})");
    rule(tenth);
    auto sales = sold(2, 100'00);
    auto lane = load(100'00), other = load(100'00);
    for (auto* sale : {&lane, &other}) {
        sale->conversion.lane = "CHI-DAL";
        report(*sale);
    }

    EXPECT_EQ(commission_of(lane).rule_id, small);
    EXPECT_EQ(amounts(sales), (Amounts{10'00, 10'00}));
    EXPECT_EQ(amounts({lane, other}), (Amounts{10'00, 5'00}));
    EXPECT_EQ(computed_with(sales[0]), 1U);
    EXPECT_EQ(computed_with(lane), 2U);
}

TEST_F(Budgets, ThatComeLaterCountWhatWasSpent) {
    const RuleId id = rule(tenth);
    auto sales = sold(3, 100'00);
    set_program(45'00);
    sales.push_back(load(100'00));
    report(sales.back());
    EXPECT_EQ(amounts(sales), (Amounts{10'00, 10'00, 10'00, 10'00}));
    sales.push_back(load(100'00));
    report(sales.back());
    EXPECT_EQ(amounts(sales).back(), 5'00);

    set_program(100'00);
    as(finance, [&](db::Transaction& tx, const audit::Actor&) {
        add_version(tx, id,
                    schema::read<RuleForm>(schema::parse(
                        R"({"name": "Less", "basis": "revenue", "rate_ppm": 100000,
                            "budget": "57.00", "effective_from": "2026-03-10T17:30:00Z"})")),
                    finance, now_);
    });
    sales.push_back(load(100'00));
    EXPECT_EQ(report(sales.back()), Amounts{7'00});
    EXPECT_EQ(amounts(sales), (Amounts{10'00, 10'00, 10'00, 10'00, 10'00, 7'00}));
    EXPECT_EQ(broken(), "");
}

TEST_F(Budgets, HaveRoomForWhatIsDividedAsAWhole) {
    set_program(30'00);
    as(finance, [&](db::Transaction& tx, const audit::Actor&) {
        const auto enrolled = partners::memberships(tx, program_.id, {{1}});
        create_rule(tx,
                    schema::read<RuleForm>(schema::parse(
                        R"({"name": "Partner 1's", "basis": "revenue", "rate_ppm": 100000,
                            "effective_from": "2026-01-01T00:00:00Z", "scope": "enrolment",
                            "scope_id": ")" +
                        enrolled.at(0).id.text() + "\"}")),
                    finance, start_);
    });
    auto sale = load(50'00), divided = load(200'00);
    credit(divided, {{1, 500'000}, {2, 500'000}});  // Nothing pays the other half.
    report(sale);
    EXPECT_EQ(report(divided), Amounts{10'00});
    sale.conversion.revenue = 180'00;
    EXPECT_EQ(report(sale), Amounts{18'00});

    EXPECT_EQ(commission_of(divided).amount, "6.00");  // Of the 12.00 that are left for both.
    EXPECT_EQ(broken(), "");
}

TEST_F(Budgets, AreExplainedWithWhatWasSpentBefore) {
    set_program(25'00);
    rule(tenth);
    const auto sales = sold(4, 100'00);
    db::Transaction tx(database_.pool());
    const Zone zone(program_.timezone);
    Group group(tx, program_, zone, Group::For::reading);

    const Calculation third = group.explain(commission_of(sales[2]).id);

    EXPECT_EQ(third.amount, 5'00);
    EXPECT_EQ(third.reason, Reason::budget);
    EXPECT_EQ(group.rows().size(), 1U);
    EXPECT_EQ(group.explain(commission_of(sales[0]).id).amount, 10'00);
    EXPECT_EQ(group.explain(commission_of(sales[3]).id).amount, 0);
}

}  // namespace
}  // namespace referral::commissions
