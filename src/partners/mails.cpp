#include "partners/mails.hpp"

#include "partners/queries.hpp"
#include "platform/mail/mail.hpp"

namespace referral::partners {

namespace {

namespace json = schema::json;

void send(db::Transaction& tx, const Application& to, std::string_view template_name,
          json::object values, Instant now, bool secret = false) {
    values["name"] = to.name.text();
    mail::send(tx,
               {.to = to.email.text(),
                .template_name = template_name,
                .values = std::move(values),
                .secret = secret},
               now);
}

void send_link(const accounts::Mails& mails, db::Transaction& tx, const Application& to,
               Instant now) {
    const auto purpose = accounts::TokenPurpose::verify_email;
    const auto token = accounts::issue_token(tx, purpose, {to.id.value, to.email.text()}, now);
    send(tx, to, "verify-email",
         {{"link", mails.link("/auth/verify", token)}, {"expires_in", "3 days"}}, now, true);
}

}  // namespace

void answer_application(const accounts::Mails& mails, db::Transaction& tx, ApplicationId id,
                        Instant now) {
    const auto application = tx.maybe(sql::find, id);
    if (!application || tx.one(sql::is_waiting, application->email)) return;
    if (const auto user = accounts::find(tx, application->email)) {
        // One such mail an hour, however often somebody tries.
        mail::send(tx,
                   {.to = user->email.text(),
                    .template_name = "account-exists",
                    .values = {{"name", user->name.text()}, {"link", mails.link("/auth/sign-in")}},
                    .dedupe_key = "account-exists:" + user->id.text() + ':' +
                                  to_text(std::chrono::floor<std::chrono::hours>(now))},
                   now);
        return;
    }
    send_link(mails, tx, *application, now);
}

void send_link_again(const accounts::Mails& mails, db::Transaction& tx, const Email& email,
                     Instant now) {
    const auto application = tx.maybe(sql::find_unverified, email);
    if (!application || accounts::find(tx, email)) return;
    if (accounts::was_issued_just_now(tx, accounts::TokenPurpose::verify_email,
                                      application->id.value, now))
        return;
    send_link(mails, tx, *application, now);
}

void mail_received(db::Transaction& tx, const Application& application, Instant now) {
    send(tx, application, "application-received", {}, now);
}

void mail_approved(const accounts::Mails& mails, db::Transaction& tx,
                   const Application& application, Instant now) {
    send(tx, application, "application-approved", {{"link", mails.link("/auth/sign-in")}}, now);
}

void mail_rejected(db::Transaction& tx, const Application& application, const Line<500>& reason,
                   Instant now) {
    send(tx, application, "application-rejected", {{"reason", reason.text()}}, now);
}

}  // namespace referral::partners
