#include "base/id.hpp"

#include "base/base32.hpp"

namespace referral::detail {

namespace {

/// Any odd constants do: they only have to differ between rounds.
constexpr std::uint32_t round_keys[] = {0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f};

std::uint32_t mixed(std::uint32_t half, std::uint32_t key) {
    half = (half ^ key) * 0x7feb352d;
    half = (half ^ half >> 15) * 0x846ca68b;
    return half ^ half >> 16;
}

/// A Feistel network: every 64-bit number has exactly one image, and the way back is the same steps
/// in the other order.
std::uint64_t shuffled(std::uint64_t value) {
    auto left = static_cast<std::uint32_t>(value >> 32), right = static_cast<std::uint32_t>(value);
    for (const std::uint32_t key : round_keys) {
        const std::uint32_t next = left ^ mixed(right, key);
        left = right;
        right = next;
    }
    return static_cast<std::uint64_t>(left) << 32 | right;
}

std::uint64_t unshuffled(std::uint64_t value) {
    auto left = static_cast<std::uint32_t>(value >> 32), right = static_cast<std::uint32_t>(value);
    for (int round = 3; round >= 0; --round) {
        const std::uint32_t before = right ^ mixed(left, round_keys[round]);
        right = left;
        left = before;
    }
    return static_cast<std::uint64_t>(left) << 32 | right;
}

}  // namespace

std::string id_text(std::string_view prefix, std::int64_t value) {
    std::string text(prefix);
    return text + '_' + base32::encode(shuffled(static_cast<std::uint64_t>(value)));
}

std::optional<std::int64_t> parse_id(std::string_view prefix, std::string_view text) {
    if (text.size() != prefix.size() + 1 + base32::length_of_64_bits) return std::nullopt;
    if (!text.starts_with(prefix) || text[prefix.size()] != '_') return std::nullopt;
    const auto number = base32::decode_64(text.substr(prefix.size() + 1));
    if (!number) return std::nullopt;
    const auto value = static_cast<std::int64_t>(unshuffled(*number));
    if (value <= 0) return std::nullopt;
    return value;
}

}  // namespace referral::detail
