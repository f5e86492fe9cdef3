#include "accounts/email.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace referral::accounts {

std::optional<Email> Email::parse(std::string_view text) {
    constexpr std::size_t length_max = 254, local_length_max = 64;  // RFC 5321, section 4.5.3.1.
    text = trimmed(text);
    const auto at = text.find('@');
    if (text.size() > length_max || at == text.npos || at == 0 || at > local_length_max)
        return std::nullopt;
    const std::string_view domain = text.substr(at + 1);
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    constexpr std::string_view never = "@,;:<>()[]\\\"";
    if (!std::ranges::all_of(text, printable)) return std::nullopt;
    if (text.substr(0, at).find_first_of(never) != text.npos) return std::nullopt;
    if (domain.find_first_of(never) != domain.npos) return std::nullopt;
    if (domain.find('.') == domain.npos || domain.front() == '.' || domain.back() == '.')
        return std::nullopt;
    Email email;
    email.text_ = text;
    return email;
}

}  // namespace referral::accounts
