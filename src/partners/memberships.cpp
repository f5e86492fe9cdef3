/// What attribution and rules ask of enrolments, and what makes them.

#include <algorithm>
#include <map>

#include "partners/enrolment_queries.hpp"
#include "partners/enrolments.hpp"

namespace referral::partners {

namespace {

/// The newest of a history that is not later than `at`.
template <class T>
const T* in_force(const std::vector<T>& history, Instant at) {
    const auto later = std::ranges::upper_bound(history, at, {}, &T::since);
    return later == history.begin() ? nullptr : &*std::prev(later);
}

}  // namespace

std::optional<EnrolmentStatus> Membership::status_at(Instant at) const {
    const StatusChange* change = in_force(changes, at);
    return change ? std::optional(change->status) : std::nullopt;
}

std::optional<GroupId> Membership::group_at(Instant at) const {
    const GroupMove* move = in_force(groups, at);
    return move ? move->group : std::nullopt;
}

void check_place(db::Transaction& tx, const NewMembership& wanted, Instant now,
                 std::vector<FieldError>& errors) {
    const auto program = programs::find(tx, wanted.program);
    if (!program)
        errors.push_back({"program_id", "is not known"});
    else if (program->status == programs::ProgramStatus::closed)
        errors.push_back({"program_id", "is closed"});
    if (wanted.group) {
        const auto group = find_group(tx, *wanted.group);
        if (!group || group->program_id != wanted.program)
            errors.push_back({"group_id", "must be a group of the program"});
    }
    if (wanted.counts_from && *wanted.counts_from > now)
        errors.push_back({"counts_from", "must not be in the future"});
}

Membership enrol(db::Transaction& tx, const NewMembership& wanted, std::optional<UserId> by,
                 Instant now) {
    std::vector<FieldError> errors;
    const auto user = accounts::find(tx, wanted.partner);
    if (!user || user->role != accounts::Role::partner)
        errors.push_back({"user_id", "must be a partner"});
    check_place(tx, wanted, now, errors);
    if (!errors.empty()) throw Problem(Refusal::invalid, std::move(errors));
    const auto id = tx.maybe(sql::insert_enrolment, wanted.program, wanted.partner, wanted.group,
                             wanted.status, wanted.reason, now);
    if (!id) throw conflict("user_id", "takes part already");
    const Instant counts_from = wanted.counts_from.value_or(Instant());
    tx.run_for_effect(sql::add_change, *id, now, counts_from, wanted.status, wanted.reason, by);
    if (wanted.group) tx.run_for_effect(sql::add_move, *id, counts_from, wanted.group, by);
    return membership(tx, wanted.program, wanted.partner).value();
}

void join_default(db::Transaction& tx, UserId user, const audit::Actor& actor, Instant now) {
    const auto program = programs::find_default(tx);
    if (!program || program->status == programs::ProgramStatus::closed) return;
    if (membership(tx, program->id, user)) return;
    std::optional<UserId> by;
    if (actor.user_id) by.emplace(*actor.user_id);
    const Membership made = enrol(tx, {.partner = user, .program = program->id}, by, now);
    audit::note(
        tx, actor,
        {.action = "enrolments.create",
         .object_type = "enrolment",
         .object_id = made.id.text(),
         .after = schema::json::object{{"user_id", user.text()},
                                       {"program_id", program->id.text()},
                                       {"status", schema::json::string(name_of(made.status))}}},
        now);
}

std::vector<Membership> memberships(db::Transaction& tx, ProgramId program,
                                    const std::vector<UserId>& users) {
    std::vector<Membership> found;
    if (users.empty()) return found;
    std::vector<EnrolmentId> ids;
    std::map<EnrolmentId, std::size_t> places;
    for (const auto& [user, id, group, status] : tx.all(sql::memberships, program, users)) {
        places.emplace(id, found.size());
        ids.push_back(id);
        found.push_back(
            {.partner = user, .id = id, .program = program, .group = group, .status = status});
    }
    if (found.empty()) return found;
    for (const auto& [id, since, status] : tx.all(sql::status_history, ids))
        found[places.at(id)].changes.push_back({since, status});
    for (const auto& [id, since, group] : tx.all(sql::group_history, ids))
        found[places.at(id)].groups.push_back({since, group});
    std::ranges::sort(found, {}, &Membership::partner);
    return found;
}

std::optional<Membership> membership(db::Transaction& tx, ProgramId program, UserId user) {
    auto found = memberships(tx, program, {user});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

}  // namespace referral::partners
