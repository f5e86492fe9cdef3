#include "partners/enrolments.hpp"

#include "audit/audit.hpp"
#include "base/problem.hpp"
#include "partners/enrolment_queries.hpp"

namespace referral::partners {

namespace {

/// An enrolment as audit logs keep it.
schema::json::value decided(const Enrolment& enrolment) {
    schema::json::value value = schema::Json<Enrolment>::write(enrolment);
    for (const char* name : {"program_name", "user_name", "group_name", "updated_at"})
        value.as_object().erase(name);
    return value;
}

void note(db::Transaction& tx, const audit::Actor& actor, const std::string& verb,
          const Enrolment* before, const Enrolment& after, Instant now) {
    audit::note(tx, actor,
                {.action = "enrolments." + verb,
                 .object_type = "enrolment",
                 .object_id = after.id.text(),
                 .before = before ? std::optional(decided(*before)) : std::nullopt,
                 .after = decided(after),
                 .reason = after.reason.value_or("")},
                now);
}

void note(http::Call& call, const std::string& verb, const Enrolment* before,
          const Enrolment& after) {
    note(call.transaction(), audit::actor_of(call), verb, before, after, call.now());
}

UserId self(const http::Call& call) { return {call.caller().user_id}; }

Enrolment lock(db::Transaction& tx, EnrolmentId id, sql::Owner owner) {
    if (auto found = tx.maybe(sql::find_enrolment_for_change, id, owner)) return std::move(*found);
    throw not_found("enrolment");
}

/// How a partner stands after a step of the staff, as a mail tells it.
std::string_view standing_after(EnrolmentStep step) {
    switch (step) {
        case EnrolmentStep::approve:
            return "you take part";
        case EnrolmentStep::reject:
            return "you were not accepted";
        case EnrolmentStep::suspend:
            return "you are suspended";
        case EnrolmentStep::reinstate:
            return "you take part again";
        case EnrolmentStep::ban:
            return "you are banned";
        case EnrolmentStep::apply:
        case EnrolmentStep::accept:
        case EnrolmentStep::leave:
            break;  // The partner's own.
    }
    return "";
}

void mail_partner(db::Transaction& tx, const Enrolment& enrolment, std::string_view standing,
                  Instant now) {
    if (standing.empty()) return;
    schema::json::object values{
        {"program", enrolment.program_name}, {"standing", standing}, {"link", "/dashboard"}};
    if (enrolment.reason) values["reason"] = *enrolment.reason;
    accounts::mail_user(tx, accounts::find(tx, enrolment.user_id).value(), "enrolment-changed",
                        std::move(values), now);
}

/// What only staff may say of an enrolment.
void refuse_more_than_the_program(const http::Call& call, const NewEnrolment& wanted) {
    std::vector<FieldError> errors;
    if (wanted.user_id && *wanted.user_id != self(call))
        errors.push_back({"user_id", "must be your own"});
    const auto refuse = [&](bool is_given, const char* field) {
        if (is_given) errors.push_back({field, "is for staff to say"});
    };
    refuse(wanted.group_id.has_value(), "group_id");
    refuse(wanted.status.has_value(), "status");
    refuse(wanted.counts_from.has_value(), "counts_from");
    refuse(wanted.reason.has_value(), "reason");
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
}

/// A partner applies, accepts what it is invited to, or applies again.
EnrolmentDetails take_part(http::Call& call, const NewEnrolment& wanted, ProgramId program) {
    refuse_more_than_the_program(call, wanted);
    db::Transaction& tx = call.transaction();
    const UserId user = self(call);
    if (const auto id = tx.maybe(sql::enrolment_of, program, user)) {
        const Enrolment before = lock(tx, *id, call.owner());
        if (before.status == EnrolmentStatus::invited)
            return take_step(call, *id, EnrolmentStep::accept, {});
        if (!after(EnrolmentStep::apply, before.status))
            throw conflict("program_id",
                           "you are " + std::string(name_of(before.status)) + " in already");
        return take_step(call, *id, EnrolmentStep::apply, {});
    }
    const Membership made = enrol(tx,
                                  {.partner = user,
                                   .program = program,
                                   .status = EnrolmentStatus::applied,
                                   .counts_from = call.now()},
                                  user, call.now());
    EnrolmentDetails details = get_enrolment(call, made.id);
    note(call, "apply", nullptr, details);
    return details;
}

EnrolmentDetails enrol_somebody(http::Call& call, const NewEnrolment& wanted, ProgramId program) {
    const EnrolmentStatus status = wanted.status.value_or(EnrolmentStatus::approved);
    if (status != EnrolmentStatus::approved && status != EnrolmentStatus::invited)
        throw invalid("status", "must be approved or invited");
    if (!wanted.user_id) throw invalid("user_id", "is required");
    const Membership made = enrol(call.transaction(),
                                  {.partner = *wanted.user_id,
                                   .program = program,
                                   .group = wanted.group_id,
                                   .status = status,
                                   .counts_from = wanted.counts_from,
                                   .reason = wanted.reason},
                                  self(call), call.now());
    EnrolmentDetails details = get_enrolment(call, made.id);
    note(call, "create", nullptr, details);
    mail_partner(call.transaction(), details,
                 status == EnrolmentStatus::invited ? "you are invited" : "you take part",
                 call.now());
    return details;
}

}  // namespace

EnrolmentPage list_enrolments(const http::Call& call, db::Transaction& tx,
                              const EnrolmentFilter& filter) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<Instant> at;
    std::optional<EnrolmentId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 2) {
            at = parse_instant(parts[0]);
            last = EnrolmentId::parse(parts[1]);
        }
        if (!at || !last) throw invalid("cursor", "must be of a list of enrolments");
    }
    const auto q = filter.q ? std::optional(filter.q->text()) : std::nullopt;
    EnrolmentPage page{
        .enrolments = tx.all(sql::list_enrolments, call.owner(), filter.program_id, filter.user_id,
                             filter.group_id, filter.status, q, at, last, limit + 1),
        .next_cursor = {}};
    if (std::ssize(page.enrolments) <= limit) return page;
    page.enrolments.pop_back();
    const Enrolment& end = page.enrolments.back();
    page.next_cursor = schema::Cursor({to_text(end.created_at), end.id.text()}).text();
    return page;
}

