#include "platform/crypto/hash.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <new>

#include "platform/crypto/sodium.hpp"

namespace referral::crypto {

namespace {

using State = crypto_hash_sha256_state;
static_assert(sizeof(State) == 104 && alignof(State) <= 8);
static_assert(Digest().size() == crypto_hash_sha256_BYTES);
static_assert(SipKey().size() == crypto_shorthash_siphashx24_KEYBYTES);

State& state_in(std::array<std::uint8_t, sizeof(State)>& bytes) {
    return *std::launder(reinterpret_cast<State*>(bytes.data()));
}

}  // namespace

Sha256::Sha256() { crypto_hash_sha256_init(&state_in(state_)); }

void Sha256::add(std::span<const std::uint8_t> bytes) {
    crypto_hash_sha256_update(&state_in(state_), bytes.data(), bytes.size());
}

Digest Sha256::digest() const {
    Sha256 copy = *this;
    Digest digest;
    crypto_hash_sha256_final(&state_in(copy.state_), digest.data());
    return digest;
}

Digest sha256(std::span<const std::uint8_t> bytes) {
    Digest digest;
    crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
    return digest;
}

Digest hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> bytes) {
    Digest digest{};
    crypto_auth_hmacsha256_state state;
    // libsodium wants an address even of an empty key.
    crypto_auth_hmacsha256_init(&state, key.empty() ? digest.data() : key.data(), key.size());
    crypto_auth_hmacsha256_update(&state, bytes.data(), bytes.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    sodium_memzero(&state, sizeof state);
    return digest;
}

Digest blake2b(std::span<const std::uint8_t> bytes) {
    ready_sodium();
    Digest digest;
    crypto_generichash(digest.data(), digest.size(), bytes.data(), bytes.size(), nullptr, 0);
    return digest;
}

Digest blake2b(const Key& key, std::span<const std::uint8_t> bytes) {
    ready_sodium();
    Digest digest;
    crypto_generichash(digest.data(), digest.size(), bytes.data(), bytes.size(), key.data(),
                       key.size());
    return digest;
}

Key derived(const Key& key, std::string_view purpose) { return blake2b(key, bytes_of(purpose)); }

SipKey derived_sip(const Key& key, std::string_view purpose) {
    const Key whole = derived(key, purpose);
    SipKey half;
    std::copy_n(whole.begin(), half.size(), half.begin());
    return half;
}

std::uint64_t siphash64(const SipKey& key, std::span<const std::uint8_t> bytes) noexcept {
    std::array<std::uint8_t, 8> hash;
    crypto_shorthash_siphash24(hash.data(), bytes.data(), bytes.size(), key.data());
    return std::bit_cast<std::uint64_t>(hash);
}

std::array<std::uint8_t, 16> siphash128(const SipKey& key,
                                        std::span<const std::uint8_t> bytes) noexcept {
    std::array<std::uint8_t, 16> hash;
    crypto_shorthash_siphashx24(hash.data(), bytes.data(), bytes.size(), key.data());
    return hash;
}

bool equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
    return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace referral::crypto
