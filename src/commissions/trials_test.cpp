#include "commissions/trials.hpp"

#include "commissions/sale_fixture_test.hpp"

namespace referral::commissions {
namespace {

namespace test_sql {

inline constexpr db::Query<db::Nothing()> credit_all{R"sql(
    insert into attribution_credits (conversion_id, position, user_id, weight_ppm, source,
                                     occurred_at)
    select v.id, 0, 1 + v.id % 2, 1000000, 'clicks', v.occurred_at from conversions v
)sql"};

}  // namespace test_sql

class Trials : public SalesTest {
protected:
    /// Runs the job of a trial and gives what came out.
    Trial tried(std::string_view json) {
        TrialId id;
        as(finance, [&](db::Transaction& tx, const audit::Actor&) {
            id = begin_trial(tx, schema::read<NewTrial>(schema::parse(json)), finance, now_).id;
        });
        const schema::json::value payload =
            schema::json::object{{"trial_id", schema::json::string(id.text())}};
        jobs::Run run({.payload = payload, .now = now_, .pool = database_.pool()});
        run_trial(run);
        db::Transaction tx(database_.pool());
        return get_trial(tx, id);
    }

    std::string text(const Trial& trial, const char* member) {
        return std::string(trial.result.value().at(member).as_string());
    }
};

TEST_F(Trials, BeginNoEarlierThanTimeItself) {
    const Trial trial = tried(R"({"rule": {"name": "A", "basis": "revenue", "rate_ppm": 1},
                                  "to": "0001-01-02T00:00:00Z"})");

    EXPECT_EQ(trial.from, moment("0001-01-01T00:00:00Z"));
}

TEST_F(Trials, SayWhatADraftWouldHavePaid) {
    const RuleId id = rule(R"({"basis": "revenue", "tier_mode": "whole", "tiers": [
        {"from": "0", "rate_ppm": 100000}, {"from": "500.00", "rate_ppm": 200000}]})");
    std::int64_t paid = 0;
    for (int i = 0; i < 10; ++i) {
        auto sale = load(100'00);
        credit(sale, {{1 + (i + 1) % 2, 1'000'000}});
        report(sale);
    }
    as(finance,
       [](db::Transaction& tx, const audit::Actor&) { tx.run_for_effect(test_sql::credit_all); });
    for (const Commission& each : listed()) paid += parse_money(each.amount, each.currency)->minor;
    EXPECT_EQ(paid, 200'00);  // Both reach the second tier.

    const std::string from = R"("from": "2026-01-01T00:00:00Z")";
    const Trial better = tried(R"({"replaces": ")" + id.text() +
                               R"(", "rule": {"name": "B", "basis": "revenue", "rate_ppm": 300000},
                               )" +
                               from + "}");
    const Trial beside = tried(
        R"({"rule": {"name": "C", "basis": "fixed", "flat_amount": "1.00", "priority": 5,
                     "cap_partner_period": "3.00"}, )" +
        from + "}");

    EXPECT_EQ(better.status, TrialStatus::done);
    EXPECT_EQ(text(better, "amount_now"), "200.00");
    EXPECT_EQ(text(better, "amount_then"), "300.00");
    EXPECT_EQ(text(better, "difference"), "100.00");
    EXPECT_EQ(text(beside, "amount_then"), "6.00");
    EXPECT_EQ(better.result->at("by_partner").as_array().size(), 2U);
    EXPECT_EQ(broken(), "");  // Nothing was posted.
}

TEST_F(Trials, RefuseADraftByField) {
    EXPECT_THAT([&] { tried(R"({"rule": {"name": "B", "basis": "margin"}})"); },
                testing::refused(Refusal::invalid, "rule.rate_ppm"));
}

}  // namespace
}  // namespace referral::commissions
