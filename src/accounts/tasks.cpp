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

jobs::JobTable tasks(const Accounts& accounts) {
    return {
        {.name = "accounts.forgot-password",
         .meaning = "Mail a link for a new password, if somebody has the address",
         .work =
             [&accounts](jobs::Run& run) {
                 mail_password_reset(accounts, run.transaction(), email_of(run), run.now());
             }},
        {.name = "accounts.change-email",
         .meaning = "Mail a link to the new address of a user, if it is free",
         .work =
             [&accounts](jobs::Run& run) {
                 const UserId user{run.payload().at("user_id").to_number<std::int64_t>()};
                 mail_email_change(accounts, run.transaction(), user, email_of(run), run.now());
             }},
        {.name = "accounts.tell-locked",
         .meaning = "Mail who was locked out by wrong sign-ins how to go on",
         .work =
             [&accounts](jobs::Run& run) {
                 mail_sign_in_locked(accounts, run.transaction(), email_of(run), run.now());
             }},
    };
}

void forget_ended(db::Pool& pool, const SessionSettings& settings, Instant now) {
    db::Transaction tx(pool);
    end_old_views(tx, now);
    tx.run_for_effect(sql::delete_ended_sessions, now, now - settings.idle_max);
    tx.run_for_effect(sql::delete_ended_tokens, now);
    tx.run_for_effect(sql::delete_old_failures, now - SignIns::failures_kept);
    tx.run_for_effect(sql::delete_old_tries, now - SecondFactors::tries_period);
    tx.commit();
}

}  // namespace referral::accounts
