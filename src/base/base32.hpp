#pragma once

/// Crockford's base 32 (https://www.crockford.com/base32.html): digits and letters without i, l, o
/// and u. Written in lower case; read in both, with o as 0 and i or l as 1.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace referral::base32 {

inline constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
inline constexpr std::size_t length_of_64_bits = 13;
inline constexpr std::size_t length_of_128_bits = 26;

/// The value of one character, 0 to 31, or -1 when it is none of the alphabet.
int digit(char c);

/// 13 characters, most significant first.
std::string encode(std::uint64_t value);

/// 26 characters, most significant first, into `out`.
void encode(const std::array<std::uint8_t, 16>& bytes, char* out);
std::string encode(const std::array<std::uint8_t, 16>& bytes);

/// The number written in 13 characters, or nothing.
std::optional<std::uint64_t> decode_64(std::string_view text);

/// The 16 bytes written in 26 characters, or nothing.
std::optional<std::array<std::uint8_t, 16>> decode_128(std::string_view text);

}  // namespace referral::base32
