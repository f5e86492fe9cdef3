#pragma once

/// Sets of a program's partners that can have their own rules.

#include <optional>
#include <string>
#include <vector>

#include "audit/audit.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::partners {

using programs::ProgramId;

struct GroupTag {
    static constexpr std::string_view prefix = "grp";
};
using GroupId = Id<GroupTag>;

/// A set of a program's partners.
struct Group {
    GroupId id;
    ProgramId program_id;
    Line<100> name;
    std::optional<Line<500>> description;
    std::int64_t partners = 0;  ///< How many are in it, of all states.
    Instant created_at;
    Instant updated_at;
};

/// What somebody fills in to make a group.
struct NewGroup {
    std::optional<ProgramId> program_id{};  ///< The default program when absent.
    Line<100> name;
    std::optional<Line<500>> description{};
};

/// What may be changed; absent stays as it is, null removes.
struct GroupChange {
    std::optional<Line<100>> name{};
    std::optional<std::optional<Line<500>>> description{};
};

/// Which groups are listed, the oldest first.
struct GroupFilter {
    std::optional<ProgramId> program_id{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct GroupPage {
    std::vector<Group> groups;
    std::optional<std::string> next_cursor;
};

/// The group, or nothing.
std::optional<Group> find_group(db::Transaction& tx, GroupId id);

/// The group. Refuses: not_found.
Group get_group(db::Transaction& tx, GroupId id);

/// Refuses: invalid (a cursor of another list).
GroupPage list_groups(db::Transaction& tx, const GroupFilter& filter);

/// Makes a group. Refuses: invalid (program_id), conflict (the name is taken in the program; 1,000
/// groups are the most).
Group create_group(http::Call& call, const NewGroup& wanted);

/// The same for whoever does it by themselves.
Group create_group(db::Transaction& tx, const audit::Actor& actor, const NewGroup& wanted,
                   Instant now);

/// Refuses: not_found, conflict (name).
Group change_group(http::Call& call, GroupId id, const GroupChange& wanted);

}  // namespace referral::partners
