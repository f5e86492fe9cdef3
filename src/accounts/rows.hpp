#pragma once

/// Rows that only this folder reads: what stands in the database and not in the API.

#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "platform/schema/fields.hpp"

namespace referral::accounts {

/// What a sign-in is checked against; without an id nobody has the address.
struct Credentials {
    std::optional<UserId> id;
    std::optional<UserStatus> status;
    std::optional<std::string> password_hash;
    std::optional<Instant> devices_since;
    bool is_new = false;  ///< Has never signed in.
    bool totp_enabled = false;
    std::int64_t failures = 0;
};

/// A second factor as it is stored.
struct SecondFactor {
    std::string secret;  ///< Sealed, in hexadecimal.
    std::optional<Instant> confirmed_at;
    std::int64_t last_step = 0;
};

/// A session that a request may come with.
struct LiveSession {
    SessionId id;
    Instant created_at;
    Instant seen_at;
    UserId user_id;
    Role role = Role::partner;
    std::optional<UserId> acting_for;
    bool must_set_up_totp = false;
};

/// What a page must know of its session.
struct SessionFacts {
    Instant created_at;
    bool totp_enabled = false;
    bool must_set_up_totp = false;
};

/// A session as it is stored.
struct StoredSession {
    SessionId id;
    Instant created_at;
    Instant seen_at;
    Instant expires_at;
    std::string ip;
    std::string user_agent;
    bool current = false;
};

/// An administrator's look as a partner whose time is over.
struct EndedView {
    SessionId id;
    UserId user_id;
    UserId acting_for;
};

/// A key that a request may come with.
struct LiveKey {
    ApiKeyId id;
    UserId user_id;
    Role role = Role::partner;
    std::string secret_hash;
    std::optional<std::string> previous_secret_hash;
    std::vector<std::string> scopes;
    std::vector<Addresses> allowed_addresses;
    std::optional<Instant> last_used_at;
    bool must_set_up_totp = false;
};

}  // namespace referral::accounts

namespace referral::schema {

template <>
struct Fields<accounts::Credentials> {
    using C = accounts::Credentials;
    static constexpr std::string_view name = "Credentials";
    static constexpr auto list = FieldList{
        field("id", &C::id, ""),
        field("status", &C::status, ""),
        field("password_hash", &C::password_hash, ""),
        field("devices_since", &C::devices_since, ""),
        field("is_new", &C::is_new, ""),
        field("totp_enabled", &C::totp_enabled, ""),
        field("failures", &C::failures, ""),
    };
};

template <>
struct Fields<accounts::SecondFactor> {
    using S = accounts::SecondFactor;
    static constexpr std::string_view name = "SecondFactor";
    static constexpr auto list = FieldList{
        field("secret", &S::secret, ""),
        field("confirmed_at", &S::confirmed_at, ""),
        field("last_step", &S::last_step, ""),
    };
};

template <>
struct Fields<accounts::LiveSession> {
    using S = accounts::LiveSession;
    static constexpr std::string_view name = "LiveSession";
    static constexpr auto list = FieldList{
        field("id", &S::id, ""),
        field("created_at", &S::created_at, ""),
        field("seen_at", &S::seen_at, ""),
        field("user_id", &S::user_id, ""),
        field("role", &S::role, ""),
        field("acting_for", &S::acting_for, ""),
        field("must_set_up_totp", &S::must_set_up_totp, ""),
    };
};

template <>
struct Fields<accounts::SessionFacts> {
    using S = accounts::SessionFacts;
    static constexpr std::string_view name = "SessionFacts";
    static constexpr auto list = FieldList{
        field("created_at", &S::created_at, ""),
        field("totp_enabled", &S::totp_enabled, ""),
        field("must_set_up_totp", &S::must_set_up_totp, ""),
    };
};

template <>
struct Fields<accounts::StoredSession> {
    using S = accounts::StoredSession;
    static constexpr std::string_view name = "StoredSession";
    static constexpr auto list = FieldList{
        field("id", &S::id, ""),           field("created_at", &S::created_at, ""),
        field("seen_at", &S::seen_at, ""), field("expires_at", &S::expires_at, ""),
        field("ip", &S::ip, ""),           field("user_agent", &S::user_agent, ""),
        field("current", &S::current, ""),
    };
};

template <>
struct Fields<accounts::EndedView> {
    using E = accounts::EndedView;
    static constexpr std::string_view name = "EndedView";
    static constexpr auto list = FieldList{
        field("id", &E::id, ""),
        field("user_id", &E::user_id, ""),
        field("acting_for", &E::acting_for, ""),
    };
};

template <>
struct Fields<accounts::LiveKey> {
    using K = accounts::LiveKey;
    static constexpr std::string_view name = "LiveKey";
    static constexpr auto list = FieldList{
        field("id", &K::id, ""),
        field("user_id", &K::user_id, ""),
        field("role", &K::role, ""),
        field("secret_hash", &K::secret_hash, ""),
        field("previous_secret_hash", &K::previous_secret_hash, ""),
        field("scopes", &K::scopes, ""),
        field("allowed_addresses", &K::allowed_addresses, ""),
        field("last_used_at", &K::last_used_at, ""),
        field("must_set_up_totp", &K::must_set_up_totp, ""),
    };
};

}  // namespace referral::schema
