#pragma once

/// What routes around mailed links take and give, here and in the folders above.

#include <string>

#include "accounts/email.hpp"
#include "platform/schema/fields.hpp"

namespace referral::accounts {

/// The answer where any other would tell whether somebody has an address.
struct Sent {
    std::string status = "sent";
};

/// Body with an address.
struct MailboxAsked {
    Email email;
};

/// Body of what a mailed link leads to. Opening the link changes nothing: its page sends this.
struct MailedToken {
    std::string token;
};

}  // namespace referral::accounts

namespace referral::schema {

template <>
struct Fields<accounts::Sent> {
    using S = accounts::Sent;
    static constexpr std::string_view name = "Sent";
    static constexpr auto list = FieldList{
        field("status", &S::status, "Always the same, whether or not somebody has the address."),
    };
};

template <>
struct Fields<accounts::MailboxAsked> {
    using M = accounts::MailboxAsked;
    static constexpr std::string_view name = "MailboxAsked";
    static constexpr auto list = FieldList{
        field("email", &M::email, "The address."),
    };
};

template <>
struct Fields<accounts::MailedToken> {
    using M = accounts::MailedToken;
    static constexpr std::string_view name = "MailedToken";
    static constexpr auto list = FieldList{
        field("token", &M::token, "What the mailed link carries."),
    };
};

}  // namespace referral::schema
