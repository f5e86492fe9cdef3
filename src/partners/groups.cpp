#include "partners/groups.hpp"

#include "base/problem.hpp"
#include "partners/enrolment_queries.hpp"

namespace referral::partners {

namespace {

/// A group as audit logs keep it.
schema::json::value decided(const Group& group) {
    schema::json::value value = schema::Json<Group>::write(group);
    value.as_object().erase("partners");
    value.as_object().erase("updated_at");
    return value;
}

}  // namespace

std::optional<Group> find_group(db::Transaction& tx, GroupId id) {
    return tx.maybe(sql::find_group, id);
}

Group get_group(db::Transaction& tx, GroupId id) {
    if (auto group = find_group(tx, id)) return std::move(*group);
    throw not_found("group");
}

GroupPage list_groups(db::Transaction& tx, const GroupFilter& filter) {
    const std::int64_t limit = schema::rows_of(filter.limit);
    std::optional<GroupId> last;
    if (filter.cursor) {
        const auto& parts = filter.cursor->parts();
        if (parts.size() == 1) last = GroupId::parse(parts[0]);
        if (!last) throw invalid("cursor", "must be of a list of groups");
    }
    GroupPage page{.groups = tx.all(sql::list_groups, filter.program_id, last, limit + 1),
                   .next_cursor = {}};
    if (std::ssize(page.groups) <= limit) return page;
    page.groups.pop_back();
    page.next_cursor = schema::Cursor({page.groups.back().id.text()}).text();
    return page;
}

Group create_group(http::Call& call, const NewGroup& wanted) {
    return create_group(call.transaction(), audit::actor_of(call), wanted, call.now());
}

Group create_group(db::Transaction& tx, const audit::Actor& actor, const NewGroup& wanted,
                   Instant now) {
    constexpr std::int64_t groups_max = 1'000;
    const auto program =
        wanted.program_id ? programs::find(tx, *wanted.program_id) : programs::find_default(tx);
    if (!program) throw invalid("program_id", "is not known");
    if (tx.one(sql::count_groups, program->id) >= groups_max)
        throw conflict("program_id", "has 1,000 groups, which is the most");
    const auto id = tx.maybe(sql::insert_group, program->id, wanted.name, wanted.description, now);
    if (!id) throw conflict("name", "is already taken in this program");
    Group made = get_group(tx, *id);
    audit::note(tx, actor,
                {.action = "groups.create",
                 .object_type = "group",
                 .object_id = made.id.text(),
                 .after = decided(made)},
                now);
    return made;
}

Group change_group(http::Call& call, GroupId id, const GroupChange& wanted) {
    db::Transaction& tx = call.transaction();
    const auto before = tx.maybe(sql::find_group_for_change, id);
    if (!before) throw not_found("group");
    try {
        tx.run_for_effect(sql::change_group, id, wanted.name.value_or(before->name),
                          wanted.description.value_or(before->description), call.now());
    } catch (const db::Error& error) {
        if (error.is_unique_violation()) throw conflict("name", "is already taken in this program");
        throw;
    }
    Group changed = get_group(tx, id);
    audit::note(tx, audit::actor_of(call),
                {.action = "groups.change",
                 .object_type = "group",
                 .object_id = id.text(),
                 .before = decided(*before),
                 .after = decided(changed)},
                call.now());
    return changed;
}

}  // namespace referral::partners
