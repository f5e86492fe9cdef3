#pragma once

/// Who signs in: users, their roles, and browser sessions.

#include <optional>
#include <string>

#include "accounts/turnstile.hpp"
#include "base/id.hpp"
#include "base/ip_address.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "base/timezone.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::accounts {

struct UserTag {
    static constexpr std::string_view prefix = "usr";
};
using UserId = Id<UserTag>;

/// What somebody may do; see permissions.hpp.
enum class Role { admin, manager, finance, analyst, partner };

enum class UserStatus { active, disabled };

/// An e-mail address: at most 254 characters of ASCII, one @, a domain with a dot (RFC 5321's
/// common part; quoted names and comments are not taken).
class Email {
public:
    static constexpr std::string_view rule = "an e-mail address";
    static std::optional<Email> parse(std::string_view text);
    const std::string& text() const { return text_; }
    friend bool operator==(const Email&, const Email&) = default;

private:
    std::string text_;
};

/// Somebody who signs in.
struct User {
    UserId id;
    Email email;
    Line<100> name;
    Role role = Role::partner;
    UserStatus status = UserStatus::active;
    Timezone timezone;
    Instant created_at;
};

/// What is needed to make a user.
struct NewUser {
    Email email;
    Line<100> name;
    Role role = Role::partner;
    Timezone timezone{};
    std::string password_hash{};  ///< Empty: cannot sign in yet.
};

/// Creates a user. Refuses: conflict (email taken).
User create(db::Transaction& tx, const NewUser& wanted, Instant now);

/// The user, or nothing.
std::optional<User> find(db::Transaction& tx, UserId id);

/// Whether nobody with the role admin is there yet.
bool has_no_admin(db::Transaction& tx);

/// How sessions behave.
struct SessionSettings {
    crypto::Key key{};                  ///< CSRF tokens derive from it.
    std::chrono::minutes idle_max{60};  ///< Signed out after so long without a request.
    std::chrono::hours age_max{12};     ///< … and so long after signing in.
};

/// A session just begun.
struct SignedIn {
    User user;
    std::string token;       ///< For the cookie; kept nowhere else.
    std::string csrf_token;  ///< What writes must bring in X-CSRF-Token.
    std::chrono::seconds age_max;
};

/// Knows users by the session cookie of their requests.
class Sessions : public http::Gate {
public:
    explicit Sessions(SessionSettings settings);

    std::optional<http::Caller> admit(const http::Request& request, db::Transaction& tx,
                                      Instant now) override;

    /// Begins a session, when the password is right and the user active; or nothing. Takes as long
    /// for an unknown address. Refuses: unavailable, when too many are being checked.
    std::optional<SignedIn> sign_in(db::Transaction& tx, const std::string& email,
                                    const Secret& password, const http::Request& request,
                                    Instant now);

    /// Ends the request's session.
    void sign_out(db::Transaction& tx, const http::Request& request);

    /// The token that this request's session wants in X-CSRF-Token.
    std::string csrf_token(const http::Request& request) const;

    const SessionSettings& settings() const { return settings_; }

private:
    std::string csrf_token_for(std::string_view session_token) const;

    const SessionSettings settings_;
    Turnstile password_checks_{2, 4};
    const std::string nobodys_hash_;  ///< Checked for unknown addresses.
};

/// Deletes sessions that ended.
void forget_ended_sessions(db::Pool& pool, Instant now);

/// What accounts need done now and then.
jobs::JobTable tasks();
std::vector<jobs::Schedule> schedules();

/// Sign-in, sign-out and the caller's own data.
http::RouteTable routes(Sessions& sessions);

}  // namespace referral::accounts

template <>
struct referral::Names<referral::accounts::Role> {
    using Role = accounts::Role;
    static constexpr std::array<std::pair<Role, std::string_view>, 5> list{
        {{Role::admin, "admin"},
         {Role::manager, "manager"},
         {Role::finance, "finance"},
         {Role::analyst, "analyst"},
         {Role::partner, "partner"}}};
};

template <>
struct referral::Names<referral::accounts::UserStatus> {
    using Status = accounts::UserStatus;
    static constexpr std::array<std::pair<Status, std::string_view>, 2> list{
        {{Status::active, "active"}, {Status::disabled, "disabled"}}};
};
