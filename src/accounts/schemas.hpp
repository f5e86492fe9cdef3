#pragma once

#include "accounts/accounts.hpp"
#include "platform/schema/fields.hpp"

namespace referral::accounts {

/// Body of sign-in.
struct SignIn {
    std::string email;
    std::string password;
};

/// Answer of sign-in and of GET /me.
struct Me {
    User user;
    std::string csrf_token;
    std::vector<std::string> permissions;
};

/// What somebody may change of themselves.
struct MeChange {
    std::optional<Line<100>> name;
    std::optional<Timezone> timezone;
};

}  // namespace referral::accounts

namespace referral::schema {

template <>
struct Fields<accounts::User> {
    static constexpr std::string_view name = "User";
    static constexpr auto list = std::tuple{
        field("id", &accounts::User::id, "The user."),
        field("email", &accounts::User::email, "What they sign in with."),
        field("name", &accounts::User::name, "How others see them."),
        field("role", &accounts::User::role, "What they may do."),
        field("status", &accounts::User::status, "Whether they may sign in."),
        field("timezone", &accounts::User::timezone, "In which their days begin."),
        field("created_at", &accounts::User::created_at, "When the account was made."),
    };
};

template <>
struct Fields<accounts::SignIn> {
    static constexpr std::string_view name = "SignIn";
    static constexpr auto list = std::tuple{
        field("email", &accounts::SignIn::email, "The user's e-mail address."),
        field("password", &accounts::SignIn::password, "The user's password."),
    };
};

template <>
struct Fields<accounts::Me> {
    static constexpr std::string_view name = "Me";
    static constexpr auto list = std::tuple{
        field("user", &accounts::Me::user, "Who is signed in."),
        field("csrf_token", &accounts::Me::csrf_token, "To be sent in X-CSRF-Token with writes."),
        field("permissions", &accounts::Me::permissions, "What the role includes."),
    };
};

template <>
struct Fields<accounts::MeChange> {
    static constexpr std::string_view name = "MeChange";
    static constexpr auto list = std::tuple{
        field("name", &accounts::MeChange::name, "How others see you."),
        field("timezone", &accounts::MeChange::timezone, "In which your days begin."),
    };
};

}  // namespace referral::schema
