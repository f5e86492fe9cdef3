#include "platform/crypto/signature.hpp"

#include <sodium.h>

#include "platform/crypto/sodium.hpp"

namespace referral::crypto {

static_assert(PublicKey().size() == crypto_sign_PUBLICKEYBYTES);
static_assert(Signature().size() == crypto_sign_BYTES);
static_assert(Key().size() == crypto_sign_SEEDBYTES);

SigningKey::SigningKey(const Key& seed) {
    ready_sodium();
    static_assert(std::tuple_size_v<decltype(secret_)> == crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(public_key_.data(), secret_.data(), seed.data());
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Signature SigningKey::sign(std::span<const std::uint8_t> bytes) const {
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, bytes.data(), bytes.size(), secret_.data());
    return signature;
}

bool is_signed_by(const PublicKey& signer, std::span<const std::uint8_t> bytes,
                  const Signature& signature) {
    ready_sodium();
    return crypto_sign_verify_detached(signature.data(), bytes.data(), bytes.size(),
                                       signer.data()) == 0;
}

}  // namespace referral::crypto
