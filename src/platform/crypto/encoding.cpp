#include "platform/crypto/encoding.hpp"

#include <sodium.h>

namespace referral::crypto {

namespace {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

}  // namespace

std::string to_base64url(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    text.pop_back();  // libsodium ends it with a zero.
    return text;
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() / 4 * 3 + 3);
    std::size_t length = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length,
                          nullptr, variant) != 0)
        return std::nullopt;
    bytes.resize(length);
    return bytes;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string text(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
    if (text.empty()) return std::vector<std::uint8_t>();
    std::vector<std::uint8_t> bytes(text.size() / 2);
    std::size_t length = 0;
    if (text.size() % 2 != 0 || sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(),
                                               nullptr, &length, nullptr) != 0)
        return std::nullopt;
    if (length != bytes.size()) return std::nullopt;
    return bytes;
}

std::string to_crockford(std::span<const std::uint8_t> bytes) {
    std::string text;
    unsigned held = 0;
    int held_bits = 0;
    for (const std::uint8_t byte : bytes) {
        held = (held << 8 | byte) & 0xfff;
        for (held_bits += 8; held_bits >= 5; held_bits -= 5)
            text += crockford_digits[held >> (held_bits - 5) & 31];
    }
    if (held_bits > 0) text += crockford_digits[held << (5 - held_bits) & 31];
    return text;
}

}  // namespace referral::crypto
