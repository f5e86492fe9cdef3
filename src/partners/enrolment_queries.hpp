#pragma once

/// Statements about groups and enrolments. Those that show an enrolment read the names of users and
/// programs, and only read: asking for them one by one would cost a hundred statements a page.

#include "partners/enrolment_schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::partners::sql {

using db::Nothing, db::Query;

/// Whose rows a statement may touch: a user's, or nothing for everybody's.
using Owner = std::optional<std::int64_t>;

// Groups.

inline constexpr Query<Group(GroupId)> find_group{R"sql(
    select g.id, g.program_id, g.name, g.description,
           (select count(*) from enrolments e where e.group_id = g.id) as partners, g.created_at,
           g.updated_at
    from groups g where g.id = $1
)sql"};

inline constexpr Query<Group(GroupId)> find_group_for_change{R"sql(
    select g.id, g.program_id, g.name, g.description,
           (select count(*) from enrolments e where e.group_id = g.id) as partners, g.created_at,
           g.updated_at
    from groups g where g.id = $1
    for no key update of g
)sql"};

inline constexpr Query<Group(std::optional<ProgramId>, std::optional<GroupId>, std::int64_t)>
    list_groups{R"sql(
    select g.id, g.program_id, g.name, g.description,
           (select count(*) from enrolments e where e.group_id = g.id) as partners, g.created_at,
           g.updated_at
    from groups g
    where ($1::bigint is null or g.program_id = $1) and ($2::bigint is null or g.id > $2)
    order by g.id
    limit $3
)sql"};

inline constexpr Query<std::int64_t(ProgramId)> count_groups{R"sql(
    select count(*) from groups where program_id = $1
)sql"};

/// No row when the name is taken.
inline constexpr Query<GroupId(ProgramId, Line<100>, std::optional<Line<500>>, Instant)>
    insert_group{R"sql(
    insert into groups (program_id, name, description, created_at, updated_at)
    values ($1, $2, $3, $4, $4)
    on conflict (program_id, lower(name)) do nothing
    returning id
)sql"};

inline constexpr Query<Nothing(GroupId, Line<100>, std::optional<Line<500>>, Instant)> change_group{
    R"sql(
    update groups set name = $2, description = $3, updated_at = $4 where id = $1
)sql"};

// Enrolments.

/// No row when the user takes part already.
inline constexpr Query<EnrolmentId(ProgramId, UserId, std::optional<GroupId>, EnrolmentStatus,
                                   std::optional<Line<500>>, Instant)>
    insert_enrolment{R"sql(
    insert into enrolments (program_id, user_id, group_id, status, reason, since, created_at,
                            updated_at)
    values ($1, $2, $3, $4, $5, $6, $6, $6)
    on conflict (program_id, user_id) do nothing
    returning id
)sql"};

inline constexpr Query<Nothing(EnrolmentId, Instant, Instant, EnrolmentStatus,
                               std::optional<Line<500>>, std::optional<UserId>)>
    add_change{R"sql(
    insert into enrolment_changes (enrolment_id, since, counts_from, status, reason, by)
    values ($1, $2, $3, $4, $5, $6)
)sql"};

inline constexpr Query<Nothing(EnrolmentId, Instant, std::optional<GroupId>, std::optional<UserId>)>
    add_move{R"sql(
    insert into enrolment_groups (enrolment_id, counts_from, group_id, by) values ($1, $2, $3, $4)
)sql"};

inline constexpr Query<Enrolment(EnrolmentId, Owner)> find_enrolment{R"sql(
    select e.id, e.program_id, p.name as program_name, e.user_id, u.name as user_name, e.group_id,
           g.name as group_name, e.status, e.since, e.reason, e.created_at, e.updated_at
    from enrolments e
    join programs p on p.id = e.program_id
    join users u on u.id = e.user_id
    left join groups g on g.id = e.group_id
    where e.id = $1 and ($2::bigint is null or e.user_id = $2)
)sql"};

/// Locks the row.
inline constexpr Query<Enrolment(EnrolmentId, Owner)> find_enrolment_for_change{R"sql(
    select e.id, e.program_id, p.name as program_name, e.user_id, u.name as user_name, e.group_id,
           g.name as group_name, e.status, e.since, e.reason, e.created_at, e.updated_at
    from enrolments e
    join programs p on p.id = e.program_id
    join users u on u.id = e.user_id
    left join groups g on g.id = e.group_id
    where e.id = $1 and ($2::bigint is null or e.user_id = $2)
    for no key update of e
)sql"};

