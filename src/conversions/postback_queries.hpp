#pragma once

#include "conversions/postback.hpp"
#include "platform/db/query.hpp"

namespace referral::conversions::sql {

using db::Nothing, db::Query;

inline constexpr Query<PostbackKey(std::string, ProgramId, std::string, std::string,
                                   std::optional<std::int64_t>, UserId, Instant)>
    insert_postback_key{R"sql(
    insert into postback_keys (key, program_id, name, secret, revenue_max, created_by, created_at)
    values ($1, $2, $3, decode($4, 'hex'), $5, $6, $7)
    returning id, key, program_id, name, revenue_max, created_at, last_used_at, revoked_at
)sql"};

inline constexpr Query<PostbackKey()> postback_keys{R"sql(
    select id, key, program_id, name, revenue_max, created_at, last_used_at, revoked_at
    from postback_keys order by id desc limit 200
)sql"};

inline constexpr Query<PostbackKey(PostbackKeyId, Instant)> revoke_postback_key{R"sql(
    update postback_keys set revoked_at = coalesce(revoked_at, $2) where id = $1
    returning id, key, program_id, name, revenue_max, created_at, last_used_at, revoked_at
)sql"};

inline constexpr Query<PostbackKey(std::string)> postback_key{R"sql(
    select id, key, program_id, name, revenue_max, created_at, last_used_at, revoked_at
    from postback_keys where key = $1 and revoked_at is null
)sql"};

inline constexpr Query<std::string(PostbackKeyId)> postback_secret{R"sql(
    select encode(secret, 'hex') from postback_keys where id = $1
)sql"};

/// Not more often than once a minute: each is a new version of the row.
inline constexpr Query<Nothing(PostbackKeyId, Instant)> use_postback_key{R"sql(
    update postback_keys set last_used_at = $2
    where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')
)sql"};

}  // namespace referral::conversions::sql
