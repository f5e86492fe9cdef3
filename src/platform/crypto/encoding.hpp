#pragma once

/// Bytes as text.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace referral::crypto {

/// The digits of lower-case Crockford base 32: no i, l, o or u.
inline constexpr std::string_view crockford_digits = "0123456789abcdefghjkmnpqrstvwxyz";

/// RFC 4648 §5 without padding.
std::string to_base64url(std::span<const std::uint8_t> bytes);

/// The bytes of `text`, or nothing when it is not exactly what `to_base64url` writes.
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

/// Lower-case hexadecimal.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// The bytes of `text`, of either case, or nothing.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// Big end first, ceil(bits / 5) lower-case Crockford digits, the last filled up with zero bits.
std::string to_crockford(std::span<const std::uint8_t> bytes);

}  // namespace referral::crypto
