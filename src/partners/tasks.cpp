/// The jobs of this folder.

#include "partners/mails.hpp"

namespace referral::partners {

jobs::JobTable tasks(const std::string& base_url) {
    const accounts::Mails mails(base_url);
    return {
        {.name = "partners.answer-application",
         .meaning = "Mail an applicant how to go on, or the owner of the address that there is an "
                    "account",
         .work =
             [mails](jobs::Run& run) {
                 const ApplicationId id{run.payload().at("id").to_number<std::int64_t>()};
                 answer_application(mails, run.transaction(), id, run.now());
             }},
        {.name = "partners.send-again",
         .meaning = "Mail an applicant the link again",
         .work =
             [mails](jobs::Run& run) {
                 const std::string email(run.payload().at("email").as_string());
                 if (const auto parsed = Email::parse(email))
                     send_link_again(mails, run.transaction(), *parsed, run.now());
             }},
        {.name = "partners.forget-unverified",
         .meaning = "Delete applications that nobody verified for a week",
         .work = [](jobs::Run& run) { forget_unverified(run.transaction(), run.now()); }},
        {.name = "partners.take-in",
         .meaning = "Enrol partners who were invited as users, or were given the role",
         .work = [](jobs::Run& run) { take_in_newcomers(run.transaction(), run.now()); }},
    };
}

std::vector<jobs::Schedule> schedules() {
    return {{"unverified applications", "partners.forget-unverified", "13 * * * *", "UTC"},
            {"new partners", "partners.take-in", "* * * * *", "UTC"}};
}

}  // namespace referral::partners
