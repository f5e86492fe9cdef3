#include "platform/http/forwarded.hpp"

#include <optional>
#include <string_view>

#include "base/text.hpp"

namespace referral::http {

namespace {

/// The comma-separated entries of all lines of one name, from the last to the first.
class EntriesFromRight {
public:
    EntriesFromRight(const Request& request, std::string_view lower_name)
        : request_(request), name_(lower_name), lines_left_(request.header_count()) {}

    std::optional<std::string_view> next() {
        while (!in_line_) {
            if (lines_left_ == 0) return std::nullopt;
            const HeaderView line = request_.header_at(--lines_left_);
            if (!same_but_for_case(line.name, name_)) continue;
            rest_ = line.value;
            in_line_ = true;
        }
        const auto comma = rest_.rfind(',');
        const std::string_view entry = comma == rest_.npos ? rest_ : rest_.substr(comma + 1);
        in_line_ = comma != rest_.npos;
        if (in_line_) rest_ = rest_.substr(0, comma);
        return trimmed(entry);
    }

private:
    const Request& request_;
    std::string_view name_;
    std::size_t lines_left_;
    std::string_view rest_;
    bool in_line_ = false;
};

/// An address; the port some proxies write behind it is dropped.
std::optional<IpAddress> address_of(std::string_view entry) {
    if (entry.starts_with('[')) {
        const auto end = entry.find(']');
        return end == entry.npos ? std::nullopt : IpAddress::parse(entry.substr(1, end - 1));
    }
    const auto colon = entry.find(':');
    const bool one_colon = colon != entry.npos && entry.find(':', colon + 1) == entry.npos;
    return IpAddress::parse(one_colon ? entry.substr(0, colon) : entry);
}

}  // namespace

Forwarded forwarded(const Request& request, const IpAddress& peer, bool secure,
                    const std::vector<IpBlock>& trusted) {
    Forwarded result{.client = peer, .secure = secure};
    std::size_t hops = 0;
    EntriesFromRight addresses(request, "x-forwarded-for");
    while (const auto entry = addresses.next()) {
        const auto address = address_of(*entry);
        if (!address) break;
        result.client = *address;
        ++hops;
        if (!contains(trusted, *address)) break;
    }
    // One word per hop when the proxies append; fewer when they set it once.
    EntriesFromRight protocols(request, "x-forwarded-proto");
    for (std::size_t hop = 0; hop < std::max<std::size_t>(hops, 1); ++hop) {
        const auto entry = protocols.next();
        if (!entry) break;
        result.secure = same_but_for_case(*entry, "https");
    }
    return result;
}

}  // namespace referral::http
