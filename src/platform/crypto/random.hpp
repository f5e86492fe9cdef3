#pragma once

/// Unpredictable numbers, from the kernel.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace referral::crypto {

void fill_random(std::span<std::uint8_t> bytes);

template <std::size_t Size>
std::array<std::uint8_t, Size> random_bytes() {
    std::array<std::uint8_t, Size> bytes;
    fill_random(bytes);
    return bytes;
}

/// Evenly below `bound`; 0 when `bound` is 0 or 1.
std::uint32_t random_below(std::uint32_t bound);

/// `bytes` random bytes as base64url: 16 give 128 bits in 22 characters.
std::string random_token(std::size_t bytes = 16);

/// `length` random characters of lower-case Crockford base 32, 5 bits each: for what people type.
std::string random_code(std::size_t length);

}  // namespace referral::crypto
