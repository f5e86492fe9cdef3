#pragma once

/// Ed25519 (RFC 8032): what one key signs, everybody can check.

#include <array>
#include <cstdint>
#include <span>

#include "platform/crypto/hash.hpp"

namespace referral::crypto {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// The key that signs, made of 32 secret bytes.
class SigningKey {
public:
    explicit SigningKey(const Key& seed);
    ~SigningKey();
    SigningKey(const SigningKey&) = default;
    SigningKey& operator=(const SigningKey&) = default;

    Signature sign(std::span<const std::uint8_t> bytes) const;
    const PublicKey& public_key() const { return public_key_; }

private:
    std::array<std::uint8_t, 64> secret_;
    PublicKey public_key_;
};

/// Whether the key of `signer` signed `bytes`.
bool is_signed_by(const PublicKey& signer, std::span<const std::uint8_t> bytes,
                  const Signature& signature);

}  // namespace referral::crypto
