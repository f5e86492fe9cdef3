#pragma once

#include <string>
#include <string_view>

#include "accounts/email.hpp"
#include "accounts/tokens.hpp"
#include "accounts/user.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/request.hpp"

namespace referral::accounts {

/// What users are mailed, each in the transaction of what it tells of. Links begin with BASE_URL,
/// never with what a request says its host is; those with a token lead to a page whose button sends
/// the token, so that a mail scanner that opens every link uses none up.
class Mails {
public:
    explicit Mails(std::string base_url) : base_url_(std::move(base_url)) {}

    /// The address of a page, with a token where it needs one.
    std::string link(std::string_view path, std::string_view token = {}) const;

    void invitation(db::Transaction& tx, const User& user, Instant now) const;
    void reset_password(db::Transaction& tx, const User& user, Instant now) const;
    void sign_in_locked(db::Transaction& tx, const User& user, Instant now) const;
    /// To the new address.
    void email_change(db::Transaction& tx, const User& user, const Email& wanted,
                      Instant now) const;
    /// To the address until now.
    void email_changed(db::Transaction& tx, const User& before, const Email& email,
                       Instant now) const;
    void new_sign_in(db::Transaction& tx, const User& user, const http::Request& request,
                     Instant now) const;
    void totp_changed(db::Transaction& tx, const User& user, bool enabled, Instant now) const;
    void password_changed(db::Transaction& tx, const User& user, Instant now) const;
    void api_key_created(db::Transaction& tx, const User& user, std::string_view key,
                         Instant now) const;

private:
    const std::string base_url_;
};

}  // namespace referral::accounts
