#pragma once

#include <string>
#include <string_view>

#include "accounts/email.hpp"
#include "accounts/tokens.hpp"
#include "accounts/user.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"
#include "platform/schema/json.hpp"

namespace referral::accounts {

struct ApiKey;

/// Mails a user by name, in the transaction of what it tells of. Throws as mail::send.
void mail_user(db::Transaction& tx, const User& user, std::string_view template_name,
               schema::json::object values, Instant now);

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
    void totp_taken_away(db::Transaction& tx, const User& user, Instant now) const;

    // What a request has just done; the mail says from where it came.

    /// To the address until now.
    void email_changed(http::Call& call, const User& before, const Email& email) const;
    void new_sign_in(http::Call& call, const User& user) const;
    void totp_changed(http::Call& call, const User& user, bool enabled) const;
    void password_changed(http::Call& call, const User& user) const;
    void api_key_created(http::Call& call, const User& user, const ApiKey& key) const;

private:
    const std::string base_url_;
};

}  // namespace referral::accounts
