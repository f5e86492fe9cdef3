#include "commissions/actions.hpp"

#include <algorithm>

#include "commissions/books.hpp"
#include "commissions/commission_queries.hpp"
#include "commissions/settle.hpp"

namespace referral::commissions {

namespace {

std::string text_of(const Reasoning& reason) { return reason ? reason->text() : std::string(); }

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

/// Refuses: conflict (status).
Status status_after(const CommissionRow& row, Action action) {
    if (const auto status = after(row.standing(), action)) return *status;
    throw conflict("status", "is " + std::string(name_of(row.status)) + "; it cannot be " +
                                 std::string(participle(action)));
}

programs::Program program_of(db::Transaction& tx, CommissionId id) {
    const auto place = tx.maybe(sql::place, id, std::nullopt);
    if (!place) throw not_found("commission");
    return programs::get(tx, std::get<0>(*place));
}

/// A commission that nobody else works on meanwhile, and its program.
class Desk {
public:
    Desk(db::Transaction& tx, CommissionId id, const audit::Actor& actor, Instant now)
        : tx_(tx),
          actor_(actor),
          now_(now),
          program_(program_of(tx, id)),
          row_(tx.one(sql::rows, std::vector{id})) {}

    const CommissionRow& row() const { return row_; }
    const programs::Program& program() const { return program_; }

    /// Refuses: conflict (status).
    void take(Action action, const std::string& reason) {
        CommissionRow next = row_;
        next.status = status_after(row_, action);
        next.held_from = next.status == Status::held ? std::optional(row_.status) : std::nullopt;
        write(std::string(name_of(action)), next, moves_of(row_.standing(), action), reason);
    }

    /// The amount becomes another in the same status.
    void change(const std::string& action, std::int64_t difference, std::vector<Move> moves,
                const std::string& reason) {
        CommissionRow next = row_;
        next.amount += difference;
        next.manual = next.amount - next.computed;
        write(action, next, std::move(moves), reason);
    }

    /// Something is told, and nothing moves.
    void tell(const std::string& action, const std::string& reason) {
        write(action, row_, {}, reason);
    }

private:
    void write(const std::string& action, const CommissionRow& next, std::vector<Move> moves,
               const std::string& reason) {
        Books books(tx_, program_, actor_, now_);
        books.add({.action = action,
                   .before = row_,
                   .after = next,
                   .moves = std::move(moves),
                   .reason = reason});
        books.write();
        row_ = next;
    }

