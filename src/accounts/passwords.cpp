#include "accounts/passwords.hpp"

#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"

namespace referral::accounts {

Passwords::Passwords() : nobodys_hash_(crypto::hash_password(Secret(crypto::random_token()))) {}

std::string Passwords::hash(const Password& password) {
    const auto pass = turnstile_.enter();
    return crypto::hash_password(password.secret());
}

bool Passwords::matches(const std::optional<std::string>& hash,
                        const std::optional<Password>& password) {
    const auto pass = turnstile_.enter();
    const Secret none("no password");
    const bool same =
        crypto::matches(hash.value_or(nobodys_hash_), password ? password->secret() : none);
    return same && hash && password;
}

}  // namespace referral::accounts
