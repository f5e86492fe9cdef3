#pragma once

#include "accounts/accounts.hpp"
#include "accounts/mailed_links.hpp"
#include "accounts/own_account.hpp"
#include "platform/schema/json.hpp"

namespace referral::accounts {

/// The partner an administrator looks as.
struct ViewedPartner {
    UserId id;
    std::string name;
};

/// Answer of sign-in and of GET /me.
struct Me {
    User user;
    std::string csrf_token;
    std::vector<std::string> permissions;
    bool totp_enabled = false;
    bool must_set_up_totp = false;
    std::optional<ViewedPartner> viewing_as;
    SiteBranding branding;
};

/// What somebody may change of themselves.
struct MeChange {
    std::optional<Line<100>> name;
    std::optional<Timezone> timezone;
};

/// Body with one's password.
struct PasswordGiven {
    std::string password;
};

/// Body with the code of an authenticator.
struct CodeGiven {
    std::string code;
};

/// Codes that are shown once.
struct RecoveryCodes {
    std::vector<std::string> recovery_codes;
};

/// A session as its user sees it.
struct SessionView {
    SessionId id;
    Instant created_at;
    Instant seen_at;
    Instant expires_at;
    std::string ip;
    std::optional<std::string> browser;
    std::optional<std::string> os;
    bool current = false;
};

}  // namespace referral::accounts

