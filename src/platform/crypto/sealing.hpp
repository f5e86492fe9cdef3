#pragma once

/// Secrets that must be read again: sealed with XChaCha20-Poly1305 (libsodium's construction of
/// draft-irtf-cfrg-xchacha), so that a copy of the database opens nothing and a row's secret cannot
/// be moved to another row.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "platform/crypto/hash.hpp"

namespace referral::crypto {

/// Four bytes that name the key, a random nonce of 24, the sealed text and 16 bytes that prove it.
/// `context` says what it is and whose ("totp:42"); opening wants the same.
std::vector<std::uint8_t> seal(const Key& key, std::string_view context, const Secret& secret);

/// Nothing when it was sealed by another key or for another context, or was changed.
std::optional<Secret> unseal(const Key& key, std::string_view context,
                             std::span<const std::uint8_t> sealed);

}  // namespace referral::crypto
