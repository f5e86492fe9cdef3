#pragma once

/// Links with a password: a form asks for it once, and a short-lived cookie then opens the link.

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "accounts/accounts.hpp"
#include "base/time.hpp"
#include "clicks/pages.hpp"
#include "links/links.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

namespace referral::clicks {

/// The cookies `unlock_…`: until when, signed together with the link and its password's hash, so
/// that a new password closes the link again. Immutable: any thread may ask.
class UnlockCookies {
public:
    static constexpr std::chrono::seconds valid_for{600};

    /// `secret` is the installation's; the key is derived.
    explicit UnlockCookies(const crypto::Key& secret);

    /// Whether the request brings a good cookie for `link`. Does not allocate.
    bool open(const http::Request& request, const links::Entry& link, Instant now) const noexcept;

    /// The value of the Set-Cookie line that opens `link` from `now` on.
    std::string set_cookie(const links::Entry& link, Instant now, bool secure) const;

private:
    std::string value(const links::Entry& link, std::uint64_t until) const;

    crypto::Key key_;
};

/// Serves the form's POST: checks the password, hands out the cookie and leads back to the link.
class UnlockForm {
public:
    static constexpr std::string_view path = "/links/unlock";
    static constexpr std::size_t body_bytes_max = 8 * 1024;

    /// All must outlive it.
    UnlockForm(const links::Directory& directory, const UnlockCookies& cookies, const Pages& pages);

    /// The answer to POST `path` with `code` and `password` as a form: 303 back to the link, 403
    /// with the form again, 404 for a link without password, 405, 429 after ten tries in a minute
    /// by one address on one link, 503 when too many passwords are being checked. May block.
    http::Response handle(const http::Request& request, Instant now);

private:
    /// Tries of one address on one link in one minute; two may share a place, to their cost.
    struct Tries {
        std::int64_t minute = 0;
        std::uint64_t who = 0;
        int count = 0;
    };

    bool may_try(const http::Request& request, links::LinkId link, Instant now);
    http::Response form_again(const http::Request& request, int status, std::string_view code,
                              std::string_view message) const;

    const links::Directory& directory_;
    const UnlockCookies& cookies_;
    const Pages& pages_;
    accounts::Turnstile password_checks_{2, 8};
    const crypto::SipKey tries_key_;
    std::mutex mutex_;
    std::array<Tries, 4096> tries_;
};

}  // namespace referral::clicks
