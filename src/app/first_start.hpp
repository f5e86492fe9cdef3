#pragma once

#include <optional>
#include <string>

#include "accounts/accounts.hpp"
#include "base/secret.hpp"
#include "platform/config/settings.hpp"
#include "platform/db/pool.hpp"

namespace referral::app {

/// How somebody signs in for the first time.
struct FirstSignIn {
    std::string email;
    Secret password;
    bool generated = false;  ///< Not given by the operator: shown once, known to nobody else.
};

/// Makes what an empty database needs: the program "default" and an administrator (ADMIN_EMAIL and
/// ADMIN_PASSWORD, or a generated password). Nothing when there is an administrator already. Throws
/// config::BadSettings when `rules` object to the password, or the address is none.
std::optional<FirstSignIn> ensure_first_start(db::Pool& pool, const config::Settings& settings,
                                              const accounts::PasswordRules& rules, Instant now);

}  // namespace referral::app
