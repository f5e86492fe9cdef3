#include "accounts/devices.hpp"

#include "base/text.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace referral::accounts {

namespace {

constexpr std::chrono::days remembered{180};

std::int64_t micros(Instant when) { return when.time_since_epoch().count(); }

}  // namespace

Devices::Devices(const crypto::Key& key) : key_(crypto::derived(key, "devices")) {}

std::string Devices::cookie_name(const http::Request& request, UserId user) const {
    constexpr std::size_t digits = 8;
    const std::string hash = crypto::to_hex(
        crypto::blake2b(key_, crypto::bytes_of("name:" + std::to_string(user.value))));
    return (request.secure() ? "__Host-device-" : "device-") + hash.substr(0, digits);
}

std::string Devices::proof(UserId user, std::string_view device, std::int64_t at) const {
    std::string text = "device:" + std::to_string(user.value) + ':' + std::to_string(at) + ':';
    text += device;
    return crypto::to_base64url(crypto::blake2b(key_, crypto::bytes_of(text)));
}

// The value is "NAME.MICROSECONDS.PROOF".
std::optional<std::string> Devices::known(const http::Request& request, UserId user, Instant since,
                                          Instant now) const {
    const auto value = request.cookie(cookie_name(request, user));
    if (!value) return std::nullopt;
    const auto first = value->find('.');
    if (first == value->npos) return std::nullopt;
    const auto second = value->find('.', first + 1);
    if (second == value->npos) return std::nullopt;
    const std::string_view device = value->substr(0, first);
    const auto at = parse_int(value->substr(first + 1, second - first - 1));
    if (!at || *at < micros(since) || *at < micros(now - remembered)) return std::nullopt;
    if (!crypto::equal(value->substr(second + 1), proof(user, device, *at))) return std::nullopt;
    return std::string(device);
}

std::string Devices::cookie(const http::Request& request, UserId user, Instant since,
                            Instant now) const {
    const std::string device = known(request, user, since, now).value_or(crypto::random_token());
    const std::int64_t at = micros(now);
    std::string line = cookie_name(request, user) + '=' + device + '.' + std::to_string(at) + '.' +
                       proof(user, device, at) + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" +
                       std::to_string(std::chrono::seconds(remembered).count());
    if (request.secure()) line += "; Secure";
    return line;
}

}  // namespace referral::accounts
