/// The jobs of this folder, and its upkeep.

#include "accounts/mailed_links.hpp"
#include "accounts/queries.hpp"
#include "accounts/session_queries.hpp"
#include "accounts/view_as.hpp"

namespace referral::accounts {

namespace {

std::string email_of(const jobs::Run& run) {
    return std::string(run.payload().at("email").as_string());
}

}  // namespace

jobs::JobTable tasks(const std::string& base_url, std::chrono::minutes idle_max) {
    const Mails mails(base_url);
    return {
        {.name = "accounts.forgot-password",
         .meaning = "Mail a link for a new password, if somebody has the address",
         .work =
             [mails](jobs::Run& run) {
                 mail_password_reset(mails, run.transaction(), email_of(run), run.now());
             }},
        {.name = "accounts.change-email",
         .meaning = "Mail a link to the new address of a user, if it is free",
         .work =
             [mails](jobs::Run& run) {
                 const UserId user{run.payload().at("user_id").to_number<std::int64_t>()};
                 mail_email_change(mails, run.transaction(), user, email_of(run), run.now());
             }},
        {.name = "accounts.tell-locked",
         .meaning = "Mail who was locked out by wrong sign-ins how to go on",
         .work =
             [mails](jobs::Run& run) {
                 mail_sign_in_locked(mails, run.transaction(), email_of(run), run.now());
             }},
        {.name = "accounts.forget-ended",
         .meaning = "Delete what is over: sessions, tokens, wrong sign-ins",
         .work =
             [idle_max](jobs::Run& run) { forget_ended(run.transaction(), idle_max, run.now()); }},
    };
}

std::vector<jobs::Schedule> schedules() {
    return {{"ended sessions", "accounts.forget-ended", "*/5 * * * *", "UTC"}};
}

void forget_ended(db::Transaction& tx, std::chrono::minutes idle_max, Instant now) {
    end_old_views(tx, now);
    tx.run_for_effect(sql::delete_ended_sessions, now, now - idle_max);
    tx.run_for_effect(sql::delete_ended_tokens, now);
    tx.run_for_effect(sql::delete_old_failures, now - SignIns::failures_kept);
    tx.run_for_effect(sql::delete_old_tries, now - SecondFactors::tries_period);
}

}  // namespace referral::accounts
