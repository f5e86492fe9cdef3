#include "platform/crypto/random.hpp"

#include <sodium.h>

#include <vector>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/sodium.hpp"

namespace referral::crypto {

void fill_random(std::span<std::uint8_t> bytes) {
    ready_sodium();
    randombytes_buf(bytes.data(), bytes.size());
}

std::uint32_t random_below(std::uint32_t bound) {
    ready_sodium();
    return randombytes_uniform(bound);
}

std::string random_token(std::size_t bytes) {
    std::vector<std::uint8_t> drawn(bytes);
    fill_random(drawn);
    return to_base64url(drawn);
}

std::string random_code(std::size_t length) {
    std::vector<std::uint8_t> drawn(length);
    fill_random(drawn);
    std::string code;
    // 32 divides 256, so the low five bits of an even byte are even.
    for (const std::uint8_t byte : drawn) code += crockford_digits[byte & 31];
    return code;
}

}  // namespace referral::crypto
