#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/user.hpp"
#include "base/secret.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/db/pool.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"

namespace referral::accounts {

/// A second factor that is being set up: what the authenticator is told.
struct NewSecondFactor {
    std::string secret;  ///< As people type it.
    std::string uri;
    std::string qr_svg;
};

/// Codes of authenticators, and the recovery codes for the day they are lost. A code works once;
/// five tries in five minutes are all that somebody gets, right or wrong.
class SecondFactors {
public:
    static constexpr std::int64_t tries_max = 5;
    static constexpr std::chrono::minutes tries_period{5};
    static constexpr int recovery_codes = 10;

    /// `pool`: a try counts also when the request is refused, so it has a transaction of its own.
    SecondFactors(db::Pool& pool, const crypto::Key& key);

    /// Begins to set one up. Refuses: conflict, when there is one.
    NewSecondFactor begin(db::Transaction& tx, const User& user, std::string_view issuer,
                          Instant now) const;

    /// The authenticator's first code: from now on it is wanted. Gives the recovery codes. Refuses:
    /// invalid (code), conflict when none is being set up.
    std::vector<std::string> confirm(db::Transaction& tx, UserId user, std::string_view code,
                                     Instant now) const;

    /// Whether `typed` is the code of this moment or a recovery code, which is then used up.
    /// `device`: who shares the tries; the user's own devices have their own. Refuses: too_many.
    bool check(http::Call& call, UserId user, std::string_view device,
               std::string_view typed) const;

    /// As `check`, for a request that may do without when there is no second factor. Refuses:
    /// invalid (`totp`), too_many.
    void demand(http::Call& call, UserId user, std::string_view device,
                const std::optional<std::string>& typed) const;

    bool enabled(db::Transaction& tx, UserId user) const;

    /// Other recovery codes; the old ones are void.
    std::vector<std::string> renew_recovery_codes(db::Transaction& tx, UserId user) const;

    /// Does away with it; whether there was one.
    bool remove(db::Transaction& tx, UserId user) const;

private:
    Secret opened(UserId user, const std::string& sealed) const;
    std::string hash_of(std::string_view recovery_code) const;

    db::Pool& pool_;
    const crypto::Key sealing_key_, code_key_;
};

}  // namespace referral::accounts
