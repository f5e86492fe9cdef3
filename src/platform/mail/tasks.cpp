#include "platform/mail/mail.hpp"

namespace referral::mail {

jobs::JobTable tasks(Mailer& mailer) {
    return {
        {.name = "mails.send",
         .meaning = "Hands a mail of the outbox to the mail server.",
         .work = [&mailer](jobs::Run& run) { mailer.deliver(run); },
         .transactional = false,
         // The mail's own count decides; this one also counts what is not the server's fault.
         .attempts_max = 2 * attempts_max,
         .time_max = mailer.time_max()},
        {.name = "mails.forget",
         .meaning = "Removes mails that are older than MAIL_KEEP_DAYS.",
         .work = [&mailer](jobs::Run& run) { mailer.forget(run); }},
    };
}

std::vector<jobs::Schedule> schedules() {
    return {{.name = "old mails", .kind = "mails.forget", .cron = "20 3 * * *", .timezone = "UTC"}};
}

}  // namespace referral::mail
