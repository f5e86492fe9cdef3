#include "clicks/click_id.hpp"

#include <algorithm>
#include <cstring>

#include "base/base32.hpp"

namespace referral::clicks {

namespace {

constexpr std::string_view id_prefix = "clk_";
constexpr std::uint32_t count_bits = 18;
constexpr std::uint32_t count_max = (1u << count_bits) - 1;

void put_big_endian(std::uint64_t value, std::uint8_t* out) {
    for (int i = 7; i >= 0; --i, value >>= 8) out[i] = static_cast<std::uint8_t>(value);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

std::optional<ClickId> ClickId::parse(std::string_view text) {
    if (!text.starts_with(id_prefix)) return std::nullopt;
    const auto bytes = base32::decode_128(text.substr(id_prefix.size()));
    if (!bytes) return std::nullopt;
    return ClickId{*bytes};
}

std::optional<ClickId> ClickId::parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    ClickId id;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int digit = hex_digit(text[i]);
        if (digit < 0) return std::nullopt;
        std::uint8_t& byte = id.bytes[digits++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | digit);
    }
    return id;
}

std::string ClickId::text() const {
    char out[click_id_text_bytes];
    write_text(*this, out);
    return {out, sizeof out};
}

std::string ClickId::uuid() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

std::uint64_t ClickId::milliseconds() const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value << 8 | bytes[i];
    return value;
}

std::uint32_t ClickId::shard() const {
    return static_cast<std::uint32_t>((bytes[6] & 15) << 2 | bytes[7] >> 6);
}

std::uint32_t ClickId::epoch() const {
    // Bits 50 to 65 below the top of the low half: after 2 variant and 12 counter bits.
    std::uint64_t low = 0;
    for (std::size_t i = 8; i < 16; ++i) low = low << 8 | bytes[i];
    return static_cast<std::uint32_t>(low >> 34 & 0xffff);
}

void write_text(const ClickId& id, char (&out)[click_id_text_bytes]) noexcept {
    std::ranges::copy(id_prefix, out);
    base32::encode(id.bytes, out + id_prefix.size());
}

ClickIds::ClickIds(std::uint64_t node, std::uint32_t epoch, std::uint32_t shard,
                   std::uint32_t random)
    : shard_bits_(std::uint64_t{7} << 12 | (shard & 63u) << 6),
      low_bits_(std::uint64_t{1} << 63 | std::uint64_t{epoch & 0xffffu} << 34 |
                (node & 0xffff) << 18 | (random & 0x3ffff)) {}

ClickId ClickIds::next(Instant now) noexcept {
    const auto at = static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, now.time_since_epoch() / std::chrono::milliseconds(1)));
    if (at > milliseconds_) {
        milliseconds_ = at;
        count_ = 0;
    } else if (count_ == count_max) {
        ++milliseconds_;
        count_ = 0;
    } else {
        ++count_;
    }
    ClickId id;
    put_big_endian(milliseconds_ << 16 | shard_bits_ | count_ >> 12, id.bytes.data());
    put_big_endian(low_bits_ | std::uint64_t{count_ & 0xfff} << 50, id.bytes.data() + 8);
    return id;
}

}  // namespace referral::clicks
