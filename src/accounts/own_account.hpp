#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/accounts.hpp"

namespace referral::accounts {

/// Body of POST /me/password.
struct PasswordChange {
    std::string current_password;
    Password new_password;
    std::optional<std::string> totp;
};

/// Body of POST /me/email.
struct EmailChange {
    Email email;
    std::string password;
    std::optional<std::string> totp;
};

/// Body of what wants a password and, when there is a second factor, a code.
struct Proof {
    std::string password;
    std::optional<std::string> totp;
};

/// What somebody does with their own account. Whatever would let a stranger at an open screen take
/// the account over wants the password again.
class OwnAccount {
public:
    explicit OwnAccount(Accounts& accounts) : accounts_(accounts) {}

    /// Ends all other sessions, forgets other devices, and mails the user. Refuses: invalid
    /// (current_password, new_password, totp), too_many.
    void change_password(http::Call& call, const PasswordChange& wanted) const;

    /// Has a link mailed to the new address. Refuses: invalid (password).
    void change_email(http::Call& call, const EmailChange& wanted) const;

    /// Refuses: invalid (password), conflict.
    NewSecondFactor begin_totp(http::Call& call, const std::string& password) const;

    /// Gives the recovery codes. Refuses: invalid (code), conflict.
    std::vector<std::string> confirm_totp(http::Call& call, std::string_view code) const;

    /// Refuses: invalid (password, totp; password also when it is too short to do without),
    /// conflict when there is no second factor.
    void disable_totp(http::Call& call, const Proof& proof) const;

    /// Refuses: invalid (password, totp), conflict when there is no second factor.
    std::vector<std::string> renew_recovery_codes(http::Call& call, const Proof& proof) const;

private:
    User prove(http::Call& call, const std::string& password, std::string_view field) const;
    void prove(http::Call& call, const User& user, const std::optional<std::string>& totp) const;
    void note(http::Call& call, std::string_view action) const;

    Accounts& accounts_;
};

}  // namespace referral::accounts
