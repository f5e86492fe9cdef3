#include "platform/config/settings.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace referral::config {

namespace {

constexpr std::int64_t port_max = 65'535;

std::optional<IpAddress> parse_host(std::string_view host) {
    if (host == "*") return IpAddress();
    if (host == "localhost") return IpAddress::parse("127.0.0.1");
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const auto address = IpAddress::parse(bracketed ? host.substr(1, host.size() - 2) : host);
    if (!address || address->is_v4() == bracketed) return std::nullopt;
    return address;
}

}  // namespace

std::string Endpoint::text() const {
    if (address.is_v4()) return fmt::format("{}:{}", address.text(), port);
    return fmt::format("[{}]:{}", address.text(), port);
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    const auto address = parse_host(text.substr(0, colon));
    const auto port = parse_int(text.substr(colon + 1));
    if (!address || !port || *port < 0 || *port > port_max) return std::nullopt;
    return Endpoint{.address = *address, .port = static_cast<std::uint16_t>(*port)};
}

}  // namespace referral::config
