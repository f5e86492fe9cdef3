#include "conversions/amounts.hpp"

#include <gtest/gtest.h>

#include "conversions/tokens.hpp"

namespace referral::conversions {
namespace {

TEST(Quantities, AreWrittenWithoutIdleZeros) {
    EXPECT_EQ(quantity_text(12'500), "12.5");
    EXPECT_EQ(quantity_text(-1'000), "-1");
}

TEST(Tokens, AreReadOnlyAsTheyWereSigned) {
    const Tokens tokens(crypto::Key{7}, "https://go.example.com");
    const Instant now = std::chrono::sys_days(std::chrono::year(2026) / 8 / 1);
    const TokenClaims claims{.link_id = {5},
                             .user_id = {6},
                             .program_id = {7},
                             .code = "spring",
                             .issued_at = now,
                             .expires_at = now + std::chrono::days(30),
                             .number = "n"};
    const std::string token = tokens.sign(claims);

    const auto read = tokens.read(token);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->link_id, claims.link_id);
    EXPECT_EQ(read->user_id, claims.user_id);
    EXPECT_EQ(read->issued_at, claims.issued_at);
    EXPECT_EQ(read->expires_at, claims.expires_at);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(tokens.read(changed)) << i;
    }
    EXPECT_FALSE(Tokens(crypto::Key{8}, "https://go.example.com").read(token));
    for (const char* wrong : {"", ".", "..", "a.b.c"}) EXPECT_FALSE(tokens.read(wrong));
}

}  // namespace
}  // namespace referral::conversions
