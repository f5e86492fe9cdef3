#include "platform/cache/redis_address.hpp"

#include "base/text.hpp"

namespace referral::cache {

namespace {

/// Percent-decoding where `+` is a plus: form_decoded makes it a space.
std::string decoded(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '+')
            escaped += "%2B";
        else
            escaped += c;
    }
    return form_decoded(escaped);
}

std::optional<int> number_up_to(std::string_view text, int max) {
    const auto number = parse_int(text);
    if (!number || *number < 0 || *number > max) return std::nullopt;
    return static_cast<int>(*number);
}

/// Splits host and port; false when they are none.
bool read_place(std::string_view text, RedisAddress& address) {
    const bool bracketed = text.starts_with('[');
    const auto end = bracketed ? text.find(']') : text.rfind(':');
    if (bracketed && end == text.npos) return false;
    const auto colon = bracketed ? end + 1 : end;
    address.host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    if (address.host.empty() || address.host.find_first_of(" /?#@") != std::string::npos)
        return false;
    if (!bracketed && address.host.find(':') != std::string::npos) return false;
    if (colon >= text.size()) return true;
    const auto port = number_up_to(text.substr(colon + 1), 65'535);
    if (text[colon] != ':' || !port || *port == 0) return false;
    address.port = *port;
    return true;
}

}  // namespace

std::optional<RedisAddress> RedisAddress::parse(std::string_view text) {
    constexpr std::string_view scheme = "redis://";
    constexpr int databases_max = 9'999;
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());

    RedisAddress address;
    if (const auto slash = text.find('/'); slash != text.npos) {
        const std::string_view database = text.substr(slash + 1);
        const auto number = number_up_to(database.empty() ? "0" : database, databases_max);
        if (!number) return std::nullopt;
        address.database = *number;
        text = text.substr(0, slash);
    }
    if (const auto at = text.rfind('@'); at != text.npos) {
        const std::string_view entry = text.substr(0, at);
        const auto colon = entry.find(':');
        if (colon == entry.npos) return std::nullopt;
        address.user = decoded(entry.substr(0, colon));
        address.password = Secret(decoded(entry.substr(colon + 1)));
        text = text.substr(at + 1);
    }
    if (!read_place(text, address)) return std::nullopt;
    return address;
}

}  // namespace referral::cache
