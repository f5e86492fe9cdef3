#pragma once

/// Every statement of this folder. One of them, `shown`, reads tables of others, and only reads: a
/// list of links shows its owners' names (users) and its totals (link_totals, which clicks keeps),
/// and asking for them link by link would cost a hundred statements a page. `by_clicks` and
/// `by_unique_clicks` sort by those totals.

#include "links/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::links::sql {

using db::Nothing, db::Query;

/// Whose rows a statement may touch: a user's, or nothing for everybody's.
using Owner = std::optional<std::int64_t>;

/// No row when the code, or one that looks like it, is taken: the unique index decides.
inline constexpr Query<LinkId(
    UserId, ProgramId, std::string, std::string, Url, std::optional<Line<100>>,
    std::optional<Instant>, std::optional<Instant>, std::optional<VisitsMax>,
    std::optional<std::string>, std::optional<Utm>, std::vector<Target>, bool, Instant)>
    insert{R"sql(
    insert into referral_links (user_id, program_id, code, code_key, destination_url, name,
                                starts_at, expires_at, visits_max, password_hash, utm, targets,
                                pass_params, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
    on conflict (code_key) do nothing
    returning id
)sql"};

/// Locks the row.
inline constexpr Query<LinkTerms(LinkId, Owner, Instant)> terms{R"sql(
    select user_id, program_id, destination_url, name, starts_at, expires_at, visits_max,
           password_hash, utm, targets, pass_params,
           link_status(status, expires_at, visits_max, visits, $3) as status
    from referral_links
    where id = $1 and ($2::bigint is null or user_id = $2)
    for update
)sql"};

inline constexpr Query<Nothing(LinkId, Owner, UserId, ProgramId, Url, std::optional<Line<100>>,
                               std::optional<Instant>, std::optional<Instant>,
                               std::optional<VisitsMax>, std::optional<std::string>,
                               std::optional<Utm>, std::vector<Target>, bool, Instant)>
    change{R"sql(
    update referral_links
    set user_id = $3, program_id = $4, destination_url = $5, name = $6, starts_at = $7,
        expires_at = $8, visits_max = $9, password_hash = $10, utm = $11, targets = $12,
        pass_params = $13, updated_at = $14
    where id = $1 and ($2::bigint is null or user_id = $2)
)sql"};

inline constexpr Query<Nothing(LinkId, Owner, Status, Instant)> set_status{R"sql(
    update referral_links
    set status = $3, updated_at = $4
    where id = $1 and ($2::bigint is null or user_id = $2)
)sql"};

/// Links as the API shows them, in no order. $4 is what stands before the code in an address.
inline constexpr Query<Link(std::vector<LinkId>, Owner, Instant, std::string)> shown{R"sql(
    select l.id, l.code, $4::text || l.code as short_url, l.destination_url,
           link_status(l.status, l.expires_at, l.visits_max, l.visits, $3) as status,
           l.program_id, l.user_id, u.name as user_name, l.name, l.starts_at, l.expires_at,
           l.visits_max, l.password_hash is not null as has_password, l.utm, l.targets,
           l.pass_params, l.created_at, l.updated_at, coalesce(t.clicks, 0) as clicks,
           coalesce(t.unique_clicks, 0) as unique_clicks, t.last_clicked_at
    from referral_links l
    join users u on u.id = l.user_id
    left join link_totals t on t.link_id = l.id
    where l.id = any ($1) and ($2::bigint is null or l.user_id = $2)
    limit 201
)sql"};

/// What the statements below take: owner, status, program, user, the time it is, q as a prefix of
/// keys and as a pattern of texts (both escaped for LIKE), the last row's sort key and id, and how
/// many rows. They give ids with sort keys.
template <class Key>
using Ids = Query<std::tuple<LinkId, Key>(Owner, std::optional<Status>, std::optional<ProgramId>,
                                          std::optional<UserId>, Instant,
                                          std::optional<std::string>, std::optional<std::string>,
                                          std::optional<Key>, std::optional<LinkId>, std::int64_t)>;

inline constexpr Ids<Instant> newest_first{R"sql(
    select l.id, l.created_at
    from referral_links l
    where ($1::bigint is null or l.user_id = $1)
      and ($2::text is null or link_status(l.status, l.expires_at, l.visits_max, l.visits, $5) = $2)
      and ($2::text is null or $2 = 'active' or l.status <> 'active' or l.expires_at is not null
           or l.visits_max is not null)
      and ($3::bigint is null or l.program_id = $3)
      and ($4::bigint is null or l.user_id = $4)
      and (($6::text is null and $7::text is null) or l.code_key like $6
           or lower(coalesce(l.name, '') || ' ' || l.destination_url) like lower($7))
      and ($9::bigint is null or (l.created_at, l.id) < ($8::timestamptz, $9))
    order by l.created_at desc, l.id desc
    limit $10
)sql"};

inline constexpr Ids<Instant> oldest_first{R"sql(
    select l.id, l.created_at
    from referral_links l
    where ($1::bigint is null or l.user_id = $1)
      and ($2::text is null or link_status(l.status, l.expires_at, l.visits_max, l.visits, $5) = $2)
      and ($2::text is null or $2 = 'active' or l.status <> 'active' or l.expires_at is not null
           or l.visits_max is not null)
      and ($3::bigint is null or l.program_id = $3)
      and ($4::bigint is null or l.user_id = $4)
      and (($6::text is null and $7::text is null) or l.code_key like $6
           or lower(coalesce(l.name, '') || ' ' || l.destination_url) like lower($7))
      and ($9::bigint is null or (l.created_at, l.id) > ($8::timestamptz, $9))
    order by l.created_at, l.id
    limit $10
)sql"};

inline constexpr Ids<std::int64_t> by_clicks{R"sql(
    select l.id, coalesce(t.clicks, 0)
    from referral_links l left join link_totals t on t.link_id = l.id
    where ($1::bigint is null or l.user_id = $1)
      and ($2::text is null or link_status(l.status, l.expires_at, l.visits_max, l.visits, $5) = $2)
      and ($2::text is null or $2 = 'active' or l.status <> 'active' or l.expires_at is not null
           or l.visits_max is not null)
      and ($3::bigint is null or l.program_id = $3)
      and ($4::bigint is null or l.user_id = $4)
      and (($6::text is null and $7::text is null) or l.code_key like $6
           or lower(coalesce(l.name, '') || ' ' || l.destination_url) like lower($7))
      and ($9::bigint is null or (coalesce(t.clicks, 0), l.id) < ($8::bigint, $9))
    order by coalesce(t.clicks, 0) desc, l.id desc
    limit $10
)sql"};

inline constexpr Ids<std::int64_t> by_unique_clicks{R"sql(
    select l.id, coalesce(t.unique_clicks, 0)
    from referral_links l left join link_totals t on t.link_id = l.id
    where ($1::bigint is null or l.user_id = $1)
      and ($2::text is null or link_status(l.status, l.expires_at, l.visits_max, l.visits, $5) = $2)
      and ($2::text is null or $2 = 'active' or l.status <> 'active' or l.expires_at is not null
           or l.visits_max is not null)
      and ($3::bigint is null or l.program_id = $3)
      and ($4::bigint is null or l.user_id = $4)
      and (($6::text is null and $7::text is null) or l.code_key like $6
           or lower(coalesce(l.name, '') || ' ' || l.destination_url) like lower($7))
      and ($9::bigint is null or (coalesce(t.unique_clicks, 0), l.id) < ($8::bigint, $9))
    order by coalesce(t.unique_clicks, 0) desc, l.id desc
    limit $10
)sql"};

inline constexpr Ids<std::string> by_code{R"sql(
    select l.id, l.code_key
    from referral_links l
    where ($1::bigint is null or l.user_id = $1)
      and ($2::text is null or link_status(l.status, l.expires_at, l.visits_max, l.visits, $5) = $2)
      and ($2::text is null or $2 = 'active' or l.status <> 'active' or l.expires_at is not null
           or l.visits_max is not null)
      and ($3::bigint is null or l.program_id = $3)
      and ($4::bigint is null or l.user_id = $4)
      and (($6::text is null and $7::text is null) or l.code_key like $6
           or lower(coalesce(l.name, '') || ' ' || l.destination_url) like lower($7))
      and ($9::bigint is null or (l.code_key, l.id) > ($8::text, $9))
    order by l.code_key, l.id
    limit $10
)sql"};

inline constexpr Ids<std::string> by_name{R"sql(
    select l.id, lower(coalesce(l.name, ''))
    from referral_links l
    where ($1::bigint is null or l.user_id = $1)
      and ($2::text is null or link_status(l.status, l.expires_at, l.visits_max, l.visits, $5) = $2)
      and ($2::text is null or $2 = 'active' or l.status <> 'active' or l.expires_at is not null
           or l.visits_max is not null)
      and ($3::bigint is null or l.program_id = $3)
      and ($4::bigint is null or l.user_id = $4)
      and (($6::text is null and $7::text is null) or l.code_key like $6
           or lower(coalesce(l.name, '') || ' ' || l.destination_url) like lower($7))
      and ($9::bigint is null or (lower(coalesce(l.name, '')), l.id) > ($8::text, $9))
    order by lower(coalesce(l.name, '')), l.id
    limit $10
)sql"};

/// Visits of limited links, counted by the classes of stored clicks.
inline constexpr Query<Nothing(std::vector<LinkId>, std::vector<std::int64_t>)> add_visits{R"sql(
    update referral_links l
    set visits = l.visits + counted.visits
    from unnest($1::bigint[], $2::bigint[]) as counted (link_id, visits)
    where l.id = counted.link_id and l.visits_max is not null
)sql"};

// For the directory, which knows every link of everybody.

/// Where the change log stands. What is asked after this in the same transaction sees at least all
/// that ended below `xid`.
inline constexpr Query<Horizon()> horizon{R"sql(
    select system.system_identifier::text || ':' || checkpoint.timeline_id || ':' || d.oid
               as database,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next_xid,
           now() as at
    from pg_control_system() system, pg_control_checkpoint() checkpoint, pg_database d
    where d.datname = current_database()
)sql"};

/// Changes whose transaction is `$1` or later, after the one at ($2, $3).
inline constexpr Query<Change(std::int64_t, std::int64_t, std::int64_t)> changes{R"sql(
    select id, xid::text::bigint as xid, link_id, program_id
    from link_changes
    where xid >= $1::text::xid8 and (xid, id) > ($2::text::xid8, $3)
    order by xid, id
    limit 20000
)sql"};

inline constexpr Query<StoredLink(LinkId)> stored_after{R"sql(
    select id, user_id, program_id, code, destination_url, status, starts_at, expires_at,
           visits_max, visits, password_hash, utm, targets, pass_params
    from referral_links
    where id > $1
    order by id
    limit 20000
)sql"};

inline constexpr Query<StoredLink(std::vector<LinkId>)> stored{R"sql(
    select id, user_id, program_id, code, destination_url, status, starts_at, expires_at,
           visits_max, visits, password_hash, utm, targets, pass_params
    from referral_links
    where id = any ($1)
    limit 5000
)sql"};

inline constexpr Query<std::string()> tell_others{R"sql(
    select pg_notify('link_changes', '')
)sql"};

inline constexpr Query<Nothing(Instant)> forget_changes{R"sql(
    with oldest as (
        select id, changed_at from link_changes order by id limit 10000
    )
    delete from link_changes c using oldest
    where c.id = oldest.id and oldest.changed_at < $1
)sql"};

}  // namespace referral::links::sql
