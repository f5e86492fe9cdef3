#include "clicks/networks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unordered_map>

#include "base/text.hpp"

namespace referral::clicks {

namespace {

constexpr std::size_t name_bytes_max = 128;
constexpr std::size_t v4_offset = 12;

std::uint64_t number_of(const std::uint8_t* bytes, std::size_t count) {
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < count; ++i) result = result << 8 | bytes[i];
    return result;
}

std::uint32_t v4_of(const IpAddress& address) {
    return static_cast<std::uint32_t>(number_of(address.bytes().data() + v4_offset, 4));
}

std::array<std::uint64_t, 2> v6_of(const IpAddress& address) {
    const std::uint8_t* bytes = address.bytes().data();
    return {number_of(bytes, 8), number_of(bytes + 8, 8)};
}

std::uint32_t after(std::uint32_t address) { return address + 1; }

std::array<std::uint64_t, 2> after(std::array<std::uint64_t, 2> address) {
    if (++address[1] == 0) ++address[0];
    return address;
}

std::uint32_t before(std::uint32_t address) { return address - 1; }

std::array<std::uint64_t, 2> before(std::array<std::uint64_t, 2> address) {
    if (address[1]-- == 0) --address[0];
    return address;
}

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(fmt::format("{}: cannot be opened", file.string()));
    std::string text(static_cast<std::size_t>(std::filesystem::file_size(file)), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
    return text;
}

/// Takes the text up to the next comma off the front of `line`.
std::string_view take_field(std::string_view& line) {
    const auto comma = line.find(',');
    const std::string_view field = line.substr(0, comma);
    line.remove_prefix(comma == line.npos ? line.size() : comma + 1);
    return field;
}

/// A whole field of RFC 4180 without its quotes.
std::string unquoted(std::string_view field) {
    if (field.size() < 2 || field.front() != '"' || field.back() != '"') return std::string(field);
    field = field.substr(1, field.size() - 2);
    std::string result;
    for (std::size_t i = 0; i < field.size(); ++i) {
        result += field[i];
        if (field[i] == '"') ++i;  // A quote is written twice.
    }
    return result;
}

}  // namespace

/// Reads files into the columns of a Networks.
class Networks::Reader {
public:
    explicit Reader(Networks& networks) : networks_(networks) {}

    /// `key` makes the number that addresses of the family compare by.
    template <class Address, class Key>
    void read(const std::filesystem::path& file, Ranges<Address>& ranges, bool v4, const Key& key) {
        const std::string& text = texts_.emplace_back(content(file));
        std::size_t number = 0;
        for (std::string_view rest = text; !rest.empty();) {
            const auto end = rest.find('\n');
            std::string_view line = rest.substr(0, end);
            rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
            ++number;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            const auto first = IpAddress::parse(take_field(line));
            const auto last = IpAddress::parse(take_field(line));
            const std::string_view organisation = line;
            const auto network = parse_number(take_field(line));
            const bool whole =
                first && last && network && first->is_v4() == v4 && last->is_v4() == v4 &&
                add(ranges, key(*first), key(*last), entry(organisation, *network, line));
            if (!whole) throw broken(file, number);
        }
        if (ranges.first.empty()) throw broken(file, number);
        ranges.first.shrink_to_fit();
        ranges.last.shrink_to_fit();
        ranges.network.shrink_to_fit();
    }

private:
    static std::runtime_error broken(const std::filesystem::path& file, std::size_t line) {
        return std::runtime_error(fmt::format(
            "{}: line {}: expected first address, last address, number, organisation, in order",
            file.string(), line));
    }

    static std::optional<std::uint32_t> parse_number(std::string_view text) {
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return number;
    }

    /// False when the range does not begin after the one before it. Where two overlap, the later
    /// has the addresses they share.
    template <class Address>
    static bool add(Ranges<Address>& ranges, const Address& first, const Address& last,
                    std::uint32_t network) {
        if (first > last) return false;
        if (ranges.last.empty() || ranges.last.back() < first) {
            append(ranges, first, last, network);
            return true;
        }
        if (first <= ranges.first.back()) return false;
        const Address outer_last = ranges.last.back();
        const std::uint32_t outer_network = ranges.network.back();
        ranges.last.back() = before(first);
        append(ranges, first, last, network);
        if (last < outer_last) append(ranges, after(last), outer_last, outer_network);
        return true;
    }

    /// One more range behind all others.
    template <class Address>
    static void append(Ranges<Address>& ranges, const Address& first, const Address& last,
                       std::uint32_t network) {
        ranges.first.push_back(first);
        ranges.last.push_back(last);
        ranges.network.push_back(network);
    }

    /// `organisation` is number and name as they stand in the file.
    std::uint32_t entry(std::string_view organisation, std::uint32_t number,
                        std::string_view quoted_name) {
        const auto [known, fresh] =
            known_.try_emplace(organisation, static_cast<std::uint32_t>(networks_.entries_.size()));
        if (fresh) {
            const std::string name = cleaned(unquoted(quoted_name));
            const std::string_view kept = cut(name, name_bytes_max);
            networks_.entries_.push_back(
                {.number = number,
                 .name_offset = static_cast<std::uint32_t>(networks_.names_.size()),
                 .name_bytes = static_cast<std::uint32_t>(kept.size())});
            networks_.names_ += kept;
        }
        return known->second;
    }

    Networks& networks_;
    std::deque<std::string> texts_;  // What known_ points into.
    std::unordered_map<std::string_view, std::uint32_t> known_;
};

Networks::Networks(const std::filesystem::path& ipv4_file, const std::filesystem::path& ipv6_file) {
    Reader reader(*this);
    reader.read(ipv4_file, v4_, true, v4_of);
    reader.read(ipv6_file, v6_, false, v6_of);
    entries_.shrink_to_fit();
    names_.shrink_to_fit();
}

template <class Address>
std::optional<Network> Networks::find(const Ranges<Address>& ranges, const Address& address) const {
    const auto next = std::ranges::upper_bound(ranges.first, address);
    if (next == ranges.first.begin()) return std::nullopt;
    const auto at = static_cast<std::size_t>(next - ranges.first.begin() - 1);
    if (ranges.last[at] < address) return std::nullopt;
    const Entry& entry = entries_[ranges.network[at]];
    return Network{
        .number = entry.number,
        .organisation = std::string_view(names_).substr(entry.name_offset, entry.name_bytes)};
}

std::optional<Network> Networks::find(const IpAddress& address) const {
    return address.is_v4() ? find(v4_, v4_of(address)) : find(v6_, v6_of(address));
}

std::size_t Networks::bytes() const {
    const auto bytes_of = [](const auto& column) {
        return column.capacity() * sizeof(typename std::decay_t<decltype(column)>::value_type);
    };
    return bytes_of(v4_.first) + bytes_of(v4_.last) + bytes_of(v4_.network) + bytes_of(v6_.first) +
           bytes_of(v6_.last) + bytes_of(v6_.network) + bytes_of(entries_) + names_.capacity();
}

}  // namespace referral::clicks
