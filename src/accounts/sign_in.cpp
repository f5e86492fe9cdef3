#include "accounts/sign_in.hpp"

#include "accounts/queries.hpp"
#include "audit/audit.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/password.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::accounts {

namespace {

/// What was typed, as an address would stand in the database.
std::string known_as(std::string_view email) {
    constexpr std::size_t length_max = 254;
    return std::string(cut(cleaned(trimmed(email)), length_max));
}

Problem not_right() {
    return {Refusal::unauthenticated, "The e-mail address or the password is not right."};
}

}  // namespace

/// One try: who it is about, and from what device.
struct SignIns::Attempt {
    const std::string& email;
    std::string email_hash;
    Credentials credentials;
    std::optional<std::string> device;  ///< Nothing: not remembered.
    Instant now;

    std::string who() const;
    bool locked() const { return !device && credentials.failures >= failures_max; }
    bool may_enter() const { return credentials.status == UserStatus::active && !locked(); }
};

SignIns::SignIns(const Parts& parts, const crypto::Key& key)
    : parts_(parts), key_(crypto::derived(key, "sign-in failures")) {}

std::string SignIns::hash_of(std::string_view email) const {
    return crypto::to_hex(crypto::blake2b(key_, crypto::bytes_of(lower(trimmed(email)))));
}

/// Whom the limits count: a device that is remembered has tries of its own, which no stranger can
/// use up.
std::string SignIns::Attempt::who() const { return email_hash + device.value_or(""); }

/// Counts the try in a transaction of its own, since the request's is rolled back.
void SignIns::refuse(const Attempt& attempt, Problem problem) const {
    if (!attempt.device) {
        db::Transaction tx(parts_.pool);
        const std::int64_t failures =
            tx.one(sql::add_failure, attempt.email_hash, attempt.now, attempt.now - failures_kept);
        if (failures == failures_max)
            jobs::enqueue(tx,
                          {.kind = "accounts.tell-locked",
                           .payload = {{"email", schema::json::string(known_as(attempt.email))}}},
                          attempt.now);
        tx.commit();
    }
    throw problem;
}

void SignIns::check_second_factor(http::Call& call, const Attempt& attempt,
                                  const SignIn& with) const {
    if (!attempt.credentials.totp_enabled) return;
    if (!with.totp || trimmed(*with.totp).empty())
        throw Problem(Refusal::second_factor, "Enter the code of your authenticator.");
    if (!parts_.second_factors.check(call, *attempt.credentials.id, attempt.device.value_or(""),
                                     *with.totp))
        refuse(attempt, {Refusal::second_factor, "The code is not right."});
}

http::Caller SignIns::sign_in(http::Call& call, const SignIn& with) {
    if (comes_from_elsewhere(call.request()))
        throw Problem(Refusal::forbidden, "Sign-in must come from this site's own page.");
    Attempt attempt{.email = with.email,
                    .email_hash = hash_of(with.email),
                    .credentials = {},
                    .device = {},
                    .now = call.now()};
    {
        // Closed before the hash: a connection of the pool is not kept idle for 50 ms.
        db::Transaction tx(parts_.pool);
        attempt.credentials = tx.one(sql::credentials, known_as(with.email), attempt.email_hash,
                                     attempt.now - failures_kept);
    }
    const Credentials& known = attempt.credentials;
    if (known.id)
        attempt.device =
            parts_.devices.known(call.request(), *known.id, *known.devices_since, attempt.now);
    parts_.limits.charge(call, "sign-in", http::LimitScope::name, attempt.who());
    const auto password = Password::parse(with.password);
    const bool good = parts_.passwords.matches(known.password_hash, password);
    if (!good || !attempt.may_enter()) refuse(attempt, not_right());
    check_second_factor(call, attempt, with);
    if (crypto::needs_rehash(*known.password_hash))
        call.transaction().run_for_effect(sql::set_password_hash, *known.id,
                                          parts_.passwords.hash(*password));
    parts_.limits.give_back(call, "sign-in", http::LimitScope::name, attempt.who());
    http::Caller caller = parts_.sessions.begin(call, *known.id);
    note(call, attempt);
    return caller;
}

void SignIns::note(http::Call& call, const Attempt& attempt) const {
    const UserId user = *attempt.credentials.id;
    db::Transaction& tx = call.transaction();
    if (!attempt.device) tx.run_for_effect(sql::forget_failures, attempt.email_hash);
    call.add_header("Set-Cookie",
                    parts_.devices.cookie(call.request(), user, *attempt.credentials.devices_since,
                                          call.now()));
    audit::Actor actor = audit::actor_of(call);
    actor.user_id = user.value;
    audit::note(tx, actor,
                {.action = "sessions.begin", .object_type = "user", .object_id = user.text()},
                call.now());
    if (!attempt.device && !attempt.credentials.is_new)
        parts_.mails.new_sign_in(call, tx.one(sql::find, user));
}

void SignIns::welcome(http::Call& call, UserId user) const {
    db::Transaction& tx = call.transaction();
    const User who = tx.one(sql::find, user);
    tx.run_for_effect(sql::forget_failures, hash_of(who.email.text()));
    call.add_header(
        "Set-Cookie",
        parts_.devices.cookie(call.request(), user, tx.one(sql::devices_since, user), call.now()));
}

}  // namespace referral::accounts
