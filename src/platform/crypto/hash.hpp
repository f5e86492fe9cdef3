#pragma once

/// Hashes, with and without a key.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace referral::crypto {

/// 32 bytes of a hash.
using Digest = std::array<std::uint8_t, 32>;

/// 32 bytes that only the program knows.
using Key = std::array<std::uint8_t, 32>;

/// A text as the bytes the functions of this folder take.
inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// SHA-256 (FIPS 180-4) of what is added piece by piece. Copying it copies the state.
class Sha256 {
public:
    Sha256();
    void add(std::span<const std::uint8_t> bytes);
    void add(std::string_view text) { add(bytes_of(text)); }

    /// The hash of all added so far; more can be added after.
    Digest digest() const;

private:
    alignas(8) std::array<std::uint8_t, 104> state_;
};

Digest sha256(std::span<const std::uint8_t> bytes);
inline Digest sha256(std::string_view text) { return sha256(bytes_of(text)); }

/// HMAC-SHA-256 (RFC 2104), a key of any length.
Digest hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> bytes);

/// BLAKE2b-256 (RFC 7693): quicker than SHA-256, for what never leaves the program.
Digest blake2b(std::span<const std::uint8_t> bytes);

/// Keyed BLAKE2b-256, a message authentication code by itself.
Digest blake2b(const Key& key, std::span<const std::uint8_t> bytes);

/// A key for one purpose ("visitor_cookie"), so that no key serves two.
Key derived(const Key& key, std::string_view purpose);

/// SipHash's 16-byte key.
using SipKey = std::array<std::uint8_t, 16>;

/// The first half of `derived`.
SipKey derived_sip(const Key& key, std::string_view purpose);

/// SipHash-2-4, 64 bits, some 60 ns for 32 bytes: on the click path, and against made-up
/// collisions in tables. Not a message authentication code for secrets worth more than 64 bits.
std::uint64_t siphash64(const SipKey& key, std::span<const std::uint8_t> bytes) noexcept;

/// SipHash-2-4 with 128 bits.
std::array<std::uint8_t, 16> siphash128(const SipKey& key,
                                        std::span<const std::uint8_t> bytes) noexcept;

/// Whether both are the same, in a time that depends on the lengths only.
bool equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept;
inline bool equal(std::string_view a, std::string_view b) noexcept {
    return equal(bytes_of(a), bytes_of(b));
}

}  // namespace referral::crypto
