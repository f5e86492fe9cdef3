#include "commissions/settle.hpp"

#include "commissions/sale_fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::commissions {
namespace {

using Amounts = std::vector<std::int64_t>;
using Settling = SalesTest;

constexpr const char* share_of_margin = R"({"basis": "margin", "rate_ppm": 100000})";

TEST_F(Settling, FollowsTheFacts) {
    rule(share_of_margin);  // C4
    auto sale = load(2'400'00, 2'010'00);

    EXPECT_EQ(report(sale), Amounts{39'00});
    EXPECT_EQ(report(sale), Amounts{39'00});  // Again: nothing changes.
    sale.conversion.cost += 75'00;
    EXPECT_EQ(report(sale), Amounts{31'50});

    EXPECT_EQ(has(), (Amounts{31'50, 0, 0, 0, 0}));
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, OfRefundsEndsAtNothing) {
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");  // C6
    auto sale = load(100'00);
    report(sale);
    Amounts after;
    for (const std::int64_t refund : {33'33, 33'33, 33'34}) {
        sale.conversion.revenue -= refund;
        sale.conversion.is_reversed = sale.conversion.revenue == 0;
        after.push_back(report(sale).at(0));
    }

    EXPECT_EQ(after, (Amounts{6'67, 3'33, 0}));
    EXPECT_EQ(commission_of(sale).status, Status::canceled);
    EXPECT_EQ(has(), (Amounts{0, 0, 0, 0, 0}));
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, PaysNothingWithoutARule) {
    auto sale = load(100'00);
    EXPECT_EQ(report(sale), Amounts{});

    rule(R"({"basis": "revenue", "rate_ppm": 100000, "event_kind": "booked"})");
    EXPECT_EQ(report(sale), Amounts{});
}

TEST_F(Settling, MovesTiersOfOthers) {
    rule(R"({"basis": "revenue", "tier_mode": "whole", "tiers": [
        {"from": "0", "rate_ppm": 50000}, {"from": "5000.00", "rate_ppm": 80000},
        {"from": "20000.00", "rate_ppm": 100000}]})");  // C8
    auto first = load(4'000'00), second = load(3'000'00), third = load(15'000'00);

    report(first);
    EXPECT_EQ(has().at(0), 200'00);
    report(second);
    EXPECT_EQ(has().at(0), 560'00);
    report(third);
    EXPECT_EQ(has().at(0), 2'200'00);
    third.conversion.is_reversed = true;
    report(third);

    EXPECT_EQ(has().at(0), 560'00);
    EXPECT_EQ(commission_of(first).amount, "320.00");
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, GivesTheRoomOfACanceledLoadToTheNext) {
    rule(R"({"basis": "fixed", "flat_amount": "25.00", "cap_customer": "50.00"})");
    auto first = load(1'00), second = load(1'00), third = load(1'00);
    for (auto* sale : {&third, &second, &first}) report(*sale);  // Late, in the wrong order.

    EXPECT_EQ(commission_of(third).amount, "0.00");
    EXPECT_EQ(commission_of(third).reason, Reason::cap_customer);
    first.conversion.is_reversed = true;
    report(first);

    EXPECT_EQ(commission_of(third).amount, "25.00");
    EXPECT_EQ(has().at(0), 50'00);
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, StopsAtTheProgramsBudget) {
    set_program(12'34);
    rule(share_of_margin);  // C19
    auto first = load(2'400'00, 2'010'00), second = load(2'400'00, 2'010'00);

    EXPECT_EQ(report(first), Amounts{12'34});
    EXPECT_EQ(commission_of(first).reason, Reason::budget);
    EXPECT_EQ(report(second), Amounts{0});
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, PaysThoseWhoReferredThePartner) {
    refers(2, 1);
    refers(3, 2);
    rule(share_of_margin);
    rule(R"({"basis": "commission", "rate_ppm": 100000, "level": 2, "name": "Second"})");
    rule(R"({"basis": "revenue", "rate_ppm": 10000, "level": 3, "name": "Third"})");
    auto sale = load(2'400'00, 2'010'00);  // C16

    EXPECT_EQ(report(sale), (Amounts{39'00, 3'90, 24'00}));
    sale.conversion.cost += 75'00;
    EXPECT_EQ(report(sale), (Amounts{31'50, 3'15, 24'00}));

    EXPECT_EQ(has(2).at(0), 3'15);
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, DividesAndGoesWithAttribution) {
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");
    auto sale = load(1'000'00);
    credit(sale, {{1, 333'334}, {2, 333'333}, {3, 333'333}});
    EXPECT_EQ(report(sale), (Amounts{33'34, 33'33, 33'33}));

    credit(sale, {{2, 1'000'000}});
    EXPECT_EQ(report(sale), (Amounts{0, 100'00, 0}));
    credit(sale, {});
    EXPECT_EQ(report(sale), (Amounts{0, 0, 0}));
    credit(sale, {{1, 1'000'000}});
    EXPECT_EQ(report(sale), (Amounts{0, 0, 0, 100'00}));  // The canceled one stays canceled.

    EXPECT_EQ(has(1).at(0), 100'00);
    EXPECT_EQ(has(2).at(0), 0);
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, KeepsVersionAndExchangeRate) {
    as(finance, [&](db::Transaction& tx, const audit::Actor&) {
        add_rate(tx,
                 {.from_currency = Currency::parse("EUR").value(),
                  .day = parse_day("2026-03-01").value(),
                  .rate = ExchangeRate::parse("1.0837").value()},
                 finance, now_);
    });
    const RuleId id = rule(R"({"basis": "revenue", "rate_ppm": 75000})");
    auto sale = load(11'75);
    sale.conversion.currency = Currency::parse("EUR").value();
    EXPECT_EQ(report(sale), Amounts{96});  // C17

    as(finance, [&](db::Transaction& tx, const audit::Actor&) {
        add_rate(tx,
                 {.from_currency = Currency::parse("EUR").value(),
                  .day = parse_day("2026-03-05").value(),
                  .rate = ExchangeRate::parse("2").value()},
                 finance, now_);
        add_version(tx, id,
                    schema::read<RuleForm>(schema::parse(
                        R"({"name": "Better", "basis": "revenue", "rate_ppm": 500000,
                            "effective_from": "2026-02-01T00:00:00Z"})")),
                    finance, now_);
    });
    sale.conversion.revenue *= 2;
    EXPECT_EQ(report(sale), Amounts{1'91});  // 23.50 × 7.5 % × 1.0837

    auto next = load(11'75);
    next.conversion.currency = sale.conversion.currency;
    EXPECT_EQ(report(next), Amounts{11'75});  // 50 % × 2
    EXPECT_EQ(broken(), "");
}

TEST_F(Settling, RefusesACurrencyWithoutARate) {
    rule(share_of_margin);
    auto sale = load(11'75);
    sale.conversion.currency = Currency::parse("EUR").value();

    EXPECT_THAT([&] { report(sale); }, testing::refused(Refusal::invalid, "currency"));
}

TEST_F(Settling, KnowsWhenACommissionIsDue) {
    rule(R"({"basis": "fixed", "flat_amount": "5.00", "event_kind": "booked"})");
    auto booked = load(0);
    booked.conversion.kind = EventKind::booked;
    report(booked);
    EXPECT_EQ(commission_of(booked).why_not_payable, WhyNot::trigger);

    auto delivered = load(0);
    delivered.conversion.external_id = booked.conversion.external_id;
    delivered.conversion.occurred_at = moment("2026-07-20T18:00:00Z");
    report(delivered);

    EXPECT_EQ(commission_of(booked).why_not_payable, WhyNot::days);
    EXPECT_EQ(commission_of(booked).payable_on, moment("2026-08-19T18:00:00Z"));
}

TEST_F(Settling, UsesTheVersionInForce) {
    const RuleId id = rule(R"({"basis": "revenue", "rate_ppm": 100000})");  // C22
    as(finance, [&](db::Transaction& tx, const audit::Actor&) {
        add_version(tx, id,
                    schema::read<RuleForm>(schema::parse(
                        R"({"name": "Better", "basis": "revenue", "rate_ppm": 200000,
                            "effective_from": "2026-06-01T05:00:00Z"})")),
                    finance, now_);
        retire_rule(tx, id, moment("2026-07-01T00:00:00Z"), finance, now_);
    });
    auto before = load(100'00), after = load(100'00), late = load(100'00);
    before.conversion.occurred_at = moment("2026-06-01T04:59:59Z");
    after.conversion.occurred_at = moment("2026-06-01T05:00:00Z");
    late.conversion.occurred_at = moment("2026-07-01T00:00:00Z");

    EXPECT_EQ(report(before), Amounts{10'00});
    EXPECT_EQ(report(after), Amounts{20'00});
    EXPECT_EQ(report(late), Amounts{});
}

TEST_F(Settling, ExplainsWhatItDid) {
    rule(share_of_margin);
    rule(R"({"basis": "fixed", "flat_amount": "1.00", "event_kind": "paid", "name": "Other"})");
    auto sale = load(2'400'00, 2'010'00);
    report(sale);

    db::Transaction tx(database_.pool());
    const Explanation why = explanation(tx, commission_of(sale).id, std::nullopt, now_);

    EXPECT_EQ(why.commission.amount, "39.00");
    EXPECT_THAT(why.sentences, ::testing::Contains("Rate: 10 %"));
    EXPECT_EQ(why.rule.sentence, "Pays 10 % of the margin for each delivered event.");
    EXPECT_EQ(why.changes.size(), 1U);
    EXPECT_THAT([&] { explanation(tx, commission_of(sale).id, 2, now_); },
                testing::refused(Refusal::not_found, "commission"));
}

}  // namespace
}  // namespace referral::commissions
