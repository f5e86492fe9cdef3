#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"

namespace referral::clicks {

/// The network that announces an address.
struct Network {
    std::uint32_t number = 0;       // Of the autonomous system: 13335
    std::string_view organisation;  // "Cloudflare, Inc."; lives as long as the Networks.

    friend bool operator==(const Network&, const Network&) = default;
};

/// The networks of addresses, from ip-location-db's CSV files of ranges: first address, last
/// address, number, organisation. Immutable: any thread may ask.
class Networks {
public:
    /// Reads `ipv4_file` (asn-ipv4.csv) and `ipv6_file` (asn-ipv6.csv), each in order of the first
    /// address (0.2 s). Where two ranges overlap the later has the addresses they share. Throws
    /// std::runtime_error, naming file and line, when one is missing or broken.
    Networks(const std::filesystem::path& ipv4_file, const std::filesystem::path& ipv6_file);

    /// The network of `address`, or nothing when no range holds it.
    std::optional<Network> find(const IpAddress& address) const;

    /// How many ranges there are.
    std::size_t ranges() const { return v4_.first.size() + v6_.first.size(); }

    /// How much memory the tables take.
    std::size_t bytes() const;

private:
    using V6 = std::array<std::uint64_t, 2>;  // High half first, so that they compare in order.

    /// Ranges of one family, in order; three plain columns, so that the search touches one only.
    template <class Address>
    struct Ranges {
        std::vector<Address> first;
        std::vector<Address> last;
        std::vector<std::uint32_t> network;
    };

    /// An organisation's name is a stretch of `names_`.
    struct Entry {
        std::uint32_t number;
        std::uint32_t name_offset;
        std::uint32_t name_bytes;
    };

    class Reader;

    template <class Address>
    std::optional<Network> find(const Ranges<Address>& ranges, const Address& address) const;

    Ranges<std::uint32_t> v4_;
    Ranges<V6> v6_;
    std::vector<Entry> entries_;
    std::string names_;
};

}  // namespace referral::clicks
