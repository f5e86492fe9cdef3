#pragma once

#include <optional>
#include <string>

#include "accounts/password.hpp"
#include "accounts/turnstile.hpp"

namespace referral::accounts {

/// Hashes passwords and compares them, few at once.
class Passwords {
public:
    Passwords();

    /// Refuses: unavailable, when too many are being hashed.
    std::string hash(const Password& password);

    /// Whether `hash` is of `password`. Takes as long when there is no hash, and for what is no
    /// password. Refuses: unavailable.
    bool matches(const std::optional<std::string>& hash, const std::optional<Password>& password);

private:
    Turnstile turnstile_{2, 8};
    const std::string nobodys_hash_;  ///< Checked where there is none.
};

}  // namespace referral::accounts
