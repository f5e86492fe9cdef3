#include "base/url.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/text.hpp"

namespace referral {

namespace {

constexpr std::size_t host_length_max = 253;  // RFC 1035, section 2.3.4.

/// Letters, digits and dashes between dots: what a browser and a resolver agree on.
bool is_host_name(std::string_view host) {
    if (host.empty() || host.size() > host_length_max) return false;
    if (host.front() == '.' || host.back() == '.' || host.find("..") != host.npos) return false;
    return std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

bool is_port(std::string_view port) {
    return !port.empty() && port.size() <= 5 &&
           std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; }) &&
           std::stoi(std::string(port)) > 0 && std::stoi(std::string(port)) <= 65'535;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
    if (text.size() > length_max) return std::nullopt;
    const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
    if (!parsed) return std::nullopt;
    const boost::urls::url_view view = *parsed;
    const auto scheme = view.scheme_id();
    const bool https = scheme == boost::urls::scheme::https;
    if (!https && scheme != boost::urls::scheme::http) return std::nullopt;
    if (!view.has_authority() || view.has_userinfo()) return std::nullopt;
    // Boost 1.81 takes "host:443.evil.example" for a port and a path without its slash.
    const auto path = view.encoded_path();
    if (!path.empty() && path.front() != '/') return std::nullopt;

    Url url;
    url.text_ = text;
    url.https_ = https;
    const auto host = view.encoded_host_address();
    url.host_ = lower({host.data(), host.size()});
    const bool is_ipv6 = view.host_type() == boost::urls::host_type::ipv6;
    if (!is_ipv6 && !is_host_name(url.host_)) return std::nullopt;
    if (view.host_type() == boost::urls::host_type::ipvfuture) return std::nullopt;
    if (view.has_port()) {
        url.port_ = std::string(view.port().data(), view.port().size());
        if (!is_port(url.port_)) return std::nullopt;
    }
    return url;
}

std::optional<HostPattern> HostPattern::parse(std::string_view text) {
    HostPattern pattern;
    pattern.text_ = lower(text);
    std::string_view host = pattern.text_;
    if (const auto colon = host.rfind(':'); colon != host.npos) {
        pattern.port_ = host.substr(colon + 1);
        if (!is_port(pattern.port_)) return std::nullopt;
        host = host.substr(0, colon);
    }
    pattern.host_ = host;
    const bool any_below = host.starts_with("*.");
    const std::string_view name = any_below ? host.substr(2) : host;
    if (!is_host_name(name)) return std::nullopt;
    // "*.com" would open the redirect to the whole world.
    if (any_below && name.find('.') == name.npos) return std::nullopt;
    return pattern;
}

bool HostPattern::matches(const Url& url) const {
    const std::string_view usual = url.is_https() ? "443" : "80";
    const std::string_view port = url.port().empty() ? usual : std::string_view(url.port());
    if (port != (port_.empty() ? usual : std::string_view(port_))) return false;
    if (!host_.starts_with("*.")) return url.host() == host_;
    return url.host().size() > host_.size() - 1 && url.host().ends_with(host_.substr(1));
}

}  // namespace referral
