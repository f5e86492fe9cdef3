#include "accounts/api_key.hpp"

#include <algorithm>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/crypto/random.hpp"
#include "platform/journal/crc32c.hpp"

namespace referral::accounts {

namespace {

constexpr std::string_view letters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t id_length = 8, secret_length = 32, checksum_length = 6;

std::string checksum(std::string_view text) {
    constexpr auto base = static_cast<std::uint32_t>(letters.size());
    std::uint32_t value = journal::crc32c(std::as_bytes(std::span(text)));
    std::string out(checksum_length, '0');
    for (auto at = out.rbegin(); at != out.rend(); ++at, value /= base) *at = letters[value % base];
    return out;
}

bool made_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == text.npos;
}

}  // namespace

ApiKeyText ApiKeyText::draw() { return draw(crypto::random_code(id_length)); }

ApiKeyText ApiKeyText::draw(std::string_view key_id) {
    std::string secret;
    for (std::size_t i = 0; i < secret_length; ++i)
        secret += letters[crypto::random_below(letters.size())];
    ApiKeyText key;
    key.key_id_ = key_id;
    key.secret_ = Secret(secret);
    explicit_bzero(secret.data(), secret.size());
    return key;
}

std::optional<ApiKeyText> ApiKeyText::parse(std::string_view text) {
    constexpr std::size_t length =
        prefix.size() + id_length + 1 + secret_length + 1 + checksum_length;
    if (text.size() != length || !text.starts_with(prefix)) return std::nullopt;
    const std::string_view key_id = text.substr(prefix.size(), id_length);
    const std::string_view secret = text.substr(prefix.size() + id_length + 1, secret_length);
    const std::string_view signed_part = text.substr(0, length - checksum_length - 1);
    if (text[prefix.size() + id_length] != '_' || text[signed_part.size()] != '_')
        return std::nullopt;
    if (!made_of(key_id, crypto::crockford_digits) || !made_of(secret, letters))
        return std::nullopt;
    if (text.substr(signed_part.size() + 1) != checksum(signed_part)) return std::nullopt;
    ApiKeyText key;
    key.key_id_ = key_id;
    key.secret_ = Secret(secret);
    return key;
}

std::string ApiKeyText::secret_hash() const {
    return crypto::to_hex(crypto::sha256(secret_.reveal()));
}

Secret ApiKeyText::text() const {
    std::string whole(prefix);
    whole += key_id_ + '_' + secret_.reveal();
    whole += '_' + checksum(whole);
    Secret text(whole);
    explicit_bzero(whole.data(), whole.size());
    return text;
}

}  // namespace referral::accounts
