#include "conversions/fixture_test.hpp"
#include "testing/database_test.hpp"

namespace referral::conversions {
namespace {

class ChangeTest : public SaleTest {
protected:
    Recorded sale() {
        NewConversion report = load("L1");
        report.code = Line<64>::parse("ann-code");
        return record(report);
    }
    static NewAdjustment change(AdjustmentKind kind, const char* external_id,
                                const char* revenue = nullptr, const char* cost = nullptr) {
        NewAdjustment change{.kind = kind};
        change.external_id = Line<200>::parse(external_id).value();
        if (revenue) change.revenue_change = Decimal::parse(revenue);
        if (cost) change.cost_change = Decimal::parse(cost);
        return change;
    }
    Recorded override_to(ConversionId id, std::optional<UserId> user) {
        db::Transaction tx(database.pool());
        Recorded recorded = conversions.override_attribution(
            tx, id, user, Line<500>::parse("a promise").value(), {}, noon);
        tx.commit();
        return recorded;
    }
    ConversionView view(ConversionId id, std::optional<std::int64_t> owner = std::nullopt) {
        db::Transaction tx(database.pool());
        return shown(tx, owner, id, earned_by(id));
    }
};

TEST_F(ChangeTest, OfAnAmountIsAddedAndSettledAgain) {
    const Recorded recorded = sale();

    adjust(recorded.id, change(AdjustmentKind::refund, "R1", "-33.33"));
    adjust(recorded.id, change(AdjustmentKind::cost_change, "C1", nullptr, "75"));

    const ConversionView now = view(recorded.id);
    EXPECT_EQ(now.revenue, "66.67");
    EXPECT_EQ(now.cost, "75.00");
    EXPECT_EQ(now.status, Status::attributed);
    ASSERT_EQ(now.adjustments.size(), 2u);
    EXPECT_EQ(now.adjustments[0].revenue_change, "-33.33");
    EXPECT_EQ(now.commissions[0].amount, "6.66");
    EXPECT_EQ(settled, 3);
}

TEST_F(ChangeTest, IsKnownByItsOwnNumber) {
    const Recorded recorded = sale();
    adjust(recorded.id, change(AdjustmentKind::refund, "R1", "-10"));

    EXPECT_FALSE(adjust(recorded.id, change(AdjustmentKind::refund, "R1", "-10.00")).is_new);
    EXPECT_THAT([&] { adjust(recorded.id, change(AdjustmentKind::refund, "R1", "-11")); },
                refused(Refusal::conflict, "external_id"));
    EXPECT_EQ(view(recorded.id).revenue, "90.00");
}

TEST_F(ChangeTest, ThatGivesAllBackReversesUntilItIsPutRight) {
    const Recorded recorded = sale();
    for (const auto& [id, amount] : {std::pair{"R1", "-33.33"}, {"R2", "-33.33"}, {"R3", "-33.34"}})
        adjust(recorded.id, change(AdjustmentKind::refund, id, amount));
    EXPECT_EQ(view(recorded.id).status, Status::reversed);
    EXPECT_EQ(view(recorded.id).commissions[0].amount, "0.00");

    adjust(recorded.id, change(AdjustmentKind::correction, "K1", "50"));
    EXPECT_EQ(view(recorded.id).status, Status::attributed);
    EXPECT_EQ(view(recorded.id).commissions[0].amount, "5.00");
}

TEST_F(ChangeTest, ThatCancelsIsTheLastOne) {
    const Recorded recorded = sale();
    adjust(recorded.id, change(AdjustmentKind::cancel, "X1"));

    EXPECT_EQ(view(recorded.id).status, Status::reversed);
    EXPECT_FALSE(adjust(recorded.id, change(AdjustmentKind::cancel, "X1")).is_new);
    EXPECT_THAT([&] { adjust(recorded.id, change(AdjustmentKind::refund, "R1", "-1")); },
                refused(Refusal::conflict, "status"));
}

TEST_F(ChangeTest, SaysWhatItsKindWants) {
    const ConversionId id = sale().id;
    const auto refuses = [&](const NewAdjustment& wanted, const char* field) {
        EXPECT_THAT([&] { adjust(id, wanted); }, refused(Refusal::invalid, field)) << field;
    };
    refuses(change(AdjustmentKind::refund, "1", "10"), "revenue_change");
    refuses(change(AdjustmentKind::refund, "1"), "revenue_change");
    refuses(change(AdjustmentKind::short_pay, "1", "0.001"), "revenue_change");
    refuses(change(AdjustmentKind::cost_change, "1"), "cost_change");
    refuses(change(AdjustmentKind::cancel, "1", "-1"), "kind");
    refuses(change(AdjustmentKind::correction, "1"), "kind");
    NewAdjustment less = change(AdjustmentKind::correction, "1");
    less.quantity_change = Decimal::parse("-2");
    refuses(less, "quantity_change");
    EXPECT_EQ(settled, 1);
}

TEST_F(ChangeTest, OfWhoseItIsNeedsAPartnerThatEarns) {
    const ConversionId id = sale().id;

    override_to(id, bob);
    EXPECT_THAT(credits(id), ElementsAre("bob override 1000000"));
    EXPECT_EQ(earned[id].at(0).user_id, bob);
    override_to(id, std::nullopt);
    EXPECT_THAT(credits(id), IsEmpty());
    EXPECT_EQ(outcome_of(id).attribution.trace.denied, "a promise");
    override_to(id, ann);
    EXPECT_THAT(credits(id), ElementsAre("ann override 1000000"));
    EXPECT_THAT([&] { override_to(id, UserId{999'999}); }, refused(Refusal::invalid, "user_id"));
    db::Transaction tx(database.pool());
    EXPECT_EQ(journey(tx, std::nullopt, id).history.size(), 4u);
}

TEST_F(ChangeTest, IsShownToAPartnerAsFarAsItIsItsOwn) {
    const ConversionId id = sale().id;
    override_to(id, bob);

    const ConversionView bobs = view(id, bob.value);
    EXPECT_FALSE(bobs.cost);
    EXPECT_EQ(bobs.attributions.size(), 1u);
    EXPECT_THAT([&] { view(id, ann.value); }, refused(Refusal::not_found, "conversion"));
    db::Transaction tx(database.pool());
    for (const Step& step : journey(tx, bob.value, id).trace.steps) EXPECT_EQ(step.partner, bob);
    // Ann has a claim on it, and may ask why it lost.
    const auto why = explain(tx, ann.value, {.external_id = Line<200>::parse("L1")});
    ASSERT_EQ(why.size(), 1u);
    EXPECT_EQ(why[0].nearest->reason, Reason::outranked);
    const UserId eve = partner("eve");
    EXPECT_THAT([&] { explain(tx, eve.value, {.external_id = Line<200>::parse("L1")}); },
                refused(Refusal::not_found, ""));
}

// A15: the nearest touch, and by how much it missed.
TEST_F(ChangeTest, OfTheWindowIsExplained) {
    change_program({.click_window_days = schema::Whole<1, 3'650>{365}});
    const ClickId old = click(ann, noon - std::chrono::days(400));
    NewConversion report = load("L9");
    report.click_id = old;
    record(report);

    db::Transaction tx(database.pool());
    const auto why = explain(tx, ann.value, {.click_id = old});

    ASSERT_EQ(why.size(), 1u);
    EXPECT_EQ(why[0].nearest->outside_seconds, 35 * 86'400);
    EXPECT_THAT(why[0].sentence, HasSubstr("35 d outside the window"));
    EXPECT_EQ(why[0].weight_ppm, 0);
    EXPECT_EQ(why[0].policy_version, 2);
    EXPECT_THAT([&] { explain(tx, bob.value, {.click_id = old}); },
                refused(Refusal::not_found, "click"));
}

TEST_F(ChangeTest, IsSeenByWalksInTheOrderOfTime) {
    for (const char* id : {"L3", "L1", "L2"})
        record(load(id, noon - std::chrono::hours(id[1] - '0')));
    db::Transaction tx(database.pool());
    Walk walk{.program_id = program};
    std::vector<std::string> seen;
    while (true) {
        const auto batch = next_outcomes(tx, walk, 2);
        if (batch.empty()) break;
        for (const Outcome& one : batch) seen.push_back(one.conversion.external_id);
    }

    EXPECT_THAT(seen, ElementsAre("L3", "L2", "L1"));
    const auto first = outcome(tx, ConversionId{1}).value();
    EXPECT_FALSE(is_returning(tx, first.conversion));
    EXPECT_TRUE(is_returning(tx, outcome(tx, ConversionId{2})->conversion));
    EXPECT_EQ(first_qualifying_at(tx, program, first.conversion.customer_id),
              noon - std::chrono::hours(3));
}

}  // namespace
}  // namespace referral::conversions
