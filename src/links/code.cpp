#include "links/code.hpp"

#include <algorithm>

#include "base/base32.hpp"
#include "platform/crypto/random.hpp"

namespace referral::links {

namespace {

/// Addresses of the program itself, and names that visitors would take for its own.
constexpr std::array<std::string_view, 48> reserved{
    "account", "accounts", "admin",    "administrator", "analytics", "api",       "app",
    "assets",  "auth",     "billing",  "blog",          "clicks",    "dashboard", "docs",
    "favicon", "healthz",  "help",     "index",         "jobs",      "legal",     "links",
    "live",    "login",    "logout",   "mail",          "metrics",   "null",      "oauth",
    "openapi", "payouts",  "ping",     "privacy",       "programs",  "readyz",    "referral",
    "robots",  "root",     "security", "settings",      "sign-in",   "sign-out",  "signup",
    "static",  "status",   "support",  "terms",         "undefined", "users"};

/// What each character is in a key; 0 for what no code has.
constexpr std::array<char, 256> key_characters() {
    std::array<char, 256> table{};
    for (const char c : key_alphabet) {
        table[static_cast<unsigned char>(c)] = c;
        if (c >= 'a' && c <= 'z') table[static_cast<unsigned char>(c - 'a' + 'A')] = c;
    }
    for (const char c : {'o', 'O'}) table[static_cast<unsigned char>(c)] = '0';
    for (const char c : {'i', 'I', 'l', 'L'}) table[static_cast<unsigned char>(c)] = '1';
    return table;
}

constexpr std::array<char, 256> key_character = key_characters();

/// Twice `value` in GF(32) = GF(2)[x] / (x^5 + x^2 + 1), where 2 generates all that is not zero.
constexpr unsigned doubled(unsigned value) {
    return value & 16 ? (value << 1 ^ 0b100101) : value << 1;
}

constexpr unsigned product(unsigned a, unsigned b) {
    unsigned sum = 0;
    for (; b; b >>= 1, a = doubled(a))
        if (b & 1) sum ^= a;
    return sum;
}

/// The digits of a code, each multiplied by another power of 2, add up to zero. The powers are not
/// zero, so that a changed digit shows; and they differ, so that swapped ones show.
constexpr std::array<unsigned, Code::random_length> weights = [] {
    std::array<unsigned, Code::random_length> powers{};
    unsigned power = 1;  // Of the check character, which so is the sum of the others itself.
    for (std::size_t i = powers.size(); i-- > 0; power = doubled(power)) powers[i] = power;
    return powers;
}();

unsigned weighed(std::string_view digits) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum ^= product(static_cast<unsigned>(base32::digit(digits[i])), weights[i]);
    return sum;
}

bool is_reserved(std::string_view code) {
    const CodeKey key(code);
    return std::ranges::any_of(
        reserved, [&](std::string_view word) { return key.text() == CodeKey(word).text(); });
}

}  // namespace

std::optional<Code> Code::parse(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (text.size() < length_min || text.size() > length_max) return std::nullopt;
    if (!std::ranges::all_of(text, allowed) || is_reserved(text)) return std::nullopt;
    return Code{std::string(text)};
}

Code Code::random() {
    std::string text = crypto::random_code(random_length - 1);
    text += base32::alphabet[weighed(text)];
    return Code{std::move(text)};
}

CodeKey::CodeKey(std::string_view text) noexcept {
    if (text.size() < Code::length_min || text.size() > Code::length_max) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
        text_[i] = key_character[static_cast<unsigned char>(text[i])];
        if (!text_[i]) return;
    }
    size_ = static_cast<std::uint8_t>(text.size());
}

std::string code_key(std::string_view code) { return std::string(CodeKey(code).text()); }

std::optional<std::string> code_key_prefix(std::string_view text) {
    if (text.empty() || text.size() > Code::length_max) return std::nullopt;
    std::string key(text);
    for (char& c : key) {
        c = key_character[static_cast<unsigned char>(c)];
        if (!c) return std::nullopt;
    }
    return key;
}

bool check_character_fits(std::string_view text) noexcept {
    const auto is_digit = [](char c) { return base32::digit(c) >= 0; };
    return text.size() == Code::random_length && std::ranges::all_of(text, is_digit) &&
           weighed(text) == 0;
}

}  // namespace referral::links
