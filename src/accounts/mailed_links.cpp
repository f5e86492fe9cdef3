#include "accounts/mailed_links.hpp"

#include "accounts/queries.hpp"
#include "audit/audit.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::accounts {

namespace {

Problem unusable() { return invalid("token", "was used already, or its time is over"); }

/// The active user with the address, or nothing.
std::optional<User> active(db::Transaction& tx, std::string_view email) {
    auto user = tx.maybe(sql::find_by_email, std::string(email));
    return user && user->status == UserStatus::active ? std::move(user) : std::nullopt;
}

}  // namespace

User MailedLinks::owner(http::Call& call, TokenPurpose purpose, std::string_view token) const {
    db::Transaction& tx = call.transaction();
    const TokenSubject whose = take_token(tx, purpose, token, call.now());
    return tx.one(sql::find, UserId{whose.subject});
}

void MailedLinks::note(http::Call& call, std::string_view action, UserId user) const {
    audit::Actor actor = audit::actor_of(call);
    actor.user_id = user.value;
    audit::note(call.transaction(), actor,
                {.action = action, .object_type = "user", .object_id = user.text()}, call.now());
}

void MailedLinks::set_password(http::Call& call, const User& user, const Password& password) const {
    db::Transaction& tx = call.transaction();
    accounts_.password_rules.check(
        password, {.email = user.email.text(),
                   .name = user.name.text(),
                   .has_second_factor = accounts_.second_factors.enabled(tx, user.id)});
    tx.run_for_effect(sql::set_password, user.id, accounts_.passwords.hash(password), call.now());
    tx.run_for_effect(sql::forget_tokens, user.id.value);
    end_sessions(tx, user.id);
    accounts_.sign_ins.welcome(call, user.id);
}

void MailedLinks::forgot_password(http::Call& call, std::string_view email) const {
    jobs::enqueue(
        call.transaction(),
        {.kind = "accounts.forgot-password", .payload = {{"email", schema::json::string(email)}}},
        call.now());
}

void MailedLinks::reset_password(http::Call& call, const PasswordReset& wanted) const {
    const User user = owner(call, TokenPurpose::reset_password, wanted.token);
    if (user.status != UserStatus::active) throw unusable();
    set_password(call, user, wanted.password);
    accounts_.mails.password_changed(call, user);
    note(call, "users.reset-password", user.id);
}

Invitation MailedLinks::invitation(http::Call& call, std::string_view token) const {
    db::Transaction& tx = call.transaction();
    const TokenSubject whose = look_at_token(tx, TokenPurpose::invitation, token, call.now());
    User user = tx.one(sql::find, UserId{whose.subject});
    return {.email = user.email.text(), .name = std::move(user.name), .role = user.role};
}

void MailedLinks::accept_invitation(http::Call& call, const InvitationAccepted& wanted) const {
    db::Transaction& tx = call.transaction();
    const User invited = owner(call, TokenPurpose::invitation, wanted.token);
    if (invited.status != UserStatus::invited) throw unusable();
    const User user =
        tx.one(sql::change, invited.id, wanted.name, std::optional<Timezone>(), call.now());
    set_password(call, user, wanted.password);
    note(call, "users.accept-invitation", user.id);
}

void MailedLinks::confirm_email(http::Call& call, std::string_view token) const {
    db::Transaction& tx = call.transaction();
    const TokenSubject whose = take_token(tx, TokenPurpose::email_change, token, call.now());
    const User before = tx.one(sql::find, UserId{whose.subject});
    const auto email = Email::parse(whose.detail);
    if (!email || !tx.maybe(sql::set_email, before.id, *email, call.now())) throw unusable();
    tx.run_for_effect(sql::forget_tokens, before.id.value);
    accounts_.mails.email_changed(call, before, *email);
    audit::Actor actor = audit::actor_of(call);
    actor.user_id = before.id.value;
    audit::note(tx, actor,
                {.action = "users.change-email",
                 .object_type = "user",
                 .object_id = before.id.text(),
                 .before = schema::Json<User>::write(before),
                 .after = schema::Json<User>::write(tx.one(sql::find, before.id))},
                call.now());
}

void MailedLinks::unlock(http::Call& call, std::string_view token) const {
    const User user = owner(call, TokenPurpose::unlock, token);
    accounts_.sign_ins.welcome(call, user.id);
    note(call, "users.unlock", user.id);
}

void mail_password_reset(const Mails& mails, db::Transaction& tx, std::string_view email,
                         Instant now) {
    const auto user = active(tx, email);
    if (!user || was_issued_just_now(tx, TokenPurpose::reset_password, user->id.value, now)) return;
    mails.reset_password(tx, *user, now);
}

void mail_email_change(const Mails& mails, db::Transaction& tx, UserId id, std::string_view email,
                       Instant now) {
    const auto wanted = Email::parse(email);
    const auto user = find(tx, id);
    if (!wanted || !user || user->status != UserStatus::active || find(tx, *wanted)) return;
    if (was_issued_just_now(tx, TokenPurpose::email_change, id.value, now)) return;
    mails.email_change(tx, *user, *wanted, now);
}

void mail_sign_in_locked(const Mails& mails, db::Transaction& tx, std::string_view email,
                         Instant now) {
    const auto user = active(tx, email);
    if (!user || was_issued_just_now(tx, TokenPurpose::unlock, user->id.value, now)) return;
    mails.sign_in_locked(tx, *user, now);
    audit::note(tx, {.job = "accounts.tell-locked"},
                {.action = "users.lock", .object_type = "user", .object_id = user->id.text()}, now);
}

}  // namespace referral::accounts
