/// The settings of mail, from those of the program.

#include "platform/config/settings.hpp"
#include "base/url.hpp"
#include "platform/mail/mail.hpp"

namespace referral::mail {

namespace {

Security security_of(const config::Settings& settings) {
    if (settings.mail_use_ssl) return Security::tls;
    return settings.mail_use_tls ? Security::starttls : Security::none;
}

MailSender sender_of(const config::Settings& settings) {
    if (const auto sender = MailSender::parse(settings.mail_default_sender)) return *sender;
    if (const auto address = MailAddress::parse(settings.mail_username)) return {"", *address};
    const auto site = Url::parse(settings.base_url);
    const auto address = MailAddress::parse("no-reply@" + (site ? std::string(site->host()) : ""));
    return {"", address ? *address : MailAddress::parse("no-reply@localhost").value()};
}

}  // namespace

Settings settings_from(const config::Settings& settings) {
    return {.server = {.host = settings.mail_server,
                       .port = static_cast<std::uint16_t>(settings.mail_port),
                       .security = security_of(settings),
                       .username = settings.mail_username,
                       .password = settings.mail_password,
                       .authorities = settings.mail_ca,
                       .timeout = settings.mail_timeout_seconds},
            .sender = sender_of(settings),
            .site_url = settings.base_url,
            .kept = std::chrono::days(settings.mail_keep_days)};
}

}  // namespace referral::mail
