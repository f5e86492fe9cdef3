#include "conversions/tokens.hpp"

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace referral::conversions {

namespace {

namespace json = schema::json;

std::string base64url(std::string_view text) {
    return crypto::to_base64url(crypto::bytes_of(text));
}

std::int64_t seconds_of(Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string key_id_of(const crypto::PublicKey& key) {
    return crypto::to_hex(crypto::sha256(key)).substr(0, 16);
}

std::string text_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<Instant> instant_at(const json::object& object, std::string_view name) {
    constexpr std::int64_t seconds_max = 253'402'300'799;  // The year 9999 ends.
    const auto* value = object.if_contains({name.data(), name.size()});
    if (!value || !value->is_int64()) return std::nullopt;
    const std::int64_t seconds = value->get_int64();
    if (seconds < 0 || seconds > seconds_max) return std::nullopt;
    return Instant(std::chrono::seconds(seconds));
}

/// The JSON object in base64url, or nothing.
std::optional<json::object> object_in(std::string_view text) {
    const auto bytes = crypto::from_base64url(text);
    if (!bytes) return std::nullopt;
    boost::system::error_code error;
    const json::value value =
        json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, error);
    if (error || !value.is_object()) return std::nullopt;
    return value.get_object();
}

}  // namespace

Tokens::Tokens(const crypto::Key& secret, std::string issuer)
    : key_(crypto::derived(secret, "attribution_tokens")),
      issuer_(std::move(issuer)),
      key_id_(key_id_of(key_.public_key())) {}

std::string Tokens::sign(const TokenClaims& claims) const {
    const json::object header{{"alg", "EdDSA"}, {"typ", "JWT"}, {"kid", key_id_}};
    const json::object payload{{"iss", issuer_},
                               {"sub", claims.user_id.text()},
                               {"iat", seconds_of(claims.issued_at)},
                               {"exp", seconds_of(claims.expires_at)},
                               {"jti", claims.number},
                               {"link_id", claims.link_id.text()},
                               {"program_id", claims.program_id.text()},
                               {"code", claims.code}};
    const std::string signed_text =
        base64url(json::serialize(header)) + '.' + base64url(json::serialize(payload));
    return signed_text + '.' + crypto::to_base64url(key_.sign(crypto::bytes_of(signed_text)));
}

std::optional<TokenClaims> Tokens::read(std::string_view token) const {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == token.npos || last == first) return std::nullopt;
    const auto bytes = crypto::from_base64url(token.substr(last + 1));
    crypto::Signature signature{};
    if (!bytes || bytes->size() != signature.size()) return std::nullopt;
    std::ranges::copy(*bytes, signature.begin());
    // Before anything of it is parsed. The header is signed too, and was made here.
    if (!crypto::is_signed_by(key_.public_key(), crypto::bytes_of(token.substr(0, last)),
                              signature))
        return std::nullopt;
    const auto payload = object_in(token.substr(first + 1, last - first - 1));
    if (!payload) return std::nullopt;
    const auto link = links::LinkId::parse(text_at(*payload, "link_id"));
    const auto user = accounts::UserId::parse(text_at(*payload, "sub"));
    const auto program = programs::ProgramId::parse(text_at(*payload, "program_id"));
    const auto issued_at = instant_at(*payload, "iat");
    const auto expires_at = instant_at(*payload, "exp");
    if (!link || !user || !program || !issued_at || !expires_at) return std::nullopt;
    return TokenClaims{.link_id = *link,
                       .user_id = *user,
                       .program_id = *program,
                       .code = text_at(*payload, "code"),
                       .issued_at = *issued_at,
                       .expires_at = *expires_at,
                       .number = text_at(*payload, "jti")};
}

json::object Tokens::key_set() const {
    return {{"keys", json::array{json::object{{"kty", "OKP"},
                                              {"crv", "Ed25519"},
                                              {"alg", "EdDSA"},
                                              {"use", "sig"},
                                              {"kid", key_id_},
                                              {"x", crypto::to_base64url(key_.public_key())}}}}};
}

}  // namespace referral::conversions