EnrolmentDetails get_enrolment(http::Call& call, EnrolmentId id) {
    db::Transaction& tx = call.transaction();
    auto found = tx.maybe(sql::find_enrolment, id, call.owner());
    if (!found) throw not_found("enrolment");
    EnrolmentDetails details{std::move(*found), tx.all(sql::changes_of, id)};
    // Who of the staff decided is not for partners.
    if (!call.caller().sees_all)
        for (EnrolmentChange& change : details.changes)
            if (change.by != details.user_id) change.by = {}, change.by_name = {};
    return details;
}

std::vector<Enrolment> enrolments_of(db::Transaction& tx, const std::vector<UserId>& users) {
    if (users.empty()) return {};
    return tx.all(sql::enrolments_of, users);
}

EnrolmentDetails create_enrolment(http::Call& call, const NewEnrolment& wanted) {
    db::Transaction& tx = call.transaction();
    const auto program =
        wanted.program_id ? programs::find(tx, *wanted.program_id) : programs::find_default(tx);
    if (!program) throw invalid("program_id", "is not known");
    if (program->status == programs::ProgramStatus::closed)
        throw invalid("program_id", "is closed");
    if (!call.caller().sees_all) return take_part(call, wanted, program->id);
    return enrol_somebody(call, wanted, program->id);
}

EnrolmentDetails take_step(http::Call& call, EnrolmentId id, EnrolmentStep step,
                           const std::optional<Line<500>>& reason) {
    lock(call.transaction(), id, call.owner());  // Another partner's is not found.
    take_step(call.transaction(), audit::actor_of(call), id, step, reason, call.now());
    EnrolmentDetails details = get_enrolment(call, id);
    mail_partner(call.transaction(), details, standing_after(step), call.now());
    return details;
}

void take_step(db::Transaction& tx, const audit::Actor& actor, EnrolmentId id, EnrolmentStep step,
               const std::optional<Line<500>>& reason, Instant now) {
    const Enrolment before = lock(tx, id, {});
    const auto status = after(step, before.status);
    if (!status)
        throw conflict("status",
                       "is " + std::string(name_of(before.status)) + ", which does not lead there");
    if (needs_reason(step) && !reason) throw invalid("reason", "is required");
    std::optional<UserId> by;
    if (actor.user_id) by.emplace(*actor.user_id);
    const Instant since = tx.one(sql::next_since, id, now);
    tx.run_for_effect(sql::set_status, id, *status, reason, since);
    tx.run_for_effect(sql::add_change, id, since, since, *status, reason, by);
    note(tx, actor, std::string(name_of(step)), &before,
         tx.one(sql::find_enrolment, id, sql::Owner()), now);
}

EnrolmentDetails change_enrolment(http::Call& call, EnrolmentId id, const EnrolmentEdit& wanted) {
    db::Transaction& tx = call.transaction();
    const Enrolment before = lock(tx, id, call.owner());
    if (wanted.group_id && *wanted.group_id != before.group_id) {
        const auto group = *wanted.group_id ? find_group(tx, **wanted.group_id) : std::nullopt;
        if (*wanted.group_id && (!group || group->program_id != before.program_id))
            throw invalid("group_id", "must be a group of the program");
        tx.run_for_effect(sql::set_group, id, *wanted.group_id, call.now());
        tx.run_for_effect(sql::add_move, id, call.now(), *wanted.group_id, self(call));
        note(call, "change", &before, get_enrolment(call, id));
    }
    return get_enrolment(call, id);
}

}  // namespace referral::partners
