#include "app/first_start.hpp"

#include "accounts/accounts.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"
#include "programs/programs.hpp"

namespace referral::app {

namespace {
constexpr std::size_t password_length = 20;  // 100 bits.
constexpr std::string_view email_default = "admin@localhost.localdomain";
}  // namespace

std::optional<FirstSignIn> ensure_first_start(db::Pool& pool, const config::Settings& settings,
                                              Instant now) {
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
    const auto email = accounts::Email::parse(first.email);
    if (!email) throw std::runtime_error("ADMIN_EMAIL must be an e-mail address");
    accounts::create(tx,
                     {.email = *email,
                      .name = Line<100>::parse("Administrator").value(),
                      .role = accounts::Role::admin,
                      .password_hash = crypto::hash_password(first.password)},
                     now);
    tx.commit();
    return first;
}

}  // namespace referral::app
