#include "accounts/mails.hpp"

#include "accounts/api_keys.hpp"
#include "accounts/browser.hpp"
#include "platform/mail/mail.hpp"

namespace referral::accounts {

namespace {

namespace json = schema::json;

/// "30 minutes", "3 days".
std::string text_of(std::chrono::minutes time) {
    constexpr std::int64_t hour = 60, day = 24 * hour;
    const std::int64_t minutes = time.count();
    if (minutes >= 2 * day) return std::to_string(minutes / day) + " days";
    if (minutes >= 2 * hour) return std::to_string(minutes / hour) + " hours";
    return std::to_string(minutes) + " minutes";
}

/// When, from where and by what a request came.
json::object facts_of(const http::Call& call) {
    json::object values{{"when", mail::moment(call.now())}, {"ip", call.request().client().text()}};
    const Browser browser = Browser::of(call.request().header("User-Agent").value_or(""));
    std::string device = browser.name.value_or("");
    if (browser.os) device += (device.empty() ? "" : " on ") + *browser.os;
    if (!device.empty()) values["device"] = device;
    return values;
}

/// With a link that carries a token.
void send_link(db::Transaction& tx, const User& user, const std::string& to,
               std::string_view template_name, json::object values, Instant now) {
    values["name"] = user.name.text();
    mail::send(
        tx, {.to = to, .template_name = template_name, .values = std::move(values), .secret = true},
        now);
}

/// Enough of a new address to know it by, for a mailbox that is perhaps another's by now.
std::string masked(const Email& email) {
    const std::string& text = email.text();
    return text.substr(0, 1) + "…" + text.substr(text.find('@'));
}

constexpr std::string_view security_page = "/settings/security";

}  // namespace

void mail_user(db::Transaction& tx, const User& user, std::string_view template_name,
               json::object values, Instant now) {
    values["name"] = user.name.text();
    mail::send(
        tx, {.to = user.email.text(), .template_name = template_name, .values = std::move(values)},
        now);
}

std::string Mails::link(std::string_view path, std::string_view token) const {
    std::string address = base_url_;
    address += path;
    if (!token.empty()) address.append("?token=").append(token);
    return address;
}

void Mails::invitation(db::Transaction& tx, const User& user, Instant now) const {
    const auto purpose = TokenPurpose::invitation;
    const auto token = issue_token(tx, purpose, {user.id.value, user.email.text()}, now);
    send_link(tx, user, user.email.text(), "invitation",
              {{"link", link("/auth/invite", token)},
               {"role", json::string(name_of(user.role))},
               {"expires_in", text_of(lifetime(purpose))}},
              now);
}

void Mails::reset_password(db::Transaction& tx, const User& user, Instant now) const {
    const auto purpose = TokenPurpose::reset_password;
    const auto token = issue_token(tx, purpose, {user.id.value, user.email.text()}, now);
    send_link(tx, user, user.email.text(), "reset-password",
              {{"link", link("/auth/reset", token)}, {"expires_in", text_of(lifetime(purpose))}},
              now);
}

void Mails::sign_in_locked(db::Transaction& tx, const User& user, Instant now) const {
    const auto purpose = TokenPurpose::unlock;
    const auto token = issue_token(tx, purpose, {user.id.value, user.email.text()}, now);
    send_link(tx, user, user.email.text(), "sign-in-locked",
              {{"link", link("/auth/unlock", token)},
               {"expires_in", text_of(lifetime(purpose))},
               {"when", mail::moment(now)}},
              now);
}

void Mails::email_change(db::Transaction& tx, const User& user, const Email& wanted,
                         Instant now) const {
    const auto purpose = TokenPurpose::email_change;
    const auto token = issue_token(tx, purpose, {user.id.value, wanted.text()}, now);
    send_link(
        tx, user, wanted.text(), "email-change",
        {{"link", link("/auth/confirm-email", token)}, {"expires_in", text_of(lifetime(purpose))}},
        now);
}

void Mails::totp_taken_away(db::Transaction& tx, const User& user, Instant now) const {
    mail_user(tx, user, "totp-changed",
              {{"change", "taken away by an administrator"},
               {"when", mail::moment(now)},
               {"link", link(security_page)}},
              now);
}

void Mails::email_changed(http::Call& call, const User& before, const Email& email) const {
    json::object values = facts_of(call);
    values["new_email"] = masked(email);
    mail_user(call.transaction(), before, "email-changed-notice", std::move(values), call.now());
}

void Mails::new_sign_in(http::Call& call, const User& user) const {
    json::object values = facts_of(call);
    values["link"] = link(security_page);
    mail_user(call.transaction(), user, "new-sign-in", std::move(values), call.now());
}

void Mails::totp_changed(http::Call& call, const User& user, bool enabled) const {
    json::object values = facts_of(call);
    values["change"] = enabled ? "turned on" : "turned off";
    values["link"] = link(security_page);
    mail_user(call.transaction(), user, "totp-changed", std::move(values), call.now());
}

void Mails::password_changed(http::Call& call, const User& user) const {
    json::object values = facts_of(call);
    values["link"] = link("/auth/forgot");
    mail_user(call.transaction(), user, "password-changed", std::move(values), call.now());
}

void Mails::api_key_created(http::Call& call, const User& user, const ApiKey& key) const {
    json::object values = facts_of(call);
    std::string scopes;
    for (const std::string& scope : key.scopes) scopes += (scopes.empty() ? "" : ", ") + scope;
    values["key_name"] = key.name.text();
    values["key_prefix"] = key.key_id;
    values["scopes"] = scopes;
    values["link"] = link("/settings/api-keys");
    mail_user(call.transaction(), user, "api-key-created", std::move(values), call.now());
}

}  // namespace referral::accounts
