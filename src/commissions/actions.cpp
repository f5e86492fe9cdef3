#include "commissions/actions.hpp"

#include <algorithm>

#include "commissions/books.hpp"
#include "commissions/commission_queries.hpp"
#include "commissions/settle.hpp"

namespace referral::commissions {

namespace {

std::string text_of(const Reasoning& reason) { return reason ? reason->text() : std::string(); }

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

    void write(Change change, const std::string& reason) {
        change.reason = reason;
        row_ = change.after;
        Books books(tx_, program_, actor_, now_);
        books.add(std::move(change));
        books.write();
    }

private:
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
            return desk.write({.action = "approval", .before = desk.row(), .after = desk.row()},
                              text_of(reason));
    }
    desk.write(taken(desk.row(), Action::approve), text_of(reason));
}

void hold(db::Transaction& tx, CommissionId id, const Line<500>& reason, const audit::Actor& actor,
          Instant now) {
    Desk desk(tx, id, actor, now);
    desk.write(taken(desk.row(), Action::hold), reason.text());
}

void release(db::Transaction& tx, CommissionId id, const Reasoning& reason,
             const audit::Actor& actor, Instant now) {
    Desk desk(tx, id, actor, now);
    desk.write(taken(desk.row(), Action::release), text_of(reason));
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
        const CommissionRow& row = group.rows()[i];
        Change change =
            row.id == id ? taken(row, Action::reject) : recomputed(row, group.earned()[i], false);
        if (row.id == id) change.reason = reason.text();
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
    desk.write(adjusted(desk.row(), wanted->minor, currency), reason.text());
}

void claw_back(db::Transaction& tx, CommissionId id, const std::optional<std::string>& amount,
               const Line<500>& reason, const audit::Actor& actor, Instant now) {
    Desk desk(tx, id, actor, now);
    const Currency& currency = desk.program().currency;
    std::optional<std::int64_t> minor;
    if (amount) {
        const auto wanted = parse_money(*amount, currency);
        minor = wanted ? wanted->minor : 0;  // What is no amount is refused as none.
    }
    desk.write(clawed_back(desk.row(), minor, currency), reason.text());
}

void move_with_payout(db::Transaction& tx, programs::ProgramId program,
                      const std::vector<CommissionId>& ids, Action action,
                      const audit::Actor& actor, Instant now) {
    CHECK(action == Action::batch || action == Action::settle || action == Action::fail);
    const programs::Program found = programs::get(tx, program);
    Books books(tx, found, actor, now);
    for (const CommissionRow& row : tx.all(sql::rows, ids)) books.add(taken(row, action));
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
    for (const CommissionRow& row : tx.all(sql::rows, ids)) books.add(taken(row, Action::approve));
    books.write();
    return ids.back();
}

}  // namespace referral::commissions
