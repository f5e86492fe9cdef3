#include "accounts/own_account.hpp"

#include "accounts/queries.hpp"
#include "audit/audit.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::accounts {

/// The caller, whose password this is. An API key has none and does not get here.
User OwnAccount::prove(http::Call& call, const std::string& password,
                       std::string_view field) const {
    db::Transaction& tx = call.transaction();
    User user = tx.one(sql::find, UserId{call.caller().user_id});
    const auto hash = tx.one(sql::password_hash, user.id);
    if (!accounts_.passwords.matches(hash, Password::parse(password)))
        throw invalid(std::string(field), "is not right");
    return user;
}

void OwnAccount::prove(http::Call& call, const User& user,
                       const std::optional<std::string>& totp) const {
    // The session is proof enough to have tries of its own.
    const std::string who = "session:" + std::to_string(call.caller().session_id);
    accounts_.second_factors.demand(call, user.id, who, totp);
}

void OwnAccount::note(http::Call& call, std::string_view action) const {
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = action,
                 .object_type = "user",
                 .object_id = UserId{call.caller().user_id}.text()},
                call.now());
}

void OwnAccount::change_password(http::Call& call, const PasswordChange& wanted) const {
    const User user = prove(call, wanted.current_password, "current_password");
    db::Transaction& tx = call.transaction();
    accounts_.password_rules.check(
        wanted.new_password,
        {.email = user.email.text(),
         .name = user.name.text(),
         .has_second_factor = accounts_.second_factors.enabled(tx, user.id)},
        "new_password");
    prove(call, user, wanted.totp);
    const Instant now = call.now();
    tx.run_for_effect(sql::set_password, user.id, accounts_.passwords.hash(wanted.new_password),
                      now);
    tx.run_for_effect(sql::forget_tokens, user.id.value);
    end_sessions(tx, user.id, SessionId{call.caller().session_id});
    accounts_.sessions.renew(call);
    call.add_header("Set-Cookie", accounts_.devices.cookie(call.request(), user.id, now, now));
    accounts_.mails.password_changed(call, user);
    note(call, "users.change-password");
}

void OwnAccount::change_email(http::Call& call, const EmailChange& wanted) const {
    const User user = prove(call, wanted.password, "password");
    prove(call, user, wanted.totp);
    // A job looks whether the address is free: this answer must not tell.
    jobs::enqueue(call.transaction(),
                  {.kind = "accounts.change-email",
                   .payload = {{"user_id", user.id.value},
                               {"email", schema::json::string(wanted.email.text())}}},
                  call.now());
    note(call, "users.ask-for-email");
}

NewSecondFactor OwnAccount::begin_totp(http::Call& call, const std::string& password) const {
    const User user = prove(call, password, "password");
    db::Transaction& tx = call.transaction();
    const std::string issuer = site_settings(tx).branding_name.text();
    return accounts_.second_factors.begin(tx, user, issuer, call.now());
}

std::vector<std::string> OwnAccount::confirm_totp(http::Call& call, std::string_view code) const {
    db::Transaction& tx = call.transaction();
    const User user = tx.one(sql::find, UserId{call.caller().user_id});
    auto codes = accounts_.second_factors.confirm(tx, user.id, code, call.now());
    // What the session may do has grown; sessions that began without a second factor end.
    end_sessions(tx, user.id, SessionId{call.caller().session_id});
    accounts_.sessions.renew(call);
    accounts_.mails.totp_changed(call, user, true);
    note(call, "users.enable-totp");
    return codes;
}

void OwnAccount::disable_totp(http::Call& call, const Proof& proof) const {
    const User user = prove(call, proof.password, "password");
    db::Transaction& tx = call.transaction();
    if (!accounts_.second_factors.enabled(tx, user.id)) throw conflict("totp", "is not set up");
    if (code_points(proof.password) < PasswordRules::length_min)
        throw invalid("password", "is too short to do without a second factor; change it first");
    prove(call, user, proof.totp);
    accounts_.second_factors.remove(tx, user.id);
    accounts_.mails.totp_changed(call, user, false);
    note(call, "users.disable-totp");
}

std::vector<std::string> OwnAccount::renew_recovery_codes(http::Call& call,
                                                          const Proof& proof) const {
    const User user = prove(call, proof.password, "password");
    db::Transaction& tx = call.transaction();
    if (!accounts_.second_factors.enabled(tx, user.id)) throw conflict("totp", "is not set up");
    prove(call, user, proof.totp);
    note(call, "users.renew-recovery-codes");
    return accounts_.second_factors.renew_recovery_codes(tx, user.id);
}

}  // namespace referral::accounts