inline constexpr Query<EnrolmentId(ProgramId, UserId)> enrolment_of{R"sql(
    select id from enrolments where program_id = $1 and user_id = $2
)sql"};

inline constexpr Query<Enrolment(std::vector<UserId>)> enrolments_of{R"sql(
    select e.id, e.program_id, p.name as program_name, e.user_id, u.name as user_name, e.group_id,
           g.name as group_name, e.status, e.since, e.reason, e.created_at, e.updated_at
    from enrolments e
    join programs p on p.id = e.program_id
    join users u on u.id = e.user_id
    left join groups g on g.id = e.group_id
    where e.user_id = any ($1)
    order by e.id
    limit 1000
)sql"};

inline constexpr Query<Enrolment(Owner, std::optional<ProgramId>, std::optional<UserId>,
                                 std::optional<GroupId>, std::optional<EnrolmentStatus>,
                                 std::optional<std::string>, std::optional<Instant>,
                                 std::optional<EnrolmentId>, std::int64_t)>
    list_enrolments{R"sql(
    select e.id, e.program_id, p.name as program_name, e.user_id, u.name as user_name, e.group_id,
           g.name as group_name, e.status, e.since, e.reason, e.created_at, e.updated_at
    from enrolments e
    join programs p on p.id = e.program_id
    join users u on u.id = e.user_id
    left join groups g on g.id = e.group_id
    where ($1::bigint is null or e.user_id = $1) and ($2::bigint is null or e.program_id = $2)
      and ($3::bigint is null or e.user_id = $3) and ($4::bigint is null or e.group_id = $4)
      and ($5::text is null or e.status = $5)
      and ($6::text is null or strpos(lower(u.name), lower($6)) > 0
           or strpos(lower(u.email), lower($6)) > 0)
      and ($8::bigint is null or (e.created_at, e.id) < ($7::timestamptz, $8))
    order by e.created_at desc, e.id desc
    limit $9
)sql"};

inline constexpr Query<EnrolmentChange(EnrolmentId)> changes_of{R"sql(
    select c.since, c.counts_from, c.status, c.reason, c.by, u.name as by_name
    from enrolment_changes c left join users u on u.id = c.by
    where c.enrolment_id = $1
    order by c.id
    limit 1000
)sql"};

/// Never before the state it ends, whatever the clock says.
inline constexpr Query<Instant(EnrolmentId, Instant)> next_since{R"sql(
    select greatest($2::timestamptz, max(since)) from enrolment_changes where enrolment_id = $1
)sql"};

inline constexpr Query<Nothing(EnrolmentId, EnrolmentStatus, std::optional<Line<500>>, Instant)>
    set_status{R"sql(
    update enrolments set status = $2, reason = $3, since = $4, updated_at = $4 where id = $1
)sql"};

inline constexpr Query<Nothing(EnrolmentId, std::optional<GroupId>, Instant)> set_group{R"sql(
    update enrolments set group_id = $2, updated_at = $3 where id = $1
)sql"};

// What attribution and rules ask for.

inline constexpr Query<std::tuple<UserId, EnrolmentId, std::optional<GroupId>, EnrolmentStatus>(
    ProgramId, std::vector<UserId>)>
    memberships{R"sql(
    select user_id, id, group_id, status from enrolments
    where program_id = $1 and user_id = any ($2)
    order by id
    limit 1000
)sql"};

/// Of changes that count from one instant on, the last.
inline constexpr Query<std::tuple<EnrolmentId, Instant, EnrolmentStatus>(std::vector<EnrolmentId>)>
    status_history{R"sql(
    select distinct on (enrolment_id, counts_from) enrolment_id, counts_from, status
    from enrolment_changes
    where enrolment_id = any ($1)
    order by enrolment_id, counts_from, id desc
    limit 100000
)sql"};

inline constexpr Query<std::tuple<EnrolmentId, Instant, std::optional<GroupId>>(
    std::vector<EnrolmentId>)>
    group_history{R"sql(
    select distinct on (enrolment_id, counts_from) enrolment_id, counts_from, group_id
    from enrolment_groups
    where enrolment_id = any ($1)
    order by enrolment_id, counts_from, id desc
    limit 100000
)sql"};

}  // namespace referral::partners::sql
