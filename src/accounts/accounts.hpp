#pragma once

/// Who signs in: users and their roles, sessions, second factors, API keys, and the links mailed to
/// them. Start with README.md.

#include <filesystem>
#include <string>
#include <vector>

#include "accounts/api_keys.hpp"
#include "accounts/devices.hpp"
#include "accounts/mailed.hpp"
#include "accounts/mails.hpp"
#include "accounts/password_rules.hpp"
#include "accounts/passwords.hpp"
#include "accounts/permissions.hpp"
#include "accounts/second_factors.hpp"
#include "accounts/sessions.hpp"
#include "accounts/sign_in.hpp"
#include "accounts/site_settings.hpp"
#include "accounts/tokens.hpp"
#include "accounts/turnstile.hpp"
#include "accounts/user.hpp"
#include "accounts/users.hpp"
#include "platform/db/pool.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::accounts {

/// What accounts need to know of the installation.
struct AccountSettings {
    SessionSettings sessions{};              ///< Its key is the one that all others derive from.
    std::string base_url;                    ///< Mailed links begin with it, never with a Host.
    std::filesystem::path common_passwords;  ///< See PasswordRules.
};

/// Everything of this folder that lives as long as the program.
struct Accounts {
    /// `pool` and `limits` must outlive it.
    Accounts(db::Pool& pool, http::RateLimits& limits, const AccountSettings& settings)
        : sessions(settings.sessions),
          devices(settings.sessions.key),
          second_factors(pool, settings.sessions.key),
          password_rules(settings.common_passwords),
          mails(settings.base_url),
          users(mails),
          api_keys(mails),
          sign_ins({.pool = pool,
                    .limits = limits,
                    .sessions = sessions,
                    .devices = devices,
                    .second_factors = second_factors,
                    .passwords = passwords,
                    .mails = mails},
                   settings.sessions.key) {}
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    Sessions sessions;
    const Devices devices;
    const SecondFactors second_factors;
    const PasswordRules password_rules;
    Passwords passwords;
    const Mails mails;
    const Users users;
    const ApiKeys api_keys;
    SignIns sign_ins;
};

/// Deletes what is over: sessions, tokens, wrong sign-ins, tries of codes.
void forget_ended(db::Transaction& tx, std::chrono::minutes idle_max, Instant now);

/// Sign-in, one's own account, users and keys. `accounts` must outlive them.
http::RouteTable routes(Accounts& accounts);

/// The jobs behind answers that must not tell whether somebody has an address, and the upkeep of
/// what is over. `base_url`: mailed links begin with it.
jobs::JobTable tasks(const std::string& base_url, std::chrono::minutes idle_max);
std::vector<jobs::Schedule> schedules();

}  // namespace referral::accounts
