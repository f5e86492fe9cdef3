#include "accounts/tokens.hpp"

#include "accounts/queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/crypto/random.hpp"

namespace referral::accounts {

namespace {

Problem bad_token() { return invalid("token", "was used already, or its time is over"); }

}  // namespace

std::string new_token() { return crypto::random_token(32); }

std::string token_hash(std::string_view token) { return crypto::to_hex(crypto::sha256(token)); }

std::chrono::minutes lifetime(TokenPurpose purpose) {
    using std::chrono::minutes, std::chrono::hours;
    switch (purpose) {
        case TokenPurpose::reset_password:
        case TokenPurpose::unlock:
            return minutes(30);
        case TokenPurpose::invitation:
            return hours(14 * 24);
        case TokenPurpose::email_change:
            return hours(24);
        case TokenPurpose::verify_email:
            return hours(3 * 24);
    }
    return minutes(0);
}

std::string issue_token(db::Transaction& tx, TokenPurpose purpose, const TokenSubject& whose,
                        Instant now) {
    std::string token = new_token();
    tx.run_for_effect(sql::put_token, token_hash(token), purpose, whose.subject, whose.detail, now,
                      now + lifetime(purpose));
    return token;
}

bool was_issued_just_now(db::Transaction& tx, TokenPurpose purpose, std::int64_t subject,
                         Instant now) {
    constexpr std::chrono::minutes pause{1};
    return tx.one(sql::token_issued_after, purpose, subject, now - pause);
}

TokenSubject take_token(db::Transaction& tx, TokenPurpose purpose, std::string_view token,
                        Instant now) {
    const auto found = tx.maybe(sql::take_token, token_hash(token), purpose, now);
    if (!found) throw bad_token();
    return {std::get<0>(*found), std::get<1>(*found)};
}

TokenSubject look_at_token(db::Transaction& tx, TokenPurpose purpose, std::string_view token,
                           Instant now) {
    const auto found = tx.maybe(sql::look_at_token, token_hash(token), purpose, now);
    if (!found) throw bad_token();
    return {std::get<0>(*found), std::get<1>(*found)};
}

void forget_token(db::Transaction& tx, TokenPurpose purpose, std::int64_t subject) {
    tx.run_for_effect(sql::forget_token, purpose, subject);
}

}  // namespace referral::accounts
