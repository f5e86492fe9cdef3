/// The jobs of this folder.

#include "partners/mails.hpp"

namespace referral::partners {

jobs::JobTable tasks(const accounts::Accounts& accounts) {
    return {
        {.name = "partners.answer-application",
         .meaning = "Mail an applicant how to go on, or the owner of the address that there is an "
                    "account",
         .work =
             [&accounts](jobs::Run& run) {
                 const ApplicationId id{run.payload().at("id").to_number<std::int64_t>()};
                 answer_application(accounts, run.transaction(), id, run.now());
             }},
        {.name = "partners.send-again",
         .meaning = "Mail an applicant the link again",
         .work =
             [&accounts](jobs::Run& run) {
                 const std::string email(run.payload().at("email").as_string());
                 if (const auto parsed = Email::parse(email))
                     send_link_again(accounts, run.transaction(), *parsed, run.now());
             }},
    };
}

}  // namespace referral::partners
