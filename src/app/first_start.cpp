#include "app/first_start.hpp"

#include "platform/config/config.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"
#include "programs/programs.hpp"

namespace referral::app {

namespace {
constexpr std::size_t password_length = 20;  // 100 bits.
constexpr std::string_view email_default = "admin@localhost.localdomain";

/// Refuses an address that nobody can sign in with, and a password that nobody may choose.
accounts::NewUser administrator(const FirstSignIn& first, const accounts::PasswordRules& rules) {
    const auto email = accounts::Email::parse(first.email);
    if (!email) throw config::BadSettings({"ADMIN_EMAIL: must be an e-mail address"});
    const auto name = Line<100>::parse("Administrator").value();
    const auto password = accounts::Password::parse(first.password.reveal());
    const auto wrong =
        password ? rules.objection(*password, {.email = email->text(), .name = name.text()})
                 : "must be " + std::string(accounts::Password::rule);
    if (wrong) throw config::BadSettings({"ADMIN_PASSWORD: " + *wrong});
    return {.email = *email,
            .name = name,
            .role = accounts::Role::admin,
            .password_hash = crypto::hash_password(password->secret())};
}

}  // namespace

std::optional<FirstSignIn> ensure_first_start(db::Pool& pool, const config::Settings& settings,
                                              const accounts::PasswordRules& rules, Instant now) {
    db::Transaction tx(pool);
    programs::ensure_default(tx, now);
    if (!accounts::has_no_admin(tx)) {
        tx.commit();
        return std::nullopt;
    }
    FirstSignIn first{
        .email = settings.admin_email.empty() ? std::string(email_default) : settings.admin_email,
        .password = settings.admin_password,
        .generated = settings.admin_password.empty()};
    if (first.generated) first.password = Secret(crypto::random_code(password_length));
    accounts::create(tx, administrator(first, rules), now);
    tx.commit();
    return first;
}

}  // namespace referral::app
