#pragma once

#include <string>
#include <string_view>

#include "accounts/accounts.hpp"

namespace referral::accounts {

struct PasswordReset {
    std::string token;
    Password password;
};

struct InvitationAccepted {
    std::string token;
    Line<100> name;
    Password password;
};

/// Whom an invitation is for.
struct Invitation {
    std::string email;
    Line<100> name;
    Role role = Role::partner;
};

/// Links that prove who owns a mailbox: a new password, an invitation, another address, going on
/// after too many wrong tries. All refuse a token that is unknown, used or too old: invalid
/// (token).
class MailedLinks {
public:
    explicit MailedLinks(Accounts& accounts) : accounts_(accounts) {}

    /// Has a link mailed, if somebody active has the address; the answer and its time are the same
    /// if not, since a job looks.
    void forgot_password(http::Call& call, std::string_view email) const;

    /// Refuses also: invalid (password).
    void reset_password(http::Call& call, const PasswordReset& wanted) const;

    Invitation invitation(http::Call& call, std::string_view token) const;

    /// Refuses also: invalid (password).
    void accept_invitation(http::Call& call, const InvitationAccepted& wanted) const;

    /// Refuses a token also when its address was taken meanwhile.
    void confirm_email(http::Call& call, std::string_view token) const;

    /// The browser is remembered and may try to sign in again.
    void unlock(http::Call& call, std::string_view token) const;

private:
    User owner(http::Call& call, TokenPurpose purpose, std::string_view token) const;
    void set_password(http::Call& call, const User& user, const Password& password) const;
    void note(http::Call& call, std::string_view action, UserId user) const;

    Accounts& accounts_;
};

/// The jobs behind the answers that tell nothing.
void mail_password_reset(const Mails& mails, db::Transaction& tx, std::string_view email,
                         Instant now);
void mail_email_change(const Mails& mails, db::Transaction& tx, UserId user, std::string_view email,
                       Instant now);
void mail_sign_in_locked(const Mails& mails, db::Transaction& tx, std::string_view email,
                         Instant now);

}  // namespace referral::accounts
