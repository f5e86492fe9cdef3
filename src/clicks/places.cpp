#include "clicks/places.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <maxminddb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "base/text.hpp"

namespace referral::clicks {

namespace {

constexpr std::size_t country_bytes = 2;
constexpr std::size_t place_bytes_max = 128;

/// One open file.
class Database {
public:
    explicit Database(const std::filesystem::path& file) {
        const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, &database_);
        if (status != MMDB_SUCCESS)
            throw std::runtime_error(fmt::format("{}: {}", file.string(), MMDB_strerror(status)));
    }
    ~Database() { MMDB_close(&database_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// The entry of `address`, or nothing; also when the file has not its family or is damaged at
    /// that place.
    std::optional<MMDB_entry_s> find(const IpAddress& address) const {
        int status = MMDB_SUCCESS;
        const auto& bytes = address.bytes();
        sockaddr_in v4{};
        sockaddr_in6 v6{};
        const sockaddr* socket_address = nullptr;
        if (address.is_v4()) {
            v4.sin_family = AF_INET;
            std::memcpy(&v4.sin_addr, bytes.data() + 12, 4);
            socket_address = reinterpret_cast<const sockaddr*>(&v4);
        } else {
            v6.sin6_family = AF_INET6;
            std::memcpy(&v6.sin6_addr, bytes.data(), 16);
            socket_address = reinterpret_cast<const sockaddr*>(&v6);
        }
        MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&database_, socket_address, &status);
        if (status != MMDB_SUCCESS || !result.found_entry) return std::nullopt;
        return result.entry;
    }

private:
    MMDB_s database_{};
};

using Path = std::array<const char*, 5>;  // Keys from the outside in; unused ones are null.

/// The text at `path`, of at most `bytes_max` bytes; a view into the mapped file.
std::string_view text_at(MMDB_entry_s entry, const Path& path, std::size_t bytes_max) {
    MMDB_entry_data_s data{};
    if (MMDB_aget_value(&entry, &data, path.data()) != MMDB_SUCCESS) return {};
    if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
    return cut({data.utf8_string, data.data_size}, bytes_max);
}

/// The text at `flat` or, in the other layout, at `nested`.
std::string_view text_at(const MMDB_entry_s& entry, const Path& flat, const Path& nested,
                         std::size_t bytes_max) {
    const std::string_view text = text_at(entry, flat, bytes_max);
    return text.empty() ? text_at(entry, nested, bytes_max) : text;
}

std::string_view country_of(const MMDB_entry_s& entry) {
    const std::string_view code =
        text_at(entry, {"country_code"}, {"country", "iso_code"}, country_bytes);
    const bool letters = std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; });
    return code.size() == country_bytes && letters ? code : std::string_view();
}

}  // namespace

struct Places::Databases {
    std::vector<std::unique_ptr<const Database>> all;

    const std::uint32_t generation;  // How often they were opened before.

    Databases(const std::vector<std::filesystem::path>& files, std::uint32_t opened_before)
        : generation(opened_before) {
        for (const auto& file : files) all.push_back(std::make_unique<const Database>(file));
    }

    std::optional<MMDB_entry_s> find(const IpAddress& address) const {
        for (const auto& database : all)
            if (auto entry = database->find(address)) return entry;
        return std::nullopt;
    }
};

Places::Places(std::vector<std::filesystem::path> files)
    : files_(std::move(files)), databases_(std::make_shared<const Databases>(files_, 0)) {}

Places::~Places() = default;

std::shared_ptr<const Places::Databases> Places::databases() const {
    const std::lock_guard lock(mutex_);
    return databases_;
}

Places::Key Places::key(const IpAddress& address) const {
    if (is_placeless(address)) return 0;
    const auto databases = this->databases();
    for (std::size_t i = 0; i < databases->all.size(); ++i)
        if (const auto entry = databases->all[i]->find(address))
            return ((std::uint64_t{databases->generation} * databases->all.size() + i) << 32 |
                    entry->offset) +
                   1;
    return 0;
}

Place Places::find(const IpAddress& address) const {
    if (is_placeless(address)) return {};
    const auto databases = this->databases();
    const auto entry = databases->find(address);
    if (!entry) return {};
    const Path nested_region{"subdivisions", "0", "names", "en"};
    const Path nested_city{"city", "names", "en"};
    return {.country = std::string(country_of(*entry)),
            .region = cleaned(text_at(*entry, {"state1"}, nested_region, place_bytes_max)),
            .city = cleaned(text_at(*entry, {"city"}, nested_city, place_bytes_max))};
}

std::string Places::country(const IpAddress& address) const {
    if (is_placeless(address)) return {};
    const auto databases = this->databases();
    const auto entry = databases->find(address);
    return entry ? std::string(country_of(*entry)) : std::string();
}

void Places::reload() {
    auto fresh = std::make_shared<const Databases>(files_, databases()->generation + 1);
    const std::lock_guard lock(mutex_);
    databases_.swap(fresh);
}

bool is_placeless(const IpAddress& address) {
    // www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
    static const std::vector<IpBlock> blocks = [] {
        std::vector<IpBlock> result;
        for (const char* block :
             {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
              "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
              "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "::/127", "2001:db8::/32",
              "3fff::/20", "fc00::/7", "fe80::/10", "ff00::/8"})
            result.push_back(IpBlock::parse(block).value());
        return result;
    }();
    return contains(blocks, address);
}

}  // namespace referral::clicks
