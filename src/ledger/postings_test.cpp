#include "ledger/postings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/database_test.hpp"

namespace referral::ledger {
namespace {

using Kind = PostingKind;
using A = Account;

Posting posting(Kind kind, std::int64_t cents, Stage stage = Stage::pending) {
    const bool of_payout = kind == Kind::batch || kind == Kind::settle || kind == Kind::fail;
    Posting posting{.kind = kind,
                    .partner = {1},
                    .program = {1},
                    .amount = {cents, Currency()},
                    .stage = stage};
    (of_payout ? posting.payout_id : posting.commission_id) = 1;
    return posting;
}

TEST(Postings, MoveMoneyFromTheDebitToTheCredit) {
    struct Case {
        Kind kind;
        Stage stage;
        A debit, credit;
    };
    const Case cases[] = {
        {Kind::accrue, Stage::pending, A::commission_expense, A::pending},
        {Kind::hold, Stage::pending, A::pending, A::held},
        {Kind::hold, Stage::payable, A::payable, A::held},
        {Kind::release, Stage::pending, A::held, A::pending},
        {Kind::release, Stage::payable, A::held, A::payable},
        {Kind::approve, Stage::pending, A::pending, A::payable},
        {Kind::batch, Stage::pending, A::payable, A::in_transit},
        {Kind::settle, Stage::pending, A::in_transit, A::cash_clearing},
        {Kind::fail, Stage::pending, A::in_transit, A::payable},
        {Kind::adjust, Stage::pending, A::commission_expense, A::pending},
        {Kind::adjust, Stage::payable, A::commission_expense, A::payable},
        {Kind::claw_back, Stage::pending, A::payable, A::commission_expense},
        {Kind::write_off, Stage::pending, A::bad_debt, A::payable},
    };
    for (const Case& c : cases)
        EXPECT_EQ(entries_of(posting(c.kind, 750, c.stage)),
                  (std::array<Entry, 2>{{{c.debit, -750}, {c.credit, 750}}}))
            << name_of(c.kind);
}

TEST(Postings, AdjustDownwardsByTheOpposite) {
    EXPECT_EQ(entries_of(posting(Kind::adjust, -750)),
              (std::array<Entry, 2>{{{A::commission_expense, 750}, {A::pending, -750}}}));
}

TEST(Postings, RefuseWhatIsNone) {
    for (const auto& [kind, name] : Names<Kind>::list) {
        EXPECT_THAT([&] { entries_of(posting(kind, 0)); },
                    testing::refused(Refusal::invalid, "amount"));
        if (kind == Kind::adjust) continue;
        EXPECT_THAT([&] { entries_of(posting(kind, -1)); },
                    testing::refused(Refusal::invalid, "amount"))
            << name;
    }
    for (const Kind kind : {Kind::accrue, Kind::approve, Kind::adjust, Kind::claw_back}) {
        Posting nameless = posting(kind, 1);
        nameless.commission_id.reset();
        EXPECT_THAT([&] { entries_of(nameless); },
                    testing::refused(Refusal::invalid, "commission_id"));
    }
    for (const auto& [kind, name] : Names<Kind>::list) {
        Posting turned = posting(kind, 1);
        turned.payout_id = turned.payout_id ? std::nullopt : std::optional<std::int64_t>(1);
        EXPECT_THAT([&] { entries_of(turned); }, testing::refused(Refusal::invalid, "payout_id"))
            << name;
    }
}

}  // namespace
}  // namespace referral::ledger
