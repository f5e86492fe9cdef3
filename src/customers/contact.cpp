/// What contacts are read as: domains, mailboxes, free mail.

#include <algorithm>
#include <array>

#include "base/url.hpp"
#include "customers/customers.hpp"

namespace referral::customers {

namespace {

/// Where everybody can have an address: the large ones and those of access providers of North
/// America and Europe. In the order of letters, for it is searched by halves.
constexpr std::array<std::string_view, 66> free_mail{
    {"126.com",        "163.com",        "aim.com",        "aol.com",        "att.net",
     "bellsouth.net",  "bluewin.ch",     "bt.com",         "btinternet.com", "charter.net",
     "comcast.net",    "cox.net",        "duck.com",       "earthlink.net",  "email.com",
     "fastmail.com",   "foxmail.com",    "free.fr",        "freenet.de",     "frontier.com",
     "gmail.com",      "gmx.at",         "gmx.ch",         "gmx.com",        "gmx.de",
     "gmx.net",        "googlemail.com", "hey.com",        "hotmail.co.uk",  "hotmail.com",
     "hotmail.de",     "hotmail.fr",     "hushmail.com",   "icloud.com",     "inbox.com",
     "juno.com",       "laposte.net",    "libero.it",      "live.com",       "mac.com",
     "mail.com",       "mail.ru",        "me.com",         "msn.com",        "naver.com",
     "netzero.net",    "optonline.net",  "orange.fr",      "outlook.com",    "proton.me",
     "protonmail.com", "qq.com",         "rediffmail.com", "rocketmail.com", "sbcglobal.net",
     "t-online.de",    "tutanota.com",   "verizon.net",    "web.de",         "wp.pl",
     "yahoo.co.uk",    "yahoo.com",      "yandex.com",     "yandex.ru",      "ymail.com",
     "zoho.com"}};
static_assert(std::ranges::is_sorted(free_mail));

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
        return false;
    return std::ranges::all_of(
        label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// Host names of at least two labels, the last of which is no number.
bool is_host(std::string_view text) {
    if (text.size() > 253) return false;
    std::size_t labels = 0;
    std::string_view last;
    for (std::string_view left = text;;) {
        const auto dot = left.find('.');
        last = left.substr(0, dot);
        if (!is_label(last)) return false;
        ++labels;
        if (dot == left.npos) break;
        left.remove_prefix(dot + 1);
    }
    return labels >= 2 && !std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Domain> Domain::parse(std::string_view text) {
    std::string host = lower(trimmed(text));
    if (host.starts_with("http://") || host.starts_with("https://")) {
        const auto url = Url::parse(host);
        if (!url) return std::nullopt;
        host = url->host();
    }
    if (const auto at = host.find('@'); at != host.npos) host.erase(0, at + 1);
    if (host.starts_with("www.")) host.erase(0, 4);
    if (host.ends_with('.')) host.pop_back();
    if (!is_host(host)) return std::nullopt;
    Domain domain;
    domain.text_ = std::move(host);
    return domain;
}

bool is_free_mail(std::string_view domain) {
    return std::ranges::binary_search(free_mail, std::string_view(lower(domain)));
}

std::string mailbox_of(const Email& email) {
    std::string text = lower(email.text());
    const auto at = text.find('@');
    if (at == text.npos) return text;
    std::string local = text.substr(0, at);
    std::string domain = text.substr(at + 1);
    if (domain == "googlemail.com") domain = "gmail.com";
    if (domain == "gmail.com") {
        if (const auto plus = local.find('+'); plus != local.npos && plus > 0) local.erase(plus);
        if (local.find_first_not_of('.') != local.npos) std::erase(local, '.');
    }
    return local + '@' + domain;
}

bool Contact::is_empty() const { return !external_id && !email; }

}  // namespace referral::customers