namespace referral::schema {

template <>
struct Fields<accounts::User> {
    using U = accounts::User;
    static constexpr std::string_view name = "User";
    static constexpr auto list = FieldList{
        field("id", &U::id, "The user."),
        field("email", &U::email, "What they sign in with."),
        field("name", &U::name, "How others see them."),
        field("role", &U::role, "What they may do."),
        field("status", &U::status, "Whether they may sign in."),
        field("timezone", &U::timezone, "In which their days begin."),
        field("created_at", &U::created_at, "When the account was made."),
    };
};

template <>
struct Fields<accounts::UserDetails> {
    using U = accounts::UserDetails;
    static constexpr std::string_view name = "UserDetails";
    static constexpr auto list =
        joined(Fields<accounts::User>::list,
               FieldList{
                   field("last_seen_at", &U::last_seen_at, "When they last used it."),
                   field("totp_enabled", &U::totp_enabled, "Whether they have a second factor."),
               });
};

template <>
struct Fields<accounts::UserFilter> {
    using F = accounts::UserFilter;
    static constexpr std::string_view name = "UserFilter";
    static constexpr auto list = FieldList{
        field("q", &F::q, "Part of a name or an address."),
        field("role", &F::role, "Of this role."),
        field("status", &F::status, "Of this status."),
        field("limit", &F::limit, "At most so many; 50 when absent."),
        field("cursor", &F::cursor, "next_cursor of the page before."),
    };
};

template <>
struct Fields<accounts::NewInvitation> {
    using N = accounts::NewInvitation;
    static constexpr std::string_view name = "NewInvitation";
    static constexpr auto list = FieldList{
        field("email", &N::email, "Whom to invite."),
        field("name", &N::name, "How others see them."),
        field("role", &N::role, "What they may do."),
    };
};

template <>
struct Fields<accounts::UserChange> {
    using C = accounts::UserChange;
    static constexpr std::string_view name = "UserChange";
    static constexpr auto list = FieldList{
        field("name", &C::name, "How others see them."),
        field("role", &C::role, "What they may do; another one signs them out."),
        field("status", &C::status, "active or disabled; disabled signs them out."),
    };
};

template <>
struct Fields<accounts::SignIn> {
    using S = accounts::SignIn;
    static constexpr std::string_view name = "SignIn";
    static constexpr auto list = FieldList{
        field("email", &S::email, "The user's e-mail address."),
        field("password", &S::password, "The user's password."),
        field("totp", &S::totp, "A code of the authenticator, or a recovery code."),
    };
};

template <>
struct Fields<accounts::ViewedPartner> {
    using V = accounts::ViewedPartner;
    static constexpr std::string_view name = "ViewedPartner";
    static constexpr auto list = FieldList{
        field("id", &V::id, "The partner."),
        field("name", &V::name, "Their name."),
    };
};

template <>
struct Fields<accounts::Me> {
    using M = accounts::Me;
    static constexpr std::string_view name = "Me";
    static constexpr auto list = FieldList{
        field("user", &M::user, "Who is signed in, or the partner an administrator looks as."),
        field("csrf_token", &M::csrf_token, "To be sent in X-CSRF-Token with writes."),
        field("permissions", &M::permissions, "What may be done."),
        field("totp_enabled", &M::totp_enabled, "Whether there is a second factor."),
        field("must_set_up_totp", &M::must_set_up_totp,
              "Whether nothing else works until there is one."),
        field("viewing_as", &M::viewing_as,
              "The partner an administrator looks as; nothing can be changed then."),
        field("branding", &M::branding, "How the installation looks."),
    };
};

template <>
struct Fields<accounts::MeChange> {
    using C = accounts::MeChange;
    static constexpr std::string_view name = "MeChange";
    static constexpr auto list = FieldList{
        field("name", &C::name, "How others see you."),
        field("timezone", &C::timezone, "In which your days begin."),
    };
};

template <>
struct Fields<accounts::PasswordReset> {
    using R = accounts::PasswordReset;
    static constexpr std::string_view name = "PasswordReset";
    static constexpr auto list = FieldList{
        field("token", &R::token, "What the mailed link carries."),
        field("password", &R::password, "The new one: 15 characters, or 8 with a second factor."),
    };
};

template <>
struct Fields<accounts::InvitationAccepted> {
    using I = accounts::InvitationAccepted;
    static constexpr std::string_view name = "InvitationAccepted";
    static constexpr auto list = FieldList{
        field("token", &I::token, "What the mailed link carries."),
        field("name", &I::name, "How others see you."),
        field("password", &I::password, "At least 15 characters."),
    };
};

template <>
struct Fields<accounts::Invitation> {
    using I = accounts::Invitation;
    static constexpr std::string_view name = "Invitation";
    static constexpr auto list = FieldList{
        field("email", &I::email, "Whom it is for."),
        field("name", &I::name, "How others see them."),
        field("role", &I::role, "What they will be able to do."),
    };
};

template <>
struct Fields<accounts::PasswordChange> {
    using C = accounts::PasswordChange;
    static constexpr std::string_view name = "PasswordChange";
    static constexpr auto list = FieldList{
        field("current_password", &C::current_password, "The one until now."),
        field("new_password", &C::new_password, "15 characters, or 8 with a second factor."),
        field("totp", &C::totp, "A code, when there is a second factor."),
    };
};

template <>
struct Fields<accounts::EmailChange> {
    using C = accounts::EmailChange;
    static constexpr std::string_view name = "EmailChange";
    static constexpr auto list = FieldList{
        field("email", &C::email, "The new address."),
        field("password", &C::password, "The password."),
        field("totp", &C::totp, "A code, when there is a second factor."),
    };
};

template <>
struct Fields<accounts::Proof> {
    using P = accounts::Proof;
    static constexpr std::string_view name = "Proof";
    static constexpr auto list = FieldList{
        field("password", &P::password, "The password."),
        field("totp", &P::totp, "A code, when there is a second factor."),
    };
};

template <>
struct Fields<accounts::PasswordGiven> {
    using P = accounts::PasswordGiven;
    static constexpr std::string_view name = "PasswordGiven";
    static constexpr auto list = FieldList{
        field("password", &P::password, "The password."),
    };
};

template <>
struct Fields<accounts::CodeGiven> {
    using C = accounts::CodeGiven;
    static constexpr std::string_view name = "CodeGiven";
    static constexpr auto list = FieldList{
        field("code", &C::code, "The first code of the authenticator."),
    };
};

template <>
struct Fields<accounts::NewSecondFactor> {
    using N = accounts::NewSecondFactor;
    static constexpr std::string_view name = "NewSecondFactor";
    static constexpr auto list = FieldList{
        field("secret", &N::secret, "For typing into an authenticator."),
        field("uri", &N::uri, "The same as an address."),
        field("qr_svg", &N::qr_svg, "The same as a picture."),
    };
};

template <>
struct Fields<accounts::RecoveryCodes> {
    using R = accounts::RecoveryCodes;
    static constexpr std::string_view name = "RecoveryCodes";
    static constexpr auto list = FieldList{
        field("recovery_codes", &R::recovery_codes,
              "Each works once, in place of a code. Shown only now."),
    };
};

template <>
struct Fields<accounts::SessionView> {
    using S = accounts::SessionView;
    static constexpr std::string_view name = "Session";
    static constexpr auto list = FieldList{
        field("id", &S::id, "The session."),
        field("created_at", &S::created_at, "When it began."),
        field("seen_at", &S::seen_at, "When it was last used."),
        field("expires_at", &S::expires_at, "When it ends at the latest."),
        field("ip", &S::ip, "Where it began."),
        field("browser", &S::browser, "As it named itself."),
        field("os", &S::os, "The system it runs on."),
        field("current", &S::current, "Whether it is this one."),
    };
};

}  // namespace referral::schema
