#pragma once

#include "base/ip_address.hpp"
#include "partners/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::partners::sql {

using db::Nothing, db::Query;

inline constexpr Query<StoredTerms()> current_terms{R"sql(
    select version, text, published_at from terms order by version desc limit 1
)sql"};

/// Nothing when another version is next.
inline constexpr Query<StoredTerms(std::int64_t, Prose<100'000>, Instant)> insert_terms{R"sql(
    insert into terms (version, text, published_at)
    select $1::integer, $2, $3 where $1::integer = (select max(version) + 1 from terms)
    on conflict do nothing
    returning version, text, published_at
)sql"};

inline constexpr Query<OwnTerms(UserId)> own_terms{R"sql(
    select t.version, t.text, t.published_at, a.accepted_at
    from terms t
    left join terms_acceptances a on a.version = t.version and a.user_id = $1
    order by t.version desc limit 1
)sql"};

/// Touches no row when they were accepted before.
inline constexpr Query<Nothing(UserId, std::int64_t, Instant, IpAddress)> accept_terms{R"sql(
    insert into terms_acceptances (user_id, version, accepted_at, ip) values ($1, $2, $3, $4)
    on conflict do nothing
)sql"};

inline constexpr Query<ApplicationId(Email, Line<100>, Kind, std::optional<Line<100>>, Country,
                                     std::optional<Url>, std::optional<Prose<1'000>>,
                                     std::optional<CarrierNumber>, std::optional<CarrierNumber>,
                                     std::int64_t, IpAddress, std::string, Instant)>
    insert{R"sql(
    insert into partner_applications (email, name, kind, company, country, website, audience,
                                      mc_number, dot_number, terms_version, ip, password_hash,
                                      created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    returning id
)sql"};

inline constexpr Query<Application(ApplicationId)> find{R"sql(
    select id, email, name, kind, company, country, website, audience, mc_number, dot_number,
           terms_version, host(ip) as ip, status, reason, decided_by, decided_at, user_id,
           created_at, verified_at
    from partner_applications where id = $1
)sql"};

inline constexpr Query<Application(ApplicationId)> find_for_change{R"sql(
    select id, email, name, kind, company, country, website, audience, mc_number, dot_number,
           terms_version, host(ip) as ip, status, reason, decided_by, decided_at, user_id,
           created_at, verified_at
    from partner_applications where id = $1 for update
)sql"};

/// The newest that nobody has verified.
inline constexpr Query<Application(Email)> find_unverified{R"sql(
    select id, email, name, kind, company, country, website, audience, mc_number, dot_number,
           terms_version, host(ip) as ip, status, reason, decided_by, decided_at, user_id,
           created_at, verified_at
    from partner_applications
    where lower(email) = lower($1) and status = 'unverified'
    order by created_at desc, id desc limit 1
)sql"};

inline constexpr Query<Application(std::optional<ApplicationStatus>, std::optional<std::string>,
                                   std::optional<Instant>, std::optional<ApplicationId>,
                                   std::int64_t)>
    list{R"sql(
    select id, email, name, kind, company, country, website, audience, mc_number, dot_number,
           terms_version, host(ip) as ip, status, reason, decided_by, decided_at, user_id,
           created_at, verified_at
    from partner_applications
    where (status = $1 or ($1::text is null and status <> 'unverified'))
      and ($2::text is null or strpos(lower(email), lower($2)) > 0
           or strpos(lower(name), lower($2)) > 0 or strpos(lower(company), lower($2)) > 0)
      and ($4::bigint is null or (created_at, id) < ($3::timestamptz, $4))
    order by created_at desc, id desc
    limit $5
)sql"};

inline constexpr Query<bool(Email)> is_waiting{R"sql(
    select exists (select from partner_applications
                   where lower(email) = lower($1) and status = 'waiting')
)sql"};

/// Touches no row when it is not unverified any more, or another of the address waits.
inline constexpr Query<Nothing(ApplicationId, Instant)> verify{R"sql(
    update partner_applications a set status = 'waiting', verified_at = $2
    where id = $1 and status = 'unverified'
      and not exists (select from partner_applications other
                      where lower(other.email) = lower(a.email) and other.status = 'waiting')
)sql"};

inline constexpr Query<std::string(ApplicationId)> password_hash{R"sql(
    select password_hash from partner_applications where id = $1
)sql"};

inline constexpr Query<Nothing(ApplicationId, ApplicationStatus, std::optional<std::string>, UserId,
                               std::optional<UserId>, Instant)>
    decide{R"sql(
    update partner_applications
    set status = $2, reason = $3, decided_by = $4, user_id = $5, decided_at = $6,
        password_hash = null
    where id = $1
)sql"};

inline constexpr Query<Nothing(ApplicationId, UserId, Instant)> insert_partner{R"sql(
    insert into partners (user_id, kind, company, country, website, audience, mc_number, dot_number,
                          created_at, updated_at)
    select $2, kind, company, country, website, audience, mc_number, dot_number, $3, $3
    from partner_applications where id = $1
)sql"};

inline constexpr Query<Nothing(ApplicationId, UserId)> insert_acceptance{R"sql(
    insert into terms_acceptances (user_id, version, accepted_at, ip)
    select $2, terms_version, created_at, ip from partner_applications where id = $1
)sql"};

inline constexpr Query<Nothing(Instant)> delete_unverified{R"sql(
    delete from partner_applications where status = 'unverified' and created_at <= $1
)sql"};

}  // namespace referral::partners::sql
