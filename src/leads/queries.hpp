#pragma once

/// Every statement of this folder. Those that show leads read the names of users, and only read.

#include "leads/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::leads::sql {

using db::Nothing, db::Query;

/// Whose rows a statement may touch: a user's, or nothing for everybody's.
using Owner = std::optional<std::int64_t>;

inline constexpr Query<LeadId(
    ProgramId, UserId, Line<200>, std::optional<Line<100>>, std::optional<Email>,
    std::optional<std::string>, std::optional<Line<40>>, std::optional<Domain>,
    std::optional<CarrierNumber>, std::optional<CarrierNumber>, std::optional<Country>,
    std::optional<Prose<1'000>>, Instant, UserId, Instant)>
    insert{R"sql(
    insert into leads (program_id, user_id, company, name, email, mailbox, phone, domain, mc_number,
                       dot_number, country, note, status, registered_at, created_by, created_at,
                       updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $13, $14, $15, $15)
    returning id
)sql"};

inline constexpr Query<Lead(LeadId, Owner)> find{R"sql(
    select l.id, l.program_id, l.user_id, u.name as user_name, l.company, l.name, l.email, l.phone,
           l.domain, l.mc_number, l.dot_number, l.country, l.note, l.status, l.reason,
           l.registered_at, l.protected_until, l.customer_id, l.account_id, l.decided_by,
           l.decided_at, l.converted_at, l.created_at, l.updated_at
    from leads l join users u on u.id = l.user_id
    where l.id = $1 and ($2::bigint is null or l.user_id = $2)
)sql"};

/// Locks the row.
inline constexpr Query<Lead(LeadId)> find_for_change{R"sql(
    select l.id, l.program_id, l.user_id, u.name as user_name, l.company, l.name, l.email, l.phone,
           l.domain, l.mc_number, l.dot_number, l.country, l.note, l.status, l.reason,
           l.registered_at, l.protected_until, l.customer_id, l.account_id, l.decided_by,
           l.decided_at, l.converted_at, l.created_at, l.updated_at
    from leads l join users u on u.id = l.user_id
    where l.id = $1
    for no key update of l
)sql"};

inline constexpr Query<Lead(Owner, std::optional<LeadStatus>, std::optional<ProgramId>,
                            std::optional<UserId>, std::optional<AccountId>,
                            std::optional<std::string>, std::optional<Instant>,
                            std::optional<LeadId>, std::int64_t)>
    list{R"sql(
    select l.id, l.program_id, l.user_id, u.name as user_name, l.company, l.name, l.email, l.phone,
           l.domain, l.mc_number, l.dot_number, l.country, l.note, l.status, l.reason,
           l.registered_at, l.protected_until, l.customer_id, l.account_id, l.decided_by,
           l.decided_at, l.converted_at, l.created_at, l.updated_at
    from leads l join users u on u.id = l.user_id
    where ($1::bigint is null or l.user_id = $1) and ($2::text is null or l.status = $2)
      and ($3::bigint is null or l.program_id = $3) and ($4::bigint is null or l.user_id = $4)
      and ($5::bigint is null or l.account_id = $5)
      and ($6::text is null or strpos(lower(l.company), lower($6)) > 0
           or strpos(lower(l.name), lower($6)) > 0 or strpos(lower(l.email), lower($6)) > 0
           or strpos(l.domain, lower($6)) > 0)
      and ($8::bigint is null or (l.created_at, l.id) < ($7::timestamptz, $8))
    order by l.created_at desc, l.id desc
    limit $9
)sql"};

/// By all that a company or a contact is recognised by; what is NULL recognises nobody.
inline constexpr Query<Lead(ProgramId, std::optional<CustomerId>, std::optional<AccountId>,
                            std::optional<std::string>, std::vector<std::string>,
                            std::optional<std::string>, std::optional<std::string>, std::int64_t)>
    matching{R"sql(
    select l.id, l.program_id, l.user_id, u.name as user_name, l.company, l.name, l.email, l.phone,
           l.domain, l.mc_number, l.dot_number, l.country, l.note, l.status, l.reason,
           l.registered_at, l.protected_until, l.customer_id, l.account_id, l.decided_by,
           l.decided_at, l.converted_at, l.created_at, l.updated_at
    from leads l join users u on u.id = l.user_id
    where l.program_id = $1
      and (l.customer_id = $2 or l.account_id = $3 or l.mailbox = $4 or l.domain = any ($5)
           or l.mc_number = $6 or l.dot_number = $7)
    order by l.registered_at, l.id
    limit $8
)sql"};

inline constexpr Query<std::int64_t(UserId)> count_waiting{R"sql(
    select count(*) from leads where user_id = $1 and status = 'waiting'
)sql"};

/// Those who accept leads of a program wait for each other: two of them might protect one company
/// for two partners.
inline constexpr Query<bool(ProgramId)> lock_accepting{R"sql(
    select pg_advisory_xact_lock(hashtext('leads.accept'), hashtext($1::bigint::text)) is not null
)sql"};

inline constexpr Query<Nothing(LeadId, std::optional<std::string>, Instant,
                               std::optional<CustomerId>, std::optional<AccountId>, UserId,
                               Instant)>
    accept{R"sql(
    update leads
    set status = 'accepted', reason = $2, protected_until = $3, customer_id = $4, account_id = $5,
        decided_by = $6, decided_at = $7, updated_at = $7
    where id = $1
)sql"};

inline constexpr Query<Nothing(LeadId, std::string, UserId, Instant)> reject{R"sql(
    update leads
    set status = 'rejected', reason = $2, protected_until = null, decided_by = $3, decided_at = $4,
        updated_at = $4
    where id = $1
)sql"};

inline constexpr Query<Nothing(LeadId, Instant, Instant)> convert{R"sql(
    update leads
    set status = 'converted', converted_at = least(converted_at, $2::timestamptz), updated_at = $3
    where id = $1 and status in ('accepted', 'expired', 'converted')
      and (status <> 'converted' or converted_at > $2)
)sql"};

/// Those whose protection is over; who else ends or changes them now is not waited for.
inline constexpr Query<LeadId(Instant)> expire{R"sql(
    update leads set status = 'expired', updated_at = $1
    where id in (select id from leads where status = 'accepted' and protected_until <= $1
                 order by protected_until limit 1000 for update skip locked)
    returning id
)sql"};

}  // namespace referral::leads::sql
