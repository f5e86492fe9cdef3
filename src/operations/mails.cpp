#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "operations/mail_schemas.hpp"
#include "operations/operations.hpp"
#include "platform/http/route.hpp"

namespace referral::operations {

namespace {

using http::Body, http::Call, http::Created, http::Page, http::Params, http::Path;
using mail::Mail, mail::MailFilter, mail::Mailer, mail::MailId, mail::MailView;

Page<Mail> list_mails(Call& call, Params<MailFilter> filter) {
    auto page = mail::list(call.transaction(), *filter);
    return {std::move(page.mails), std::move(page.next_cursor)};
}

MailView get_mail(const Mailer& mailer, Call& call, MailId id) {
    return mailer.get(call.transaction(), id);
}

/// Says in the mail who asked, so that a stranger who gets it knows whom to ask.
Created<MailView> send_test(const Mailer& mailer, Call& call, const TestMail& wanted) {
    db::Transaction& tx = call.transaction();
    const auto caller = accounts::find(tx, accounts::UserId{call.caller().user_id});
    const auto id =
        mail::send(tx,
                   {.to = wanted.to.text(),
                    .template_name = "test",
                    .values = {{"sent_by", caller ? caller->email.text() : std::string("somebody")},
                               {"when", mail::moment(call.now())}}},
                   call.now());
    audit::note(tx, audit::actor_of(call),
                {.action = "settings.test-mail",
                 .object_type = "mail",
                 .object_id = id.value().text(),
                 .after = schema::Json<TestMail>::write(wanted)},
                call.now());
    return {mailer.get(tx, id.value())};
}

}  // namespace

http::RouteTable mail_routes(const Mailer& mailer) {
    return {
        http::get("/mails", list_mails,
                  {.name = "listMails",
                   .summary = "List the mails that were written, the newest first",
                   .permission = "mails:read"}),
        http::get("/mails/{id}",
                  [&mailer](Call& call, Path<MailId> id) { return get_mail(mailer, call, *id); },
                  {.name = "getMail",
                   .summary = "Look up a mail, with its content while there is no mail server",
                   .permission = "mails:read"}),
        http::post("/settings/test-mail",
                   [&mailer](Call& call, Body<TestMail> wanted) {
                       return send_test(mailer, call, *wanted);
                   },
                   {.name = "sendTestMail",
                    .summary = "Send a test message",
                    .permission = "settings:write"}),
    };
}

}  // namespace referral::operations
