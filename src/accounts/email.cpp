#include "accounts/email.hpp"

#include "base/mail_address.hpp"
#include "base/text.hpp"

namespace referral::accounts {

std::optional<Email> Email::parse(std::string_view text) {
    text = trimmed(text);
    const auto address = MailAddress::parse(text);
    // People are reached through the Internet: a host of this machine's network is a slip.
    if (!address || address->domain().find('.') == std::string_view::npos) return std::nullopt;
    Email email;
    email.text_ = text;
    return email;
}

}  // namespace referral::accounts
