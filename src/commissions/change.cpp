#include "commissions/change.hpp"

#include <algorithm>

#include "base/problem.hpp"

namespace referral::commissions {

namespace {

std::string_view participle(Action action) {
    switch (action) {
        case Action::approve:
            return "approved";
        case Action::hold:
            return "held";
        case Action::release:
            return "released";
        case Action::reject:
            return "rejected before it is held";
        case Action::cancel:
            return "canceled";
        case Action::batch:
            return "put in a payout";
        case Action::settle:
        case Action::fail:
            return "settled";
    }
    return "";
}

/// The amount becomes another in the same status.
Change by_people(const CommissionRow& before, std::string action, std::int64_t difference,
                 std::vector<Move> moves) {
    Change change{
        .action = std::move(action), .before = before, .after = before, .moves = std::move(moves)};
    change.after.amount += difference;
    change.after.manual = change.after.amount - change.after.computed;
    return change;
}

}  // namespace

std::int64_t amount_of(const CommissionRow& row) {
    if (row.is_nothing()) return 0;
    return std::max<std::int64_t>(row.computed + row.manual, 0);
}

Change recomputed(const CommissionRow& before, const Earned& earned, bool is_new) {
    CommissionRow after = before;
    after.computed = earned.amount;
    after.reason = earned.reason;
    after.qualifies = earned.qualifies;
    after.counted = earned.counted;
    if (before.is_reversed) after.manual = 0;
    const std::optional<Status> canceled =
        before.is_reversed ? commissions::after(before.standing(), Action::cancel) : std::nullopt;
    if (canceled) {
        after.status = *canceled;
        after.held_from = std::nullopt;
        after.amount = 0;
        return {.action = "cancel",
                .before = before,
                .after = after,
                .moves = moves_of(before.standing(), Action::cancel),
                .is_new = is_new};
    }
    after.amount = amount_of(after);
    const std::int64_t difference = after.amount - before.amount;
    return {.action = is_new ? "accrue" : "recompute",
            .before = before,
            .after = after,
            .moves = moves_of_change(before.standing(), difference),
            .is_new = is_new,
            .is_silent = !is_new && difference == 0};
}

Change taken(const CommissionRow& before, Action action) {
    const std::optional<Status> status = after(before.standing(), action);
    if (!status)
        throw conflict("status", "is " + std::string(name_of(before.status)) + "; it cannot be " +
                                     std::string(participle(action)));
    Change change{.action = std::string(name_of(action)),
                  .before = before,
                  .after = before,
                  .moves = moves_of(before.standing(), action)};
    CommissionRow& row = change.after;
    row.status = *status;
    row.held_from = *status == Status::held ? std::optional(before.status) : std::nullopt;
    if (action == Action::reject) {
        row.amount = row.manual = row.computed = row.counted = 0;
        row.qualifies = false;
    }
    return change;
}

Change adjusted(const CommissionRow& before, std::int64_t difference, const Currency& currency) {
    if (before.status == Status::rejected || before.status == Status::canceled)
        throw conflict("status", "is " + std::string(name_of(before.status)));
    if (before.is_reversed) throw conflict("status", "nothing is left of the conversion");
    if (before.amount + difference < 0)
        throw invalid("amount_change",
                      "takes more than there is: " + to_text(Money{before.amount, currency}));
    if (before.amount + difference >= minor_max) throw invalid("amount_change", "is too large");
    return by_people(before, "adjust", difference, moves_of_change(before.standing(), difference));
}

Change clawed_back(const CommissionRow& before, std::optional<std::int64_t> amount,
                   const Currency& currency) {
    if (before.status != Status::approved && before.status != Status::paid)
        throw conflict("status", "is " + std::string(name_of(before.status)) +
                                     "; what is approved or paid can be clawed back");
    if (before.amount == 0) throw conflict("amount", "there is nothing left of it");
    const std::int64_t minor = amount.value_or(before.amount);
    if (minor <= 0 || minor > before.amount)
        throw invalid("amount",
                      "must be above 0 and at most " + to_text(Money{before.amount, currency}));
    return by_people(before, "claw_back", -minor, {{ledger::PostingKind::claw_back, minor}});
}

}  // namespace referral::commissions
