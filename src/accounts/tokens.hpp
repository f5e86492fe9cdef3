#pragma once

/// What mailed links carry: 256 random bits that work once, for one purpose, for a short time. The
/// database has hashes only.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "base/problem.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"

namespace referral::accounts {

/// A secret of 256 random bits, as base64url.
std::string new_token();

/// What the database keeps of it. No slow hash: nobody guesses 256 bits.
std::string token_hash(std::string_view token);

/// What a token is good for. The subject is a user; of verify_email, a partner's application.
enum class TokenPurpose { reset_password, invitation, email_change, unlock, verify_email };

/// How long a token of a purpose works.
std::chrono::minutes lifetime(TokenPurpose purpose);

/// Whose token it was.
struct TokenSubject {
    std::int64_t subject = 0;
    std::string detail;  ///< The address it was mailed to.
};

/// Makes a token; one that the subject had for the purpose no longer works.
std::string issue_token(db::Transaction& tx, TokenPurpose purpose, const TokenSubject& whose,
                        Instant now);

/// Whether the subject was given such a token less than a minute ago: then no other is mailed, so
/// that nobody's mailbox is filled.
bool was_issued_just_now(db::Transaction& tx, TokenPurpose purpose, std::int64_t subject,
                         Instant now);

/// Uses a token up. Refuses: invalid (token).
TokenSubject take_token(db::Transaction& tx, TokenPurpose purpose, std::string_view token,
                        Instant now);

/// Whose token it is, which goes on working. Refuses: invalid (token).
TokenSubject look_at_token(db::Transaction& tx, TokenPurpose purpose, std::string_view token,
                           Instant now);

/// Makes what the subject was mailed for the purpose useless.
void forget_token(db::Transaction& tx, TokenPurpose purpose, std::int64_t subject);

}  // namespace referral::accounts

template <>
struct referral::Names<referral::accounts::TokenPurpose> {
    using Purpose = accounts::TokenPurpose;
    static constexpr std::array<std::pair<Purpose, std::string_view>, 5> list{
        {{Purpose::reset_password, "reset-password"},
         {Purpose::invitation, "invitation"},
         {Purpose::email_change, "email-change"},
         {Purpose::unlock, "unlock"},
         {Purpose::verify_email, "verify-email"}}};
};
