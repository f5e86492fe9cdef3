#include "clicks/unlock.hpp"

#include <algorithm>
#include <cstring>

#include "base/base32.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"

namespace referral::clicks {

namespace {

constexpr std::string_view cookie_prefix = "unlock_";
constexpr std::size_t name_bytes = cookie_prefix.size() + base32::length_of_64_bits;
constexpr std::size_t mac_bytes = 16;
constexpr std::size_t value_bytes = base32::length_of_64_bits + base32::length_of_128_bits;
constexpr int tries_per_minute_max = 10;

using Name = std::array<char, name_bytes>;

Name name_of(const links::Entry& link) {
    Name name;
    const std::string id = base32::encode(static_cast<std::uint64_t>(link.link_id().value));
    std::ranges::copy(id, std::ranges::copy(cookie_prefix, name.begin()).out);
    return name;
}

std::array<std::uint8_t, mac_bytes> mac(const crypto::Key& key, const links::Entry& link,
                                        std::uint64_t until) {
    constexpr std::size_t hash_bytes_max = 128;  // Argon2id's text has 97.
    std::array<std::uint8_t, 16 + hash_bytes_max> text{};
    const std::int64_t id = link.link_id().value;
    const std::string_view hash = link.password_hash().substr(0, hash_bytes_max);
    std::memcpy(text.data(), &id, sizeof id);
    std::memcpy(text.data() + 8, &until, sizeof until);
    std::memcpy(text.data() + 16, hash.data(), hash.size());
    const crypto::Digest digest = crypto::blake2b(key, text);
    std::array<std::uint8_t, mac_bytes> out;
    std::copy_n(digest.begin(), mac_bytes, out.begin());
    return out;
}

std::uint64_t in_seconds(Instant when) {
    return static_cast<std::uint64_t>(when.time_since_epoch() / std::chrono::seconds(1));
}

/// The value of `name` in a form, decoded; empty when absent.
std::string form_value(std::string_view form, std::string_view name) {
    while (!form.empty()) {
        const std::string_view pair = form.substr(0, form.find('&'));
        form.remove_prefix(std::min(form.size(), pair.size() + 1));
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
            return form_decoded(pair.substr(name.size() + 1));
    }
    return {};
}

}  // namespace

UnlockCookies::UnlockCookies(const crypto::Key& secret)
    : key_(crypto::derived(secret, "link_unlock")) {}

std::string UnlockCookies::value(const links::Entry& link, std::uint64_t until) const {
    return base32::encode(until) + base32::encode(mac(key_, link, until));
}

bool UnlockCookies::open(const http::Request& request, const links::Entry& link,
                         Instant now) const noexcept {
    const Name name = name_of(link);
    const auto cookie = request.cookie({name.data(), name.size()});
    if (!cookie || cookie->size() != value_bytes) return false;
    const auto until = base32::decode_64(cookie->substr(0, base32::length_of_64_bits));
    const auto given = base32::decode_128(cookie->substr(base32::length_of_64_bits));
    return until && given && crypto::equal(mac(key_, link, *until), *given) &&
           in_seconds(now) < *until;
}

std::string UnlockCookies::set_cookie(const links::Entry& link, Instant now, bool secure) const {
    const Name name = name_of(link);
    const std::uint64_t until = in_seconds(now) + static_cast<std::uint64_t>(valid_for.count());
    return std::string(name.data(), name.size()) + '=' + value(link, until) +
           "; Path=/r/; Max-Age=" + std::to_string(valid_for.count()) + "; HttpOnly; SameSite=Lax" +
           (secure ? "; Secure" : "");
}

UnlockForm::UnlockForm(const links::Directory& directory, const UnlockCookies& cookies,
                       const Pages& pages)
    : directory_(directory),
      cookies_(cookies),
      pages_(pages),
      tries_key_(crypto::random_bytes<16>()) {}

bool UnlockForm::may_try(const http::Request& request, links::LinkId link, Instant now) {
    std::array<std::uint8_t, 24> text;
    // All of an IPv6 network counts as one: its owner has addresses without end.
    const IpAddress& client = request.client();
    const IpAddress who_asks = client.is_v4() ? client : client.truncated(64);
    std::ranges::copy(who_asks.bytes(), text.begin());
    std::memcpy(text.data() + 16, &link.value, sizeof link.value);
    const std::uint64_t who = crypto::siphash64(tries_key_, text);
    const std::int64_t minute = now.time_since_epoch() / std::chrono::minutes(1);

    const std::lock_guard lock(mutex_);
    Tries& tries = tries_[who % tries_.size()];
    if (tries.minute != minute) tries = {.minute = minute, .who = who};
    return ++tries.count <= tries_per_minute_max;
}

http::Response UnlockForm::form_again(const http::Request& request, int status,
                                      std::string_view code, std::string_view message) const {
    http::Response response{.status = status};
    pages_.password.append(response.body, {.code = code, .message = message});
    const auto add = [&response](const auto& header) {
        response.headers.push_back({std::string(header.first), std::string(header.second)});
    };
    std::ranges::for_each(page_headers, add);
    if (request.secure()) add(secure_page_header);
    response.headers.push_back({"Cache-Control", "no-store"});
    if (status == 429) response.headers.push_back({"Retry-After", "60"});
    if (status == 503) response.headers.push_back({"Retry-After", "5"});
    return response;
}

http::Response UnlockForm::handle(const http::Request& request, Instant now) {
    if (request.method() != http::Method::post) {
        http::Response response = http::Response::refusal(405);
        response.headers.push_back({"Allow", "POST"});
        return response;
    }
    const std::string code = form_value(request.body(), "code");
    const Secret password(form_value(request.body(), "password"));
    links::Directory::Reader reader(directory_);
    const links::Entry* link = reader.find(code);
    if (!link || !link->has_password() || link->state(now) != links::State::active)
        return http::Response::refusal(404);
    if (!may_try(request, link->link_id(), now))
        return form_again(request, 429, link->code(), "Too many tries. Wait a minute.");
    try {
        // The link is read before and after the costly part, not during it: a reader holds up the
        // freeing of old entries.
        const std::string hash(link->password_hash());
        reader.rest();
        const accounts::Turnstile::Pass pass = password_checks_.enter();
        if (!crypto::matches(hash, password))
            return form_again(request, 403, code, "That is not it.");
    } catch (const Problem&) {
        return form_again(request, 503, code, "Too busy just now. Try again.");
    }
    link = reader.find(code);
    if (!link || !link->has_password()) return http::Response::refusal(404);
    http::Response response{.status = 303};
    response.headers = {{"Location", "/r/" + std::string(link->code())},
                        {"Cache-Control", "no-store"},
                        {"Set-Cookie", cookies_.set_cookie(*link, now, request.secure())}};
    return response;
}

}  // namespace referral::clicks
