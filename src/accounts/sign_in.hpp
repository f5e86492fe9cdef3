#pragma once

#include <optional>
#include <string>

#include "accounts/devices.hpp"
#include "accounts/mails.hpp"
#include "accounts/passwords.hpp"
#include "accounts/second_factors.hpp"
#include "accounts/sessions.hpp"
#include "platform/http/call.hpp"
#include "platform/http/rate_limits.hpp"

namespace referral::accounts {

/// What somebody signs in with.
struct SignIn {
    std::string email;
    std::string password;
    std::optional<std::string> totp;  ///< A code of the authenticator, or a recovery code.
};

/// Signing in. No answer, status or time tells whether somebody has an address: the same statements
/// run and one password hash is computed whoever asks. Wrong tries slow down per address of the
/// network and per account, apart for devices that are remembered; after ten of them in a row,
/// devices that are not remembered are refused like a wrong password until a mailed link is
/// opened, so that whoever guesses locks out themselves and not the owner
/// (docs/decisions/0012-sign-in-cannot-be-used-to-lock-others-out.md).
class SignIns {
public:
    /// Wrong tries in a row from devices that are not remembered.
    static constexpr std::int64_t failures_max = 10;
    /// After so long without a wrong try, they are forgotten.
    static constexpr std::chrono::hours failures_kept{24};

    /// All must outlive it.
    struct Parts {
        db::Pool& pool;
        http::RateLimits& limits;
        const Sessions& sessions;
        const Devices& devices;
        const SecondFactors& second_factors;
        Passwords& passwords;
        const Mails& mails;
    };

    SignIns(const Parts& parts, const crypto::Key& key);

    /// Begins a session, which the answer's cookie holds. Refuses: unauthenticated (wrong address
    /// or password, disabled, locked), second_factor (the password is right and a code is wanted,
    /// or was wrong), too_many, forbidden (from another site's page), unavailable.
    http::Caller sign_in(http::Call& call, const SignIn& with);

    /// Lets somebody who has proved to own the account's mailbox go on: wrong tries are forgotten
    /// and their browser is remembered.
    void welcome(http::Call& call, UserId user) const;

private:
    struct Attempt;

    std::string hash_of(std::string_view email) const;
    [[noreturn]] void refuse(const Attempt& attempt, Problem problem) const;
    void check_second_factor(http::Call& call, const Attempt& attempt, const SignIn& with) const;
    void note(http::Call& call, const Attempt& attempt) const;

    const Parts parts_;
    const crypto::Key key_;
};

}  // namespace referral::accounts
