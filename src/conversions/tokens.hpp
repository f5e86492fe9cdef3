#pragma once

/// Signed attribution tokens: what a partner's own program hands a customer, and what the business
/// can check without asking anybody. JSON Web Tokens of Ed25519 (RFC 7519, RFC 8037).

#include <optional>
#include <string>
#include <string_view>

#include "accounts/accounts.hpp"
#include "base/time.hpp"
#include "links/links.hpp"
#include "platform/crypto/signature.hpp"
#include "platform/schema/json.hpp"
#include "programs/programs.hpp"

namespace referral::conversions {

/// What a token says: that the link's partner brings whoever has it.
struct TokenClaims {
    links::LinkId link_id;
    accounts::UserId user_id;
    programs::ProgramId program_id;
    std::string code;
    Instant issued_at{};   ///< Whole seconds; the touch.
    Instant expires_at{};  ///< Whole seconds, exclusive.
    std::string number;    ///< Tells tokens apart; drawn at random.
};

/// Signs and checks.
class Tokens {
public:
    /// `secret` is the installation's; the key is derived. `issuer`: BASE_URL.
    Tokens(const crypto::Key& secret, std::string issuer);

    std::string sign(const TokenClaims& claims) const;

    /// What a token says that this installation signed, however old; or nothing.
    std::optional<TokenClaims> read(std::string_view token) const;

    /// The public key as a JSON Web Key Set.
    schema::json::object key_set() const;

private:
    const crypto::SigningKey key_;
    const std::string issuer_;
    const std::string key_id_;
};

}  // namespace referral::conversions
