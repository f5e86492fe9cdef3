#include "base/mail_address.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace referral {

std::optional<MailAddress> MailAddress::parse(std::string_view text) {
    constexpr std::size_t length_max = 254, local_length_max = 64;  // RFC 5321, section 4.5.3.1.
    constexpr std::string_view never = "@,;:<>()[]\\\"";
    const auto at = text.find('@');
    if (text.size() > length_max || at == text.npos || at == 0 || at > local_length_max)
        return std::nullopt;
    const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (!std::ranges::all_of(text, printable)) return std::nullopt;
    if (local.find_first_of(never) != local.npos || domain.find_first_of(never) != domain.npos)
        return std::nullopt;
    if (domain.empty() || domain.front() == '.' || domain.back() == '.') return std::nullopt;
    MailAddress address;
    address.text_ = text;
    return address;
}

std::string_view MailAddress::domain() const {
    return std::string_view(text_).substr(text_.find('@') + 1);
}

std::optional<MailSender> MailSender::parse(std::string_view text) {
    MailSender sender;
    std::string_view address = trimmed(text);
    if (const auto open = address.rfind('<'); open != address.npos && address.ends_with('>')) {
        const auto name = Line<100>::parse(address.substr(0, open));
        if (name) sender.name = name->text();
        if (!name && open != 0) return std::nullopt;
        address = address.substr(open + 1, address.size() - open - 2);
    }
    std::string_view name = sender.name;
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
        sender.name = std::string(name.substr(1, name.size() - 2));
    const auto parsed = MailAddress::parse(address);
    if (!parsed) return std::nullopt;
    sender.address = *parsed;
    return sender;
}

}  // namespace referral
