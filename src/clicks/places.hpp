#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"

namespace referral::clicks {

/// Where an address is, as its registry and operator say: a country is rarely wrong, a city often.
/// What is not known is empty.
struct Place {
    std::string country;  // ISO 3166-1 alpha-2: "DE"
    std::string region;   // In English: "Bavaria"
    std::string city;     // In English: "Munich"

    friend bool operator==(const Place&, const Place&) = default;
};

/// The places of addresses, from city databases of MaxMind's format (maxmind.github.io/MaxMind-DB),
/// mapped into memory. Two layouts are understood: MaxMind's own nested one ("country" →
/// "iso_code") and ip-location-db's flat one ("country_code", "state1", "city").
/// Any thread may ask while another reloads.
class Places {
public:
    /// Opens `files`, one for both families or one for each; the first that has an entry for an
    /// address answers. Throws std::runtime_error, naming the file, when one is missing or broken.
    explicit Places(std::vector<std::filesystem::path> files);
    ~Places();
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;

    /// Tells places apart without reading them: addresses with the same key are in the same place.
    /// 0 for addresses of no place; keys from before a `reload` are not those from after it.
    using Key = std::uint64_t;
    Key key(const IpAddress& address) const;

    /// Where `address` is; empty for addresses of private networks and those not listed.
    Place find(const IpAddress& address) const;

    /// Only the country, without allocating; empty when not known.
    std::string country(const IpAddress& address) const;

    /// Opens the files anew and answers from them from then on. Throws as the constructor does, and
    /// goes on with the old ones then. A new file must take the old one's place by rename: one
    /// written over while mapped would end the program.
    void reload();

private:
    struct Databases;

    std::shared_ptr<const Databases> databases() const;

    const std::vector<std::filesystem::path> files_;
    mutable std::mutex mutex_;  // Guards the pointer alone, for the moment of copying it.
    std::shared_ptr<const Databases> databases_;
};

/// Whether `address` belongs to no place: private, loopback, link-local, shared, documentation,
/// multicast or unspecified (IANA special-purpose address registries).
bool is_placeless(const IpAddress& address);

}  // namespace referral::clicks
