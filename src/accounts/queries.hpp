#pragma once

#include "accounts/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::accounts::sql {

using db::Nothing, db::Query;

inline constexpr Query<User(Email, Line<100>, Role, Timezone, std::optional<std::string>, Instant)>
    insert{R"sql(
    insert into users (email, name, role, timezone, password_hash, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $6)
    on conflict (lower(email)) do nothing
    returning id, email, name, role, status, timezone, created_at
)sql"};

inline constexpr Query<User(UserId)> find{R"sql(
    select id, email, name, role, status, timezone, created_at from users where id = $1
)sql"};

inline constexpr Query<std::int64_t()> count_admins{R"sql(
    select count(*) from users where role = 'admin'
)sql"};

inline constexpr Query<std::tuple<UserId, std::optional<std::string>>(std::string)> password_hash{
    R"sql(
    select id, password_hash from users where lower(email) = lower($1) and status = 'active'
)sql"};

inline constexpr Query<Nothing(UserId, std::string)> set_password_hash{R"sql(
    update users set password_hash = $2 where id = $1
)sql"};

inline constexpr Query<Nothing(UserId, Instant)> note_sign_in{R"sql(
    update users set last_sign_in_at = $2 where id = $1
)sql"};

inline constexpr Query<User(UserId, std::optional<Line<100>>, std::optional<Timezone>, Instant)>
    change{R"sql(
    update users set name = coalesce($2, name), timezone = coalesce($3, timezone), updated_at = $4
    where id = $1
    returning id, email, name, role, status, timezone, created_at
)sql"};

inline constexpr Query<Nothing(std::string, UserId, Instant, Instant, IpAddress, std::string)>
    insert_session{R"sql(
    insert into sessions (token_hash, user_id, created_at, seen_at, expires_at, ip, user_agent)
    values (decode($1, 'hex'), $2, $3, $3, $4, $5, $6)
)sql"};

/// The session's user, and when it was last seen; only while it lasts.
inline constexpr Query<std::tuple<UserId, Role, Instant>(std::string, Instant, Instant)>
    find_session{R"sql(
    select users.id, users.role, sessions.seen_at
    from sessions join users on users.id = sessions.user_id
    where sessions.token_hash = decode($1, 'hex') and sessions.expires_at > $2
      and sessions.seen_at > $3 and users.status = 'active'
)sql"};

inline constexpr Query<Nothing(std::string, Instant)> see_session{R"sql(
    update sessions set seen_at = $2 where token_hash = decode($1, 'hex')
)sql"};

inline constexpr Query<Nothing(std::string)> delete_session{R"sql(
    delete from sessions where token_hash = decode($1, 'hex')
)sql"};

inline constexpr Query<Nothing(Instant)> delete_ended_sessions{R"sql(
    delete from sessions where expires_at <= $1
)sql"};

}  // namespace referral::accounts::sql
