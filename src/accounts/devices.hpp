#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/user.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/http/request.hpp"

namespace referral::accounts {

/// Browsers that have proved to be their user's, by a cookie of half a year. It lets nobody in; it
/// keeps apart who has been here before and who guesses passwords, so that the guesser's wrong
/// tries do not lock the owner out. One cookie for each user of a browser, which nobody but this
/// program can make.
class Devices {
public:
    explicit Devices(const crypto::Key& key);

    /// The random name of the request's device, if the user's cookie is genuine, not too old, and
    /// was given after `since`.
    std::optional<std::string> known(const http::Request& request, UserId user, Instant since,
                                     Instant now) const;

    /// The value of a Set-Cookie line that remembers the request's device from now on; it keeps
    /// its name when it is known.
    std::string cookie(const http::Request& request, UserId user, Instant since, Instant now) const;

private:
    std::string cookie_name(const http::Request& request, UserId user) const;
    std::string proof(UserId user, std::string_view device, std::int64_t at) const;

    const crypto::Key key_;
};

}  // namespace referral::accounts
