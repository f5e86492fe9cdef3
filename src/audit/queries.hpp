#pragma once

/// Every statement of this folder. `list` and `get` read `users`, for names only.

#include "audit/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::audit::sql {

using db::Nothing, db::Query;
using Json = std::optional<schema::json::value>;
using OptionalText = std::optional<std::string>;
using OptionalNumber = std::optional<std::int64_t>;

/// The row, and its place in the queue for the chain.
inline constexpr Query<Nothing(Instant, OptionalNumber, OptionalNumber, OptionalNumber,
                               OptionalText, std::string, std::string, std::string, Json, Json,
                               OptionalText, std::optional<IpAddress>, OptionalText)>
    insert{R"sql(
    with added as (
        insert into audit_logs (created_at, user_id, acting_as, api_key_id, job, action,
                                object_type, object_id, before, after, reason, ip, request_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        returning id
    )
    insert into audit_unchained (audit_id) select id from added
)sql"};

inline constexpr Query<bool()> try_lock_chain{"select pg_try_advisory_xact_lock(7305214902)"};

/// The chain's end and its hash.
inline constexpr Query<std::tuple<std::int64_t, std::string>()> head{R"sql(
    select sequence, encode(hash, 'hex') from audit_chain order by sequence desc limit 1
)sql"};

constexpr std::int64_t unchained_rows_max = 1'000;

/// Rows that wait for the chain: number, time and canonical form. That form stands here and in
/// `chain_page`, and changes in neither: hashes of years are made of it. A function in the database
/// would be one place, but one that whoever changes rows there could change as well.
inline constexpr Query<std::tuple<std::int64_t, std::string, std::string>()> unchained{R"sql(
    select a.id, a.created_at::text,
           json_build_array(a.id, a.created_at::text, a.user_id, a.acting_as, a.api_key_id, a.job,
                            a.action, a.object_type, a.object_id, a.before::text, a.after::text,
                            a.reason, a.ip::text, a.request_id)::text
    from audit_unchained u join audit_logs a on a.id = u.audit_id
    order by a.id
    limit 1000
)sql"};

/// Sequences, row numbers, row hashes and hashes, these in hexadecimal.
inline constexpr Query<Nothing(std::vector<std::int64_t>, std::vector<std::int64_t>,
                               std::vector<std::string>, std::vector<std::string>)>
    insert_chained{R"sql(
    insert into audit_chain (sequence, audit_id, created_at, row_hash, hash)
    select added.sequence, added.audit_id, a.created_at, decode(added.row_hash, 'hex'),
           decode(added.hash, 'hex')
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
             as added (sequence, audit_id, row_hash, hash)
    join audit_logs a on a.id = added.audit_id
)sql"};

inline constexpr Query<Nothing(std::vector<std::int64_t>)> delete_unchained{R"sql(
    delete from audit_unchained where audit_id = any ($1)
)sql"};

inline constexpr Query<std::int64_t(std::int64_t)> expire{R"sql(
    select expire_audit_logs($1::bigint::integer)
)sql"};

constexpr std::int64_t chain_page_rows = 5'000;

/// A place of the chain: sequence, row number, time, row hash, hash, whether its row may be gone
/// for age, and the row's canonical form, when it is there.
using ChainPageRow = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string,
                                bool, OptionalText>;

/// Places behind $1; rows before $2 need not be there.
inline constexpr Query<ChainPageRow(std::int64_t, Instant, std::int64_t)> chain_page{R"sql(
    select c.sequence, c.audit_id, c.created_at::text, encode(c.row_hash, 'hex'),
           encode(c.hash, 'hex'), c.created_at < $2,
           case when a.id is not null then
               json_build_array(a.id, a.created_at::text, a.user_id, a.acting_as, a.api_key_id,
                                a.job, a.action, a.object_type, a.object_id, a.before::text,
                                a.after::text, a.reason, a.ip::text, a.request_id)::text end
    from audit_chain c left join audit_logs a on a.id = c.audit_id
    where c.sequence > $1
    order by c.sequence
    limit $3
)sql"};

inline constexpr Query<std::tuple<std::int64_t, std::string>(std::int64_t)> chain_place{R"sql(
    select audit_id, encode(hash, 'hex') from audit_chain where sequence = $1
)sql"};

/// A row of these numbers that neither is in the chain nor waits for it.
inline constexpr Query<std::int64_t(std::int64_t, std::int64_t)> smuggled{R"sql(
    select a.id from audit_logs a
    where a.id > $1 and a.id <= $2
      and not exists (select from audit_chain c where c.audit_id = a.id)
      and not exists (select from audit_unchained u where u.audit_id = a.id)
    order by a.id
    limit 1
)sql"};

/// What waits for the chain and is not there any more.
inline constexpr Query<std::int64_t()> vanished{R"sql(
    select u.audit_id from audit_unchained u
    where not exists (select from audit_logs a where a.id = u.audit_id)
    order by u.audit_id
    limit 1
)sql"};

/// The first place whose row came after row $1.
inline constexpr Query<std::optional<std::int64_t>(std::int64_t)> place_after{R"sql(
    select min(sequence) from audit_chain where audit_id > $1
)sql"};

inline constexpr Query<std::int64_t()> count_unchained{R"sql(
    select count(*) from audit_unchained
)sql"};

inline constexpr Query<AuditLog(std::int64_t)> get{R"sql(
    select a.id, a.created_at, a.user_id, u.name as user_name, a.acting_as, a.api_key_id, a.job,
           a.action, a.object_type, a.object_id, a.before, a.after, a.reason, host(a.ip) as ip,
           a.request_id, c.sequence
    from audit_logs a
    left join users u on u.id = a.user_id
    left join audit_chain c on c.audit_id = a.id
    where a.id = $1
)sql"};

/// Newest first. User, what the action begins with (as a pattern of LIKE), kind and id of the
/// object, from, to, request, the last row's time and number, how many.
inline constexpr Query<AuditLog(OptionalNumber, OptionalText, OptionalText, OptionalText,
                                std::optional<Instant>, std::optional<Instant>, OptionalText,
                                std::optional<Instant>, OptionalNumber, std::int64_t)>
    list{R"sql(
    select a.id, a.created_at, a.user_id, u.name as user_name, a.acting_as, a.api_key_id, a.job,
           a.action, a.object_type, a.object_id, a.before, a.after, a.reason, host(a.ip) as ip,
           a.request_id, c.sequence
    from audit_logs a
    left join users u on u.id = a.user_id
    left join audit_chain c on c.audit_id = a.id
    where ($1::bigint is null or a.user_id = $1)
      and ($2::text is null or a.action like $2)
      and ($3::text is null or a.object_type = $3)
      and ($4::text is null or a.object_id = $4)
      and ($5::timestamptz is null or a.created_at >= $5)
      and ($6::timestamptz is null or a.created_at < $6)
      and ($7::text is null or a.request_id = $7)
      and ($9::bigint is null or (a.created_at, a.id) < ($8::timestamptz, $9))
    order by a.created_at desc, a.id desc
    limit $10
)sql"};

}  // namespace referral::audit::sql
