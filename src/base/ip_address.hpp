#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace referral {

/// An IPv4 or IPv6 address. An IPv4 address written as IPv6 (::ffff:a.b.c.d) becomes IPv4, so that
/// one client has one address.
class IpAddress {
public:
    /// The unspecified address, "::".
    IpAddress() = default;

    /// Reads "203.0.113.7" or "2001:db8::1", without brackets, zone or port; or nothing.
    static std::optional<IpAddress> parse(std::string_view text);

    /// From 16 bytes in network order, as IPv6 or IPv4-mapped.
    static IpAddress from_bytes(const std::array<std::uint8_t, 16>& bytes) {
        return IpAddress(bytes);
    }

    /// 16 bytes in network order; IPv4 as ::ffff:a.b.c.d.
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

    bool is_v4() const;
    bool is_loopback() const;
    std::string text() const;

    /// The address with all but the first `bits` bits zero; counted from the family's own first bit
    /// (24 of an IPv4 address is its /24).
    IpAddress truncated(int bits) const;

    /// What is kept of an address for good: the /24 of IPv4, the /48 of IPv6.
    IpAddress anonymous() const { return truncated(is_v4() ? 24 : 48); }

    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

private:
    explicit IpAddress(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

    std::array<std::uint8_t, 16> bytes_{};
};

/// A block of addresses, "10.0.0.0/8"; a single address is a block of one.
class IpBlock {
public:
    /// Reads an address, with or without "/bits"; or nothing.
    static std::optional<IpBlock> parse(std::string_view text);

    bool contains(const IpAddress& address) const;

    /// "10.0.0.0/8", always with its bits.
    std::string text() const;

private:
    IpBlock(const IpAddress& first, int bits) : first_(first), bits_(bits) {}

    IpAddress first_;
    int bits_;
};

/// Whether one of `blocks` contains `address`.
bool contains(const std::vector<IpBlock>& blocks, const IpAddress& address);

}  // namespace referral
