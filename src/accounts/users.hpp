#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accounts/mails.hpp"
#include "accounts/user.hpp"
#include "audit/audit.hpp"
#include "platform/db/transaction.hpp"
#include "platform/schema/cursor.hpp"
#include "platform/schema/json.hpp"

namespace referral::accounts {

/// What is needed to make a user.
struct NewUser {
    Email email;
    Line<100> name;
    Role role = Role::partner;
    Timezone timezone{};
    std::string password_hash{};  ///< Empty: is invited, and cannot sign in yet.
};

/// Creates a user. Refuses: conflict (email taken).
User create(db::Transaction& tx, const NewUser& wanted, Instant now);

/// The user, or nothing.
std::optional<User> find(db::Transaction& tx, UserId id);
std::optional<User> find(db::Transaction& tx, const Email& email);

/// Whether nobody with the role admin is there yet.
bool has_no_admin(db::Transaction& tx);

/// A user as administrators see them.
struct UserDetails : User {
    std::optional<Instant> last_seen_at;
    bool totp_enabled = false;
};

/// Which users are listed, newest first.
struct UserFilter {
    std::optional<Line<100>> q{};  ///< Part of a name or an address.
    std::optional<Role> role{};
    std::optional<UserStatus> status{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

struct UserPage {
    std::vector<UserDetails> users;
    std::optional<std::string> next_cursor;
};

/// Whom an administrator invites.
struct NewInvitation {
    Email email;
    Line<100> name;
    Role role = Role::partner;
};

/// What an administrator may change of a user.
struct UserChange {
    std::optional<Line<100>> name{};
    std::optional<Role> role{};
    std::optional<UserStatus> status{};
};

/// What administrators do with users. Whoever does it is `actor`; every change is audited.
class Users {
public:
    explicit Users(const Mails& mails) : mails_(mails) {}

    UserDetails get(db::Transaction& tx, UserId id) const;

    /// Refuses: invalid (a cursor of another list).
    UserPage list(db::Transaction& tx, const UserFilter& filter) const;

    /// Makes a user without a password and mails them how to choose one. Refuses: conflict (email
    /// taken): whoever may invite sees everybody's address anyway.
    UserDetails invite(db::Transaction& tx, const audit::Actor& actor, const NewInvitation& whom,
                       Instant now) const;

    /// Mails the invitation again; the earlier link no longer works. Refuses: not_found, conflict
    /// when they have a password.
    void invite_again(db::Transaction& tx, const audit::Actor& actor, UserId id, Instant now) const;

    /// Who is disabled, or has another role, is signed out everywhere. Refuses: not_found, conflict
    /// when it would leave no active administrator, invalid (status: nobody becomes invited).
    UserDetails change(db::Transaction& tx, const audit::Actor& actor, UserId id,
                       const UserChange& wanted, Instant now) const;

    /// Ends all sessions. Refuses: not_found.
    void sign_out(db::Transaction& tx, const audit::Actor& actor, UserId id, Instant now) const;

    /// Tells the user that their second factor was taken away. Refuses: not_found.
    void tell_totp_removed(db::Transaction& tx, const audit::Actor& actor, UserId id,
                           Instant now) const;

private:
    const Mails& mails_;
};

}  // namespace referral::accounts
