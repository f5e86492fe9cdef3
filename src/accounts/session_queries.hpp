#pragma once

/// Statements about what requests come with: sessions, API keys, and the settings they are asked
/// with.

#include "accounts/rows.hpp"
#include "accounts/schemas.hpp"
#include "accounts/schemas_keys.hpp"
#include "base/ip_address.hpp"
#include "platform/db/query.hpp"

namespace referral::accounts::sql {

using db::Nothing, db::Query;
using Hex = std::string;  ///< Bytes in hexadecimal.

// Sessions.

inline constexpr Query<SessionId(Hex, UserId, Instant, Instant, IpAddress, std::string)>
    insert_session{R"sql(
    insert into sessions (token_hash, user_id, created_at, seen_at, expires_at, ip, user_agent)
    values (decode($1, 'hex'), $2, $3, $3, $4, $5, $6)
    returning id
)sql"};

/// Those beyond the newest 50 of a user.
inline constexpr Query<Nothing(UserId)> delete_oldest_sessions{R"sql(
    delete from sessions where id in (
        select id from sessions where user_id = $1 order by created_at desc, id desc offset 50)
)sql"};

inline constexpr Query<Nothing(Hex)> delete_session_of{R"sql(
    delete from sessions where token_hash = decode($1, 'hex')
)sql"};

/// Only while it lasts.
inline constexpr Query<LiveSession(Hex, Instant, Instant)> find_session{R"sql(
    select s.id, s.created_at, s.seen_at, s.user_id, u.role, s.acting_for,
           f.user_id is null and u.role = any (settings.totp_required_roles) as must_set_up_totp
    from sessions s
    join users u on u.id = s.user_id and u.status = 'active'
    cross join settings
    left join second_factors f on f.user_id = u.id and f.confirmed_at is not null
    left join users p on p.id = s.acting_for
    where s.token_hash = decode($1, 'hex') and s.expires_at > $2 and s.seen_at > $3
      and (s.acting_for is null
           or (s.acting_until > $2 and u.role = 'admin' and p.role = 'partner'
               and p.status = 'active'))
)sql"};

inline constexpr Query<SessionFacts(SessionId)> session_facts{R"sql(
    select s.created_at, f.user_id is not null as totp_enabled,
           f.user_id is null and u.role = any (settings.totp_required_roles) as must_set_up_totp
    from sessions s
    join users u on u.id = s.user_id
    cross join settings
    left join second_factors f on f.user_id = u.id and f.confirmed_at is not null
    where s.id = $1
)sql"};

/// Not when another request is noting it this moment: nobody waits for that until its commit.
inline constexpr Query<Nothing(SessionId, Instant)> see_session{R"sql(
    update sessions set seen_at = $2
    where id = (select id from sessions where id = $1 for no key update skip locked)
)sql"};

inline constexpr Query<Nothing(SessionId, Hex)> renew_session{R"sql(
    update sessions set token_hash = decode($2, 'hex') where id = $1
)sql"};

inline constexpr Query<Nothing(SessionId, std::optional<UserId>, std::optional<Instant>)>
    set_acting{R"sql(
    update sessions set acting_for = $2, acting_until = $3 where id = $1
)sql"};

inline constexpr Query<StoredSession(UserId, SessionId, Instant, Instant)> list_sessions{R"sql(
    select id, created_at, seen_at, expires_at, host(ip) as ip, user_agent, id = $2 as current
    from sessions
    where user_id = $1 and acting_for is null and expires_at > $3 and seen_at > $4
    order by seen_at desc, id desc
    limit 200
)sql"};

inline constexpr Query<Nothing(UserId, SessionId)> delete_session{R"sql(
    delete from sessions where user_id = $1 and id = $2
)sql"};

/// All of a user, but one.
inline constexpr Query<Nothing(UserId, std::optional<SessionId>)> delete_sessions{R"sql(
    delete from sessions where user_id = $1 and ($2::bigint is null or id <> $2)
)sql"};

inline constexpr Query<EndedView(Instant)> end_views{R"sql(
    delete from sessions where acting_until <= $1 returning id, user_id, acting_for
)sql"};

// What is over.

inline constexpr Query<Nothing(Instant, Instant)> delete_ended_sessions{R"sql(
    delete from sessions where expires_at <= $1 or seen_at <= $2
)sql"};

// API keys.

inline constexpr Query<ApiKeyId(UserId, Line<100>, std::string, Hex, std::vector<std::string>,
                                std::vector<Addresses>, Instant, std::optional<Instant>)>
    insert_key{R"sql(
    insert into api_keys (user_id, name, key_id, secret_hash, scopes, allowed_addresses, created_at,
                          expires_at)
    select $1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8
    where (select count(*) from api_keys where user_id = $1 and revoked_at is null) < 50
    on conflict (key_id) do nothing
    returning id
)sql"};

inline constexpr Query<ApiKey(UserId, ApiKeyId)> find_key{R"sql(
    select id, name, 'rk_live_' || key_id as key_id, scopes, allowed_addresses, created_at,
           expires_at, last_used_at, previous_secret_until, revoked_at
    from api_keys where user_id = $1 and id = $2 for update
)sql"};

inline constexpr Query<ApiKey(UserId)> list_keys{R"sql(
    select id, name, 'rk_live_' || key_id as key_id, scopes, allowed_addresses, created_at,
           expires_at, last_used_at, previous_secret_until, revoked_at
    from api_keys where user_id = $1
    order by revoked_at is not null, created_at desc, id desc limit 200
)sql"};

inline constexpr Query<Nothing(ApiKeyId, Line<100>, std::vector<std::string>,
                               std::vector<Addresses>, std::optional<Instant>)>
    change_key{R"sql(
    update api_keys set name = $2, scopes = $3, allowed_addresses = $4, expires_at = $5
    where id = $1
)sql"};

inline constexpr Query<Nothing(ApiKeyId, Hex, Instant)> rotate_key{R"sql(
    update api_keys
    set previous_secret_hash = secret_hash, previous_secret_until = $3,
        secret_hash = decode($2, 'hex')
    where id = $1
)sql"};

inline constexpr Query<Nothing(UserId, ApiKeyId, Instant)> revoke_key{R"sql(
    update api_keys set revoked_at = $3 where user_id = $1 and id = $2 and revoked_at is null
)sql"};

inline constexpr Query<LiveKey(std::string, Instant)> live_key{R"sql(
    select k.id, k.user_id, u.role, encode(k.secret_hash, 'hex') as secret_hash,
           case when k.previous_secret_until > $2 then encode(k.previous_secret_hash, 'hex')
           end as previous_secret_hash,
           k.scopes, k.allowed_addresses, k.last_used_at,
           f.user_id is null and u.role = any (settings.totp_required_roles) as must_set_up_totp
    from api_keys k
    join users u on u.id = k.user_id and u.status = 'active'
    cross join settings
    left join second_factors f on f.user_id = u.id and f.confirmed_at is not null
    where k.key_id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
)sql"};

/// As `see_session`.
inline constexpr Query<Nothing(ApiKeyId, Instant)> see_key{R"sql(
    update api_keys set last_used_at = $2
    where id = (select id from api_keys where id = $1 for no key update skip locked)
)sql"};

// Settings.

inline constexpr Query<SiteSettings()> site_settings{R"sql(
    select branding_name, branding_accent, support_email, totp_required_roles, applications_open,
           updated_at
    from settings
)sql"};

inline constexpr Query<SiteSettings()> site_settings_for_change{R"sql(
    select branding_name, branding_accent, support_email, totp_required_roles, applications_open,
           updated_at
    from settings for update
)sql"};

inline constexpr Query<Nothing(Line<60>, Accent, std::optional<Email>, std::vector<Role>, bool,
                               Instant)>
    set_site_settings{R"sql(
    update settings
    set branding_name = $1, branding_accent = $2, support_email = $3, totp_required_roles = $4,
        applications_open = $5, updated_at = $6
)sql"};

}  // namespace referral::accounts::sql
