#include "accounts/second_factors.hpp"

#include "accounts/queries.hpp"
#include "accounts/totp.hpp"
#include "base/problem.hpp"
#include "base/qr.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"
#include "platform/crypto/sealing.hpp"

namespace referral::accounts {

namespace {

constexpr std::int64_t qr_pixels = 240;
constexpr std::size_t code_half = 5;  // Two halves of 25 random bits.

std::string context(UserId user) { return "totp:" + std::to_string(user.value); }

/// A recovery code as it was drawn, however it was typed.
std::string plain(std::string_view typed) {
    std::string text;
    for (const char c : lower(typed)) {
        if (c == ' ' || c == '-') continue;
        text += c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
    }
    return text;
}

}  // namespace

SecondFactors::SecondFactors(db::Pool& pool, const crypto::Key& key)
    : pool_(pool),
      sealing_key_(crypto::derived(key, "second factors")),
      code_key_(crypto::derived(key, "recovery codes")) {}

Secret SecondFactors::opened(UserId user, const std::string& sealed) const {
    const auto bytes = crypto::from_hex(sealed);
    auto secret = bytes ? crypto::unseal(sealing_key_, context(user), *bytes) : std::nullopt;
    if (!secret) throw std::runtime_error("a second factor was sealed with another SECRET_KEY");
    return std::move(*secret);
}

/// Keyed: 50 bits could be tried out by whoever has a copy of the table, but not without the key.
std::string SecondFactors::hash_of(std::string_view recovery_code) const {
    return crypto::to_hex(crypto::blake2b(code_key_, crypto::bytes_of(plain(recovery_code))));
}

NewSecondFactor SecondFactors::begin(db::Transaction& tx, const User& user, std::string_view issuer,
                                     Instant now) const {
    const Secret secret = totp::new_secret();
    const auto sealed = crypto::seal(sealing_key_, context(user.id), secret);
    if (tx.run_for_effect(sql::put_second_factor, user.id, crypto::to_hex(sealed), now) == 0)
        throw conflict("totp", "is set up already");
    NewSecondFactor fresh{.secret = totp::text_of(secret),
                          .uri = totp::uri(secret, issuer, user.email.text()),
                          .qr_svg = {}};
    fresh.qr_svg = qr_svg(fresh.uri, qr_pixels);
    return fresh;
}

std::vector<std::string> SecondFactors::confirm(db::Transaction& tx, UserId user,
                                                std::string_view code, Instant now) const {
    const auto factor = tx.maybe(sql::second_factor, user);
    if (!factor || factor->confirmed_at)
        throw conflict("totp", factor ? "is set up already" : "is not being set up");
    const auto step = totp::matching_step(opened(user, factor->secret), code, now, 0);
    if (!step) throw invalid("code", "is not right");
    tx.run_for_effect(sql::confirm_second_factor, user, *step, now);
    return renew_recovery_codes(tx, user);
}

bool SecondFactors::check(http::Call& call, UserId user, std::string_view device,
                          std::string_view typed) const {
    const Instant now = call.now();
    db::Transaction tx(pool_);
    const std::string who(device);
    // Locks the row: tries come one after the other.
    const auto factor = tx.maybe(sql::second_factor, user);
    if (!factor || !factor->confirmed_at) return false;
    if (tx.one(sql::count_tries, user, who, now - tries_period) >= tries_max) {
        call.note_retry_after(tries_period);
        throw Problem(Refusal::too_many, "Too many codes were tried. Wait five minutes.");
    }
    const Secret secret = opened(user, factor->secret);
    const auto step = totp::matching_step(secret, typed, now, factor->last_step);
    const bool good = step || tx.run_for_effect(sql::use_recovery_code, user, hash_of(typed)) != 0;
    if (step) tx.run_for_effect(sql::use_step, user, *step);
    if (good)
        tx.run_for_effect(sql::forget_tries, user, who);
    else
        tx.run_for_effect(sql::add_try, user, who, now);
    tx.commit();
    return good;
}

void SecondFactors::demand(http::Call& call, UserId user, std::string_view device,
                           const std::optional<std::string>& typed) const {
    if (!enabled(call.transaction(), user)) return;
    if (!typed) throw invalid("totp", "is required");
    if (!check(call, user, device, *typed)) throw invalid("totp", "is not right");
}

bool SecondFactors::enabled(db::Transaction& tx, UserId user) const {
    return tx.one(sql::has_second_factor, user);
}

std::vector<std::string> SecondFactors::renew_recovery_codes(db::Transaction& tx,
                                                             UserId user) const {
    std::vector<std::string> codes, hashes;
    for (int i = 0; i < recovery_codes; ++i) {
        codes.push_back(crypto::random_code(code_half) + '-' + crypto::random_code(code_half));
        hashes.push_back(hash_of(codes.back()));
    }
    tx.run_for_effect(sql::delete_recovery_codes, user);
    tx.run_for_effect(sql::add_recovery_codes, user, hashes);
    return codes;
}

bool SecondFactors::remove(db::Transaction& tx, UserId user) const {
    tx.run_for_effect(sql::delete_recovery_codes, user);
    return tx.run_for_effect(sql::delete_second_factor, user) != 0;
}

}  // namespace referral::accounts
