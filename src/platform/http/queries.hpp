#pragma once

#include "platform/db/query.hpp"
#include "platform/db/sql.hpp"

namespace referral::http::sql {

using db::Nothing, db::Query;

/// Whether nobody else is at this write; held until the transaction ends.
inline constexpr Query<bool(std::int64_t)> lock_write{R"sql(
    select pg_try_advisory_xact_lock($1)
)sql"};

/// Request's hash, status and sealed answer of a write that was done.
inline constexpr Query<std::tuple<std::string, std::int32_t, std::string>(std::int64_t, std::string,
                                                                          Instant)>
    find_write{R"sql(
    select encode(request_hash, 'hex'), status, encode(answer, 'hex')
    from idempotency_keys
    where user_id = $1 and key_hash = decode($2, 'hex') and expires_at > $3
)sql"};

inline constexpr Query<Nothing(std::int64_t, std::string, std::string, std::int32_t, std::string,
                               Instant, Instant)>
    keep_write{R"sql(
    insert into idempotency_keys
        (user_id, key_hash, request_hash, status, answer, created_at, expires_at)
    values ($1, decode($2, 'hex'), decode($3, 'hex'), $4, decode($5, 'hex'), $6, $7)
    on conflict (user_id, key_hash) do update
    set request_hash = excluded.request_hash, status = excluded.status, answer = excluded.answer,
        created_at = excluded.created_at, expires_at = excluded.expires_at
    where idempotency_keys.expires_at <= excluded.created_at
)sql"};

inline constexpr Query<Nothing(Instant)> forget_writes{R"sql(
    delete from idempotency_keys where (user_id, key_hash) in (
        select user_id, key_hash from idempotency_keys where expires_at <= $1
        order by expires_at limit 5000)
)sql"};

}  // namespace referral::http::sql
