#pragma once

/// Codes that change every 30 seconds (RFC 6238 with SHA-1 and six digits: what every authenticator
/// can do). No state: what was used is the caller's to remember.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace referral::accounts::totp {

/// 160 random bits (RFC 4226, section 4, R6).
Secret new_secret();

/// The secret as people type it: base 32 of RFC 4648 without padding.
std::string text_of(const Secret& secret);

/// What authenticators read from a QR code.
std::string uri(const Secret& secret, std::string_view issuer, std::string_view account);

/// The code of a step; steps are `now / 30 s`.
std::string code(const Secret& secret, std::int64_t step);
std::int64_t step_at(Instant now);

/// Which step `typed` (six digits, blanks allowed) is the code of: the one at `now`, the one before
/// or the one after, if it is later than `last_step`. Takes the same time whichever it is.
std::optional<std::int64_t> matching_step(const Secret& secret, std::string_view typed, Instant now,
                                          std::int64_t last_step);

}  // namespace referral::accounts::totp
