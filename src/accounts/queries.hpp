#pragma once

#include "accounts/rows.hpp"
#include "accounts/schemas.hpp"
#include "accounts/tokens.hpp"
#include "platform/db/query.hpp"

namespace referral::accounts::sql {

using db::Nothing, db::Query;
using Hex = std::string;  ///< Bytes in hexadecimal.

// Users.

inline constexpr Query<User(Email, Line<100>, Role, UserStatus, Timezone,
                            std::optional<std::string>, Instant)>
    insert{R"sql(
    insert into users (email, name, role, status, timezone, password_hash, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7)
    on conflict (lower(email)) do nothing
    returning id, email, name, role, status, timezone, created_at
)sql"};

inline constexpr Query<User(UserId)> find{R"sql(
    select id, email, name, role, status, timezone, created_at from users where id = $1
)sql"};

inline constexpr Query<User(std::string)> find_by_email{R"sql(
    select id, email, name, role, status, timezone, created_at
    from users where lower(email) = lower($1)
)sql"};

inline constexpr Query<User(UserId)> find_for_change{R"sql(
    select id, email, name, role, status, timezone, created_at
    from users where id = $1 for update
)sql"};

inline constexpr Query<UserDetails(UserId)> details{R"sql(
    select u.id, u.email, u.name, u.role, u.status, u.timezone, u.created_at,
           coalesce((select max(s.seen_at) from sessions s where s.user_id = u.id),
                    u.last_sign_in_at) as last_seen_at,
           f.user_id is not null as totp_enabled
    from users u
    left join second_factors f on f.user_id = u.id and f.confirmed_at is not null
    where u.id = $1
)sql"};

inline constexpr Query<UserDetails(std::optional<Role>, std::optional<UserStatus>,
                                   std::optional<std::string>, std::optional<Instant>,
                                   std::optional<UserId>, std::int64_t)>
    list_users{R"sql(
    select u.id, u.email, u.name, u.role, u.status, u.timezone, u.created_at,
           coalesce((select max(s.seen_at) from sessions s where s.user_id = u.id),
                    u.last_sign_in_at) as last_seen_at,
           f.user_id is not null as totp_enabled
    from users u
    left join second_factors f on f.user_id = u.id and f.confirmed_at is not null
    where ($1::text is null or u.role = $1) and ($2::text is null or u.status = $2)
      and ($3::text is null or strpos(lower(u.email), lower($3)) > 0
           or strpos(lower(u.name), lower($3)) > 0)
      and ($5::bigint is null or (u.created_at, u.id) < ($4::timestamptz, $5))
    order by u.created_at desc, u.id desc
    limit $6
)sql"};

inline constexpr Query<bool(UserId)> has_password{R"sql(
    select password_hash is not null from users where id = $1
)sql"};

inline constexpr Query<std::optional<std::string>(UserId)> password_hash{R"sql(
    select password_hash from users where id = $1
)sql"};

inline constexpr Query<std::int64_t()> count_admins{R"sql(
    select count(*) from users where role = 'admin'
)sql"};

/// In one order, so that two administrators who disable each other wait for one another.
inline constexpr Query<UserId()> lock_active_admins{R"sql(
    select id from users where role = 'admin' and status = 'active'
    order by id limit 1000 for update
)sql"};

inline constexpr Query<Nothing(UserId, Line<100>, Role, UserStatus, Instant)> change_user{R"sql(
    update users set name = $2, role = $3, status = $4, updated_at = $5 where id = $1
)sql"};

inline constexpr Query<User(UserId, std::optional<Line<100>>, std::optional<Timezone>, Instant)>
    change{R"sql(
    update users set name = coalesce($2, name), timezone = coalesce($3, timezone), updated_at = $4
    where id = $1
    returning id, email, name, role, status, timezone, created_at
)sql"};

/// No row when another user has the address.
inline constexpr Query<std::string(UserId, Email, Instant)> set_email{R"sql(
    update users set email = $2, updated_at = $3
    where id = $1 and status = 'active'
      and not exists (select from users other
                      where lower(other.email) = lower($2) and other.id <> $1)
    returning email
)sql"};

inline constexpr Query<Credentials(std::string, Hex, Instant)> credentials{R"sql(
    select u.id, u.status, u.password_hash, u.devices_since, u.last_sign_in_at is null as is_new,
           f.user_id is not null as totp_enabled, coalesce(w.failures, 0) as failures
    from (select 1) as one
    left join users u on lower(u.email) = lower($1)
    left join second_factors f on f.user_id = u.id and f.confirmed_at is not null
    left join sign_in_failures w on w.email_hash = decode($2, 'hex') and w.failed_at > $3
)sql"};

inline constexpr Query<Nothing(UserId, std::string, Instant)> set_password{R"sql(
    update users
    set password_hash = $2, devices_since = $3, updated_at = $3,
        status = case when status = 'invited' then 'active' else status end
    where id = $1
)sql"};

inline constexpr Query<Nothing(UserId, std::string)> set_password_hash{R"sql(
    update users set password_hash = $2 where id = $1
)sql"};

inline constexpr Query<Nothing(UserId, Instant)> forget_devices{R"sql(
    update users set devices_since = $2 where id = $1
)sql"};

inline constexpr Query<Nothing(UserId, Instant)> note_sign_in{R"sql(
    update users set last_sign_in_at = $2 where id = $1
)sql"};

inline constexpr Query<Instant(UserId)> devices_since{R"sql(
    select devices_since from users where id = $1
)sql"};

/// Adds one to those after $3; how many there are.
inline constexpr Query<std::int64_t(Hex, Instant, Instant)> add_failure{R"sql(
    insert into sign_in_failures (email_hash, failures, failed_at)
    values (decode($1, 'hex'), 1, $2)
    on conflict (email_hash)
    do update set failed_at = $2,
        failures = case when sign_in_failures.failed_at <= $3 then 1
                        else sign_in_failures.failures + 1 end
    returning failures
)sql"};

inline constexpr Query<Nothing(Hex)> forget_failures{R"sql(
    delete from sign_in_failures where email_hash = decode($1, 'hex')
)sql"};

// Tokens of mailed links.

inline constexpr Query<Nothing(Hex, TokenPurpose, std::int64_t, std::string, Instant, Instant)>
    put_token{R"sql(
    insert into one_time_tokens (token_hash, purpose, subject, detail, created_at, expires_at)
    values (decode($1, 'hex'), $2, $3, $4, $5, $6)
    on conflict (purpose, subject)
    do update set token_hash = excluded.token_hash, detail = excluded.detail,
                  created_at = excluded.created_at, expires_at = excluded.expires_at
)sql"};

inline constexpr Query<bool(TokenPurpose, std::int64_t, Instant)> token_issued_after{R"sql(
    select exists (select from one_time_tokens
                   where purpose = $1 and subject = $2 and created_at > $3)
)sql"};

inline constexpr Query<std::tuple<std::int64_t, std::string>(Hex, TokenPurpose, Instant)>
    take_token{R"sql(
    delete from one_time_tokens
    where token_hash = decode($1, 'hex') and purpose = $2 and expires_at > $3
    returning subject, detail
)sql"};

inline constexpr Query<std::tuple<std::int64_t, std::string>(Hex, TokenPurpose, Instant)>
    look_at_token{R"sql(
    select subject, detail from one_time_tokens
    where token_hash = decode($1, 'hex') and purpose = $2 and expires_at > $3
)sql"};

inline constexpr Query<Nothing(TokenPurpose, std::int64_t)> forget_token{R"sql(
    delete from one_time_tokens where purpose = $1 and subject = $2
)sql"};

/// All but partners' applications: their subjects are no users.
inline constexpr Query<Nothing(std::int64_t)> forget_tokens{R"sql(
    delete from one_time_tokens where subject = $1 and purpose <> 'verify-email'
)sql"};

// Second factors.

inline constexpr Query<SecondFactor(UserId)> second_factor{R"sql(
    select encode(secret, 'hex') as secret, confirmed_at, last_step from second_factors
    where user_id = $1 for update
)sql"};

inline constexpr Query<bool(UserId)> has_second_factor{R"sql(
    select exists (select from second_factors where user_id = $1 and confirmed_at is not null)
)sql"};

/// Touches no row when there is a confirmed one.
inline constexpr Query<Nothing(UserId, Hex, Instant)> put_second_factor{R"sql(
    insert into second_factors (user_id, secret, created_at)
    values ($1, decode($2, 'hex'), $3)
    on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at
    where second_factors.confirmed_at is null
)sql"};

inline constexpr Query<Nothing(UserId, std::int64_t, Instant)> confirm_second_factor{R"sql(
    update second_factors set confirmed_at = $3, last_step = $2 where user_id = $1
)sql"};

inline constexpr Query<Nothing(UserId, std::int64_t)> use_step{R"sql(
    update second_factors set last_step = $2 where user_id = $1
)sql"};

inline constexpr Query<Nothing(UserId)> delete_second_factor{R"sql(
    delete from second_factors where user_id = $1
)sql"};

inline constexpr Query<std::int64_t(UserId, std::string, Instant)> count_tries{R"sql(
    select count(*) from second_factor_tries
    where user_id = $1 and device = $2 and tried_at > $3
)sql"};

inline constexpr Query<Nothing(UserId, std::string, Instant)> add_try{R"sql(
    insert into second_factor_tries (user_id, device, tried_at) values ($1, $2, $3)
)sql"};

inline constexpr Query<Nothing(UserId, std::string)> forget_tries{R"sql(
    delete from second_factor_tries where user_id = $1 and device = $2
)sql"};

inline constexpr Query<Nothing(UserId, std::vector<Hex>)> add_recovery_codes{R"sql(
    insert into recovery_codes (user_id, code_hash)
    select $1, decode(hash, 'hex') from unnest($2::text[]) as hash
)sql"};

inline constexpr Query<Nothing(UserId)> delete_recovery_codes{R"sql(
    delete from recovery_codes where user_id = $1
)sql"};

inline constexpr Query<Nothing(UserId, Hex)> use_recovery_code{R"sql(
    delete from recovery_codes where user_id = $1 and code_hash = decode($2, 'hex')
)sql"};

// What is over.

inline constexpr Query<Nothing(Instant)> delete_ended_tokens{R"sql(
    delete from one_time_tokens where expires_at <= $1
)sql"};

inline constexpr Query<Nothing(Instant)> delete_old_failures{R"sql(
    delete from sign_in_failures where failed_at <= $1
)sql"};

inline constexpr Query<Nothing(Instant)> delete_old_tries{R"sql(
    delete from second_factor_tries where tried_at <= $1
)sql"};

}  // namespace referral::accounts::sql
