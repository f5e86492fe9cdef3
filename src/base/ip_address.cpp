#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace referral {

namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int v4_offset_bits = 96;
constexpr std::size_t text_length_max = 45;

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.empty() || text.size() > text_length_max) return std::nullopt;
    char terminated[text_length_max + 1];
    *std::ranges::copy(text, terminated).out = '\0';
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, terminated, bytes.data()) == 1) return IpAddress(bytes);
    std::copy(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
    if (inet_pton(AF_INET, terminated, bytes.data() + v4_prefix.size()) == 1)
        return IpAddress(bytes);
    return std::nullopt;
}

bool IpAddress::is_v4() const {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes_.begin());
}

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes_[12] == 127;
    std::array<std::uint8_t, 16> loopback{};
    loopback[15] = 1;
    return bytes_ == loopback;
}

std::string IpAddress::text() const {
    char text[INET6_ADDRSTRLEN];
    if (is_v4())
        inet_ntop(AF_INET, bytes_.data() + v4_prefix.size(), text, sizeof text);
    else
        inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
    return text;
}

IpAddress IpAddress::truncated(int bits) const {
    const int kept = bits + (is_v4() ? v4_offset_bits : 0);
    IpAddress result;
    for (int i = 0; i < 16; ++i) {
        const int here = std::clamp(kept - 8 * i, 0, 8);
        const auto mask = static_cast<std::uint8_t>(0xff00 >> here);
        result.bytes_[i] = bytes_[i] & mask;
    }
    return result;
}

std::optional<IpBlock> IpBlock::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    const int bits_max = address->is_v4() ? 32 : 128;
    int bits = bits_max;
    if (slash != text.npos) {
        const std::string_view digits = text.substr(slash + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
        if (bits < 0 || bits > bits_max) return std::nullopt;
    }
    return IpBlock(address->truncated(bits), bits);
}

bool IpBlock::contains(const IpAddress& address) const {
    return address.is_v4() == first_.is_v4() && address.truncated(bits_) == first_;
}

std::string IpBlock::text() const { return first_.text() + '/' + std::to_string(bits_); }

bool contains(const std::vector<IpBlock>& blocks, const IpAddress& address) {
    return std::ranges::any_of(blocks, [&](const IpBlock& b) { return b.contains(address); });
}

}  // namespace referral
