#include "commissions/states.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace referral::commissions {

namespace {

using ledger::PostingKind, ledger::Stage;

struct Transition {
    Action action;
    Status from;
    std::optional<Status> to;  ///< Nothing: back to where it was held from.
};

/// SEMANTICS §6; what is not here is refused.
constexpr std::array<Transition, 11> transitions{{
    {Action::approve, Status::pending, Status::approved},
    {Action::hold, Status::pending, Status::held},
    {Action::hold, Status::approved, Status::held},
    {Action::release, Status::held, std::nullopt},
    {Action::reject, Status::held, Status::rejected},
    {Action::cancel, Status::pending, Status::canceled},
    {Action::cancel, Status::approved, Status::canceled},
    {Action::cancel, Status::held, Status::canceled},
    {Action::batch, Status::approved, Status::in_payout},
    {Action::settle, Status::in_payout, Status::paid},
    {Action::fail, Status::in_payout, Status::approved},
}};

/// Where a commission's money is when it is not held.
Stage stage_of(const Standing& standing) {
    const Status status = standing.status == Status::held ? standing.held_from : standing.status;
    return status == Status::pending ? Stage::pending : Stage::payable;
}

}  // namespace

std::optional<Status> after(const Standing& standing, Action action) {
    const auto found = std::ranges::find_if(transitions, [&](const Transition& transition) {
        return transition.action == action && transition.from == standing.status;
    });
    if (found == transitions.end()) return std::nullopt;
    return found->to ? *found->to : standing.held_from;
}

std::vector<Move> moves_of(const Standing& standing, Action action) {
    const std::int64_t amount = standing.amount;
    if (amount == 0) return {};
    const Stage stage = stage_of(standing);
    switch (action) {
        case Action::approve:
            return {{PostingKind::approve, amount, Stage::pending}};
        case Action::hold:
            return {{PostingKind::hold, amount, stage}};
        case Action::release:
            return {{PostingKind::release, amount, stage}};
        case Action::reject:
        case Action::cancel:
            return moves_of_change(standing, -amount);
        case Action::batch:
        case Action::settle:
        case Action::fail:
            return {};
    }
    return {};
}

std::vector<Move> moves_of_change(const Standing& standing, std::int64_t difference) {
    if (difference == 0) return {};
    const Stage stage = stage_of(standing);
    const bool is_first = !standing.is_accrued && difference > 0;
    switch (standing.status) {
        case Status::pending:
            if (is_first) return {{PostingKind::accrue, difference, Stage::pending}};
            return {{PostingKind::adjust, difference, stage}};
        case Status::approved:
        case Status::in_payout:
            return {{PostingKind::adjust, difference, stage}};
        case Status::paid:
            if (difference < 0) return {{PostingKind::claw_back, -difference, Stage::pending}};
            return {{PostingKind::adjust, difference, stage}};
        case Status::held:
            // By way of pending, wherever it was held from: a partner may owe on payable, and then
            // nothing could be held from there.
            if (difference < 0)
                return {{PostingKind::release, -difference, Stage::pending},
                        {PostingKind::adjust, difference, Stage::pending}};
            return {{PostingKind::adjust, difference, Stage::pending},
                    {PostingKind::hold, difference, Stage::pending}};
        case Status::rejected:
        case Status::canceled:
            break;
    }
    CHECK(false);
    return {};
}

}  // namespace referral::commissions
