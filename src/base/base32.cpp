#include "base/base32.hpp"

namespace referral::base32 {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::array<std::int8_t, 256> digits_table() {
    std::array<std::int8_t, 256> table{};
    for (auto& value : table) value = -1;
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        const char c = alphabet[i];
        table[static_cast<unsigned char>(c)] = static_cast<std::int8_t>(i);
        if (c >= 'a')
            table[static_cast<unsigned char>(c - 'a' + 'A')] = static_cast<std::int8_t>(i);
    }
    for (const char c : {'o', 'O'}) table[static_cast<unsigned char>(c)] = 0;
    for (const char c : {'i', 'I', 'l', 'L'}) table[static_cast<unsigned char>(c)] = 1;
    return table;
}

constexpr std::array<std::int8_t, 256> digits = digits_table();

void write(Wide value, std::size_t length, char* out) {
    for (std::size_t i = length; i-- > 0; value >>= 5)
        out[i] = alphabet[static_cast<std::size_t>(value & 31)];
}

/// Reads `bits` bits; the first character holds what is left over of the last five.
std::optional<Wide> read(std::string_view text, std::size_t length, int bits) {
    if (text.size() != length) return std::nullopt;
    const int first_bits = bits - 5 * static_cast<int>(length - 1);
    if (digit(text.front()) >= (1 << first_bits)) return std::nullopt;
    Wide value = 0;
    for (const char c : text) {
        const int d = digit(c);
        if (d < 0) return std::nullopt;
        value = value << 5 | static_cast<unsigned>(d);
    }
    return value;
}

}  // namespace

int digit(char c) { return digits[static_cast<unsigned char>(c)]; }

std::string encode(std::uint64_t value) {
    std::string text(length_of_64_bits, '0');
    write(value, length_of_64_bits, text.data());
    return text;
}

void encode(const std::array<std::uint8_t, 16>& bytes, char* out) {
    Wide value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    write(value, length_of_128_bits, out);
}

std::string encode(const std::array<std::uint8_t, 16>& bytes) {
    std::string text(length_of_128_bits, '0');
    encode(bytes, text.data());
    return text;
}

std::optional<std::uint64_t> decode_64(std::string_view text) {
    const auto value = read(text, length_of_64_bits, 64);
    if (!value) return std::nullopt;
    return static_cast<std::uint64_t>(*value);
}

std::optional<std::array<std::uint8_t, 16>> decode_128(std::string_view text) {
    auto value = read(text, length_of_128_bits, 128);
    if (!value) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; *value >>= 8)
        bytes[i] = static_cast<std::uint8_t>(*value);
    return bytes;
}

}  // namespace referral::base32
