#include "commissions/states.hpp"

#include <gtest/gtest.h>

namespace referral::commissions {
namespace {

using ledger::PostingKind, ledger::Stage;

TEST(States, LeadWhereTheListSaysAndNowhereElse) {
    struct Row {
        Action action;
        Status from, to;
        Status held_from = Status::pending;
    };
    const Row rows[] = {
        {Action::approve, Status::pending, Status::approved},
        {Action::hold, Status::pending, Status::held},
        {Action::hold, Status::approved, Status::held},
        {Action::release, Status::held, Status::pending},
        {Action::release, Status::held, Status::approved, Status::approved},
        {Action::reject, Status::held, Status::rejected},
        {Action::cancel, Status::pending, Status::canceled},
        {Action::cancel, Status::approved, Status::canceled},
        {Action::cancel, Status::held, Status::canceled},
        {Action::batch, Status::approved, Status::in_payout},
        {Action::settle, Status::in_payout, Status::paid},
        {Action::fail, Status::in_payout, Status::approved},
    };
    for (const Row& row : rows)
        EXPECT_EQ(after({row.from, row.held_from}, row.action), row.to)
            << name_of(row.action) << ' ' << name_of(row.from);

    for (const auto& [action, action_name] : Names<Action>::list)
        for (const auto& [status, name] : Names<Status>::list) {
            bool is_listed = false;
            for (const Row& row : rows) is_listed |= row.action == action && row.from == status;
            EXPECT_EQ(after({.status = status}, action).has_value(), is_listed)
                << action_name << ' ' << name;
        }
}

TEST(States, MoveTheMoneyWithThem) {
    struct Row {
        const char* name;
        std::vector<Move> moves, wanted;
    };
    const Standing held_payable{Status::held, Status::approved, 500, true};
    const Row rows[] = {
        {"approve",
         moves_of({Status::pending, {}, 500}, Action::approve),
         {{PostingKind::approve, 500, Stage::pending}}},
        {"hold pending",
         moves_of({Status::pending, {}, 500}, Action::hold),
         {{PostingKind::hold, 500, Stage::pending}}},
        {"hold approved",
         moves_of({Status::approved, {}, 500}, Action::hold),
         {{PostingKind::hold, 500, Stage::payable}}},
        {"release",
         moves_of(held_payable, Action::release),
         {{PostingKind::release, 500, Stage::payable}}},
        {"reject",
         moves_of(held_payable, Action::reject),
         {{PostingKind::release, 500, Stage::pending},
          {PostingKind::adjust, -500, Stage::pending}}},
        {"cancel",
         moves_of({Status::pending, {}, 500, true}, Action::cancel),
         {{PostingKind::adjust, -500, Stage::pending}}},
        {"nothing", moves_of({Status::pending, {}, 0}, Action::approve), {}},
        {"first",
         moves_of_change({Status::pending, {}, 0}, 500),
         {{PostingKind::accrue, 500, Stage::pending}}},
        {"less",
         moves_of_change({Status::pending, {}, 500, true}, -75),
         {{PostingKind::adjust, -75, Stage::pending}}},
        {"more, held",
         moves_of_change(held_payable, 75),
         {{PostingKind::adjust, 75, Stage::pending}, {PostingKind::hold, 75, Stage::pending}}},
        {"in a payout",
         moves_of_change({Status::in_payout, {}, 500, true}, -75),
         {{PostingKind::adjust, -75, Stage::payable}}},
        {"paid, less",
         moves_of_change({Status::paid, {}, 500, true}, -75),
         {{PostingKind::claw_back, 75, Stage::pending}}},
        {"paid, more",
         moves_of_change({Status::paid, {}, 500, true}, 75),
         {{PostingKind::adjust, 75, Stage::payable}}},
    };
    for (const Row& row : rows) EXPECT_EQ(row.moves, row.wanted) << row.name;
}

}  // namespace
}  // namespace referral::commissions
