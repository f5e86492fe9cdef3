#pragma once

/// Statements about partners. They read users, of whom partners are some, and the code of their
/// first link, and only read.

#include "partners/profile_schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::partners::sql {

using db::Nothing, db::Query;

inline constexpr Query<StoredPartner(UserId, std::optional<std::int64_t>)> find_partner{R"sql(
    select u.id, u.id as user_id, u.email, u.name, u.status, coalesce(p.kind, 'person') as kind,
           p.company, p.country, p.website, p.audience, p.mc_number, p.dot_number, p.referred_by,
           r.name as referred_by_name,
           (select l.code from referral_links l where l.user_id = u.id
            order by l.created_at, l.id limit 1) as code,
           u.created_at, coalesce(p.updated_at, u.updated_at) as updated_at
    from users u
    left join partners p on p.user_id = u.id
    left join users r on r.id = p.referred_by
    where u.id = $1 and u.role = 'partner' and ($2::bigint is null or u.id = $2)
)sql"};

inline constexpr Query<StoredPartner(std::optional<std::int64_t>, std::optional<std::string>,
                                     std::optional<ProgramId>, std::optional<GroupId>,
                                     std::optional<EnrolmentStatus>, std::optional<UserId>,
                                     std::optional<Instant>, std::optional<UserId>, std::int64_t)>
    list_partners{R"sql(
    select u.id, u.id as user_id, u.email, u.name, u.status, coalesce(p.kind, 'person') as kind,
           p.company, p.country, p.website, p.audience, p.mc_number, p.dot_number, p.referred_by,
           r.name as referred_by_name,
           (select l.code from referral_links l where l.user_id = u.id
            order by l.created_at, l.id limit 1) as code,
           u.created_at, coalesce(p.updated_at, u.updated_at) as updated_at
    from users u
    left join partners p on p.user_id = u.id
    left join users r on r.id = p.referred_by
    where u.role = 'partner' and ($1::bigint is null or u.id = $1)
      and ($2::text is null or strpos(lower(u.name), lower($2)) > 0
           or strpos(lower(u.email), lower($2)) > 0 or strpos(lower(p.company), lower($2)) > 0
           or p.mc_number = $2 or p.dot_number = $2)
      and (($3::bigint is null and $4::bigint is null and $5::text is null)
           or exists (select from enrolments e
                      where e.user_id = u.id and ($3::bigint is null or e.program_id = $3)
                        and ($4::bigint is null or e.group_id = $4)
                        and ($5::text is null or e.status = $5)))
      and ($6::bigint is null or p.referred_by = $6)
      and ($8::bigint is null or (u.created_at, u.id) < ($7::timestamptz, $8))
    order by u.created_at desc, u.id desc
    limit $9
)sql"};

/// Touches no row when there is a profile already.
inline constexpr Query<Nothing(UserId, Kind, Instant)> insert_profile{R"sql(
    insert into partners (user_id, kind, created_at, updated_at) values ($1, $2, $3, $3)
    on conflict (user_id) do nothing
)sql"};

/// Locks the row.
inline constexpr Query<UserId(UserId)> lock_profile{R"sql(
    select user_id from partners where user_id = $1 for no key update
)sql"};

inline constexpr Query<Nothing(UserId, Kind, std::optional<Line<100>>, std::optional<Country>,
                               std::optional<Url>, std::optional<Prose<1'000>>,
                               std::optional<CarrierNumber>, std::optional<CarrierNumber>,
                               std::optional<UserId>, Instant)>
    change_profile{R"sql(
    update partners
    set kind = $2, company = $3, country = $4, website = $5, audience = $6, mc_number = $7,
        dot_number = $8, referred_by = $9, updated_at = $10
    where user_id = $1
)sql"};

inline constexpr Query<Nothing(UserId, std::optional<UserId>, Instant, UserId)> add_referrer{R"sql(
    insert into partner_referrers (user_id, referred_by, counts_from, by) values ($1, $2, $3, $4)
)sql"};

/// Those who change who referred whom wait for each other: two at once could close a circle.
inline constexpr Query<bool()> lock_referrers{R"sql(
    select pg_advisory_xact_lock(hashtext('partners.referred_by'), 0) is not null
)sql"};

/// Whether $2 was referred by $1, by one whom it referred, and so on.
inline constexpr Query<bool(UserId, UserId)> is_below{R"sql(
    with recursive line (user_id) as (
        select p.referred_by from partners p where p.user_id = $2 and p.referred_by is not null
        union
        select p.referred_by from line l join partners p on p.user_id = l.user_id
        where p.referred_by is not null
    )
    select exists (select from line where user_id = $1)
)sql"};

inline constexpr Query<UserId(UserId, std::int64_t)> upline{R"sql(
    with recursive line (level, user_id) as (
        select 1, p.referred_by from partners p
        where p.user_id = $1 and p.referred_by is not null and $2 > 0
        union all
        select l.level + 1, p.referred_by from line l join partners p on p.user_id = l.user_id
        where p.referred_by is not null and l.level < $2
    )
    select user_id from line order by level limit 100
)sql"};

inline constexpr Query<UserId(UserId, std::int64_t, Instant)> upline_at{R"sql(
    with recursive line (level, user_id) as (
        select 0, $1::bigint
        union all
        select l.level + 1,
               (select r.referred_by from partner_referrers r
                where r.user_id = l.user_id and r.counts_from <= $3
                order by r.id desc limit 1)
        from line l
        where l.level < $2 and l.user_id is not null
    )
    select user_id from line where level > 0 and user_id is not null order by level limit 100
)sql"};

inline constexpr Query<Contact(UserId)> contact{R"sql(
    select u.email, p.company, p.website, p.mc_number, p.dot_number
    from users u left join partners p on p.user_id = u.id
    where u.id = $1 and u.role = 'partner'
)sql"};

/// Who has the role and no profile yet.
inline constexpr Query<UserId()> newcomers{R"sql(
    select u.id from users u
    where u.role = 'partner' and u.status <> 'disabled'
      and not exists (select from partners p where p.user_id = u.id)
    order by u.id limit 1000
)sql"};

}  // namespace referral::partners::sql