    db::Transaction& tx_;
    const audit::Actor& actor_;
    const Instant now_;
    const programs::Program program_;
    CommissionRow row_;
};

/// Whether one more approval is enough; keeps it. Refuses as `approve`.
bool second_approval(db::Transaction& tx, const CommissionRow& row, const audit::Actor& actor,
                     Instant now) {
    if (!actor.user_id) throw Problem(Refusal::forbidden, "people approve what is above the limit");
    const UserId user{*actor.user_id};
    if (tx.one(sql::had_a_hand_in, row.id, user))
        throw Problem(Refusal::forbidden,
                      "whoever reported, held, released or adjusted it does not approve it");
    if (!tx.maybe(sql::insert_approval, row.id, user, row.amount, now))
        throw conflict("status", "was approved by you before; another person is needed");
    return tx.one(sql::count_approvals, row.id, row.amount) >= approvals_wanted;
}

/// Refuses: conflict (payable_on), invalid (reason).
void check_due(const Payable& found, const Reasoning& reason) {
    if (found.why_not == WhyNot::trigger || found.why_not == WhyNot::enrolment)
        throw conflict("payable_on", found.sentence);
    if (found.why_not == WhyNot::days && !reason)
        throw invalid("reason", "is required before the days are over");
}

}  // namespace

void approve(db::Transaction& tx, CommissionId id, const Reasoning& reason,
             const audit::Actor& actor, Instant now) {
    Desk desk(tx, id, actor, now);
    const PayableFacts facts = tx.one(sql::get, id, std::nullopt).payable_facts();
    if (desk.row().status == Status::pending) {
        check_due(payable(facts, now), reason);
        if (takes_four_eyes(facts) && !second_approval(tx, desk.row(), actor, now))
            return desk.tell("approval", text_of(reason));
    }
    desk.take(Action::approve, text_of(reason));
}

void hold(db::Transaction& tx, CommissionId id, const Line<500>& reason, const audit::Actor& actor,
          Instant now) {
    Desk(tx, id, actor, now).take(Action::hold, reason.text());
}

void release(db::Transaction& tx, CommissionId id, const Reasoning& reason,
             const audit::Actor& actor, Instant now) {
    Desk(tx, id, actor, now).take(Action::release, text_of(reason));
}

void reject(db::Transaction& tx, CommissionId id, const Line<500>& reason,
            const audit::Actor& actor, Instant now) {
    const programs::Program program = program_of(tx, id);
    const Zone zone(program.timezone);
    lock_dependent(tx, program.id);
    Group group(tx, program, zone);
    group.compute({id}, id);
    const auto found = std::ranges::find(group.rows(), id, &CommissionRow::id);
    if (found == group.rows().end()) throw conflict("status", "is canceled");
    Books books(tx, program, actor, now);
    for (std::size_t i = 0; i < group.rows().size(); ++i) {
        Change change = recomputed(group.rows()[i], group.earned()[i], false);
        if (change.before.id == id) {
            const CommissionRow& row = change.before;
            change = {.action = "reject",
                      .before = row,
                      .after = row,
                      .moves = moves_of(row.standing(), Action::reject),
                      .reason = reason.text()};
            change.after.status = status_after(row, Action::reject);
            change.after.held_from = std::nullopt;
            change.after.amount = change.after.manual = change.after.computed = 0;
            change.after.qualifies = false;
            change.after.counted = 0;
        }
        books.add(std::move(change));
    }
    books.write();
}

void adjust(db::Transaction& tx, CommissionId id, std::string_view change, const Line<500>& reason,
            const audit::Actor& actor, Instant now) {
    Desk desk(tx, id, actor, now);
    const Currency& currency = desk.program().currency;
    const auto wanted = parse_money(change, currency);
    if (!wanted || wanted->minor == 0)
        throw invalid("amount_change", "must be an amount of " + currency.text() + " and not 0");
    const CommissionRow& row = desk.row();
    if (row.status == Status::rejected || row.status == Status::canceled)
        throw conflict("status", "is " + std::string(name_of(row.status)));
    if (row.is_reversed) throw conflict("status", "nothing is left of the conversion");
    if (row.amount + wanted->minor < 0)
        throw invalid("amount_change",
                      "takes more than there is: " + to_text(Money{row.amount, currency}));
    if (row.amount + wanted->minor >= minor_max) throw invalid("amount_change", "is too large");
    desk.change("adjust", wanted->minor, moves_of_change(row.standing(), wanted->minor),
                reason.text());
}

void claw_back(db::Transaction& tx, CommissionId id, const std::optional<std::string>& amount,
               const Line<500>& reason, const audit::Actor& actor, Instant now) {
    Desk desk(tx, id, actor, now);
    const Currency& currency = desk.program().currency;
    const CommissionRow& row = desk.row();
    if (row.status != Status::approved && row.status != Status::paid)
        throw conflict("status", "is " + std::string(name_of(row.status)) +
                                     "; what is approved or paid can be clawed back");
    if (row.amount == 0) throw conflict("amount", "there is nothing left of it");
    std::int64_t minor = row.amount;
    if (amount) {
        const auto wanted = parse_money(*amount, currency);
        if (!wanted || wanted->minor <= 0 || wanted->minor > row.amount)
            throw invalid("amount",
                          "must be above 0 and at most " + to_text(Money{row.amount, currency}));
        minor = wanted->minor;
    }
    desk.change("claw_back", -minor, {{ledger::PostingKind::claw_back, minor}}, reason.text());
}

void move_with_payout(db::Transaction& tx, programs::ProgramId program,
                      const std::vector<CommissionId>& ids, Action action,
                      const audit::Actor& actor, Instant now) {
    CHECK(action == Action::batch || action == Action::settle || action == Action::fail);
    const programs::Program found = programs::get(tx, program);
    Books books(tx, found, actor, now);
    for (const CommissionRow& row : tx.all(sql::rows, ids)) {
        Change change{
            .action = std::string(name_of(action)), .before = row, .after = row, .moves = {}};
        change.after.status = status_after(row, action);
        books.add(std::move(change));
    }
    books.write();
}

std::optional<CommissionId> approve_due(db::Transaction& tx, const programs::Program& program,
                                        CommissionId after, std::int64_t limit, Instant now) {
    const Instant triggered_until = now - std::chrono::days(program.hold_days);
    const auto ids =
        tx.all(sql::due, program.id, triggered_until, after, program.four_eyes_above, limit);
    if (ids.empty()) return std::nullopt;
    const audit::Actor actor{.job = "commissions.approve"};
    Books books(tx, program, actor, now);
    for (const CommissionRow& row : tx.all(sql::rows, ids)) {
        Change change{.action = "approve",
                      .before = row,
                      .after = row,
                      .moves = moves_of(row.standing(), Action::approve)};
        change.after.status = Status::approved;
        books.add(std::move(change));
    }
    books.write();
    return ids.back();
}

}  // namespace referral::commissions
