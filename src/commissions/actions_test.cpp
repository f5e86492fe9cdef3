#include "commissions/actions.hpp"

#include "commissions/sale_fixture_test.hpp"

namespace referral::commissions {
namespace {

using Amounts = std::vector<std::int64_t>;

class Actions : public SalesTest {
protected:
    static Line<500> because() { return Line<500>::parse("because").value(); }

    CommissionId made(std::int64_t revenue) {
        auto sale = load(revenue);
        report(sale);
        return commission_of(sale).id;
    }

    /// The job.
    void approve_what_is_due() {
        db::Transaction tx(database_.pool());
        approve_due(tx, program_, {0}, 100, now_);
        tx.commit();
    }

    template <class Act>
    auto trying(const Act& act, UserId user = finance) {
        return [this, act, user] { as(user, act); };
    }
};

TEST_F(Actions, FollowTheLedgersTable) {
    rule(R"({"basis": "margin", "rate_ppm": 100000})");
    auto first = load(390'00);
    report(first);  // L1
    first.conversion.revenue -= 75'00;
    report(first);  // L2
    const CommissionId c1 = commission_of(first).id;
    EXPECT_EQ(has(), (Amounts{31'50, 0, 0, 0, 0}));
    const auto early = [&](db::Transaction& tx, const audit::Actor& actor) {
        approve(tx, c1, because(), actor, now_);
    };
    as(finance, early);
    const CommissionId c2 = made(1'234'56);
    EXPECT_EQ(has(), (Amounts{123'46, 0, 31'50, 0, 0}));  // L3
    as(finance, [&](auto& tx, const auto& actor) { hold(tx, c2, because(), actor, now_); });
    EXPECT_EQ(has(), (Amounts{0, 123'46, 31'50, 0, 0}));  // L4
    as(finance, [&](auto& tx, const auto& actor) {
        release(tx, c2, std::nullopt, actor, now_);
        approve(tx, c2, because(), actor, now_);
    });
    EXPECT_EQ(has(), (Amounts{0, 0, 154'96, 0, 0}));  // L5

    const auto payout = [&](Action action, ledger::PostingKind kind, std::int64_t id) {
        as(finance, [&](db::Transaction& tx, const audit::Actor& actor) {
            move_with_payout(tx, program_.id, {c1, c2}, action, actor, now_);
            ledger::post(tx,
                         {.kind = kind,
                          .partner = {1},
                          .program = program_.id,
                          .amount = {154'96, program_.currency},
                          .payout_id = id},
                         now_);
        });
    };
    payout(Action::batch, ledger::PostingKind::batch, 1);
    EXPECT_EQ(has(), (Amounts{0, 0, 0, 154'96, 0}));  // L6
    payout(Action::fail, ledger::PostingKind::fail, 1);
    EXPECT_EQ(has(), (Amounts{0, 0, 154'96, 0, 0}));
    payout(Action::batch, ledger::PostingKind::batch, 2);
    payout(Action::settle, ledger::PostingKind::settle, 2);
    EXPECT_EQ(has(), (Amounts{0, 0, 0, 0, 154'96}));  // L7
    as(finance, [&](auto& tx, const auto& actor) {
        claw_back(tx, c2, std::nullopt, because(), actor, now_);
    });
    EXPECT_EQ(has(), (Amounts{0, 0, -123'46, 0, 154'96}));  // L8
    const CommissionId c3 = made(1'000'00);
    as(finance, [&](auto& tx, const auto& actor) { approve(tx, c3, because(), actor, now_); });
    EXPECT_EQ(has().at(2), -23'46);  // L9
    EXPECT_EQ(broken(), "");
}

TEST_F(Actions, ApproveWhatIsDueByTheJob) {
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");
    auto due = load(100'00), later = load(100'00);
    later.conversion.occurred_at = now_ - std::chrono::days(29);
    report(due);
    report(later);

    approve_what_is_due();

    EXPECT_EQ(commission_of(due).status, Status::approved);
    EXPECT_EQ(commission_of(due).payable_on, now_);
    EXPECT_EQ(commission_of(later).why_not_payable, WhyNot::days);
    EXPECT_EQ(has(), (Amounts{10'00, 0, 10'00, 0, 0}));
    EXPECT_EQ(broken(), "");
}

TEST_F(Actions, TakeTwoPeopleAboveTheLimit) {
    set_program(std::nullopt, 50'00);
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");
    const CommissionId id = made(1'000'00);
    approve_what_is_due();
    EXPECT_EQ(listed().at(0).why_not_payable, WhyNot::four_eyes);
    EXPECT_EQ(listed().at(0).approvals_missing, 2);
    const auto approving = [&](auto& tx, const auto& actor) {
        approve(tx, id, std::nullopt, actor, now_);
    };
    as({11}, [&](auto& tx, const auto& actor) { hold(tx, id, because(), actor, now_); });
    as({12}, [&](auto& tx, const auto& actor) { release(tx, id, std::nullopt, actor, now_); });

    EXPECT_THAT(trying(approving, {11}), testing::refused(Refusal::forbidden, ""));
    EXPECT_THAT(trying(approving, {12}), testing::refused(Refusal::forbidden, ""));
    as(finance, approving);
    EXPECT_EQ(listed().at(0).status, Status::pending);
    EXPECT_THAT(trying(approving), testing::refused(Refusal::conflict, "status"));
    as(other_finance, approving);

    EXPECT_EQ(listed().at(0).status, Status::approved);
    EXPECT_EQ(broken(), "");
}

TEST_F(Actions, AreRefusedWhereTheListDoesNotLead) {
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");
    const CommissionId id = made(100'00);
    const auto rejecting = [&](auto& tx, const auto& actor) {
        reject(tx, id, because(), actor, now_);
    };
    EXPECT_THAT(trying(rejecting), testing::refused(Refusal::conflict, "status"));
    EXPECT_THAT(
        trying([&](auto& tx, const auto& actor) { release(tx, id, std::nullopt, actor, now_); }),
        testing::refused(Refusal::conflict, "status"));

    as(finance, [&](auto& tx, const auto& actor) { hold(tx, id, because(), actor, now_); });
    as(finance, rejecting);

    EXPECT_EQ(listed().at(0).status, Status::rejected);
    EXPECT_EQ(has(), (Amounts{0, 0, 0, 0, 0}));
    EXPECT_THAT(
        trying([&](auto& tx, const auto& actor) { approve(tx, id, because(), actor, now_); }),
        testing::refused(Refusal::conflict, "status"));
    EXPECT_EQ(broken(), "");
}

TEST_F(Actions, OfRejectingGiveRoomToOthers) {
    rule(R"({"basis": "fixed", "flat_amount": "25.00", "cap_customer": "25.00"})");
    auto first = load(1'00), second = load(1'00);
    report(first);
    report(second);
    const CommissionId id = commission_of(first).id;
    as(finance, [&](auto& tx, const auto& actor) {
        hold(tx, id, because(), actor, now_);
        reject(tx, id, because(), actor, now_);
    });

    EXPECT_EQ(commission_of(second).amount, "25.00");
    EXPECT_EQ(report(first), Amounts{0});  // It stays rejected whatever comes.
    EXPECT_EQ(broken(), "");
}

TEST_F(Actions, AddAndTakeByHand) {
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");
    auto sale = load(100'00);
    report(sale);
    const CommissionId id = commission_of(sale).id;
    const auto adjusting = [&](std::string_view by) {
        return
            [=, this](auto& tx, const auto& actor) { adjust(tx, id, by, because(), actor, now_); };
    };
    as(finance, adjusting("5.00"));
    EXPECT_EQ(has().at(0), 15'00);
    sale.conversion.revenue = 50'00;
    EXPECT_EQ(report(sale), Amounts{10'00});
    for (const char* wrong : {"-10.01", "0", "0.001", "x"})
        EXPECT_THAT(trying(adjusting(wrong)), testing::refused(Refusal::invalid, "amount_change"));
    sale.conversion.is_reversed = true;

    EXPECT_EQ(report(sale), Amounts{0});
    EXPECT_EQ(has(), (Amounts{0, 0, 0, 0, 0}));
    EXPECT_EQ(broken(), "");
}

TEST_F(Actions, NeedAReasonBeforeTheDaysAreOver) {
    rule(R"({"basis": "revenue", "rate_ppm": 100000})");
    auto sale = load(100'00);
    sale.conversion.occurred_at = now_ - std::chrono::days(1);
    report(sale);
    const CommissionId id = commission_of(sale).id;

    EXPECT_THAT(
        trying([&](auto& tx, const auto& actor) { approve(tx, id, std::nullopt, actor, now_); }),
        testing::refused(Refusal::invalid, "reason"));
    as(finance, [&](auto& tx, const auto& actor) { approve(tx, id, because(), actor, now_); });
    EXPECT_EQ(commission_of(sale).status, Status::approved);
}

}  // namespace
}  // namespace referral::commissions
