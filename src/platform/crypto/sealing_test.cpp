#include "platform/crypto/sealing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace referral::crypto {

class Sealing : public testing::Test {
protected:
    const Key key = derived({}, "one"), other = derived({}, "two");
    const Secret secret{"twenty random bytes."};
};

TEST_F(Sealing, GivesBackWhatWasSealed) {
    const auto sealed = seal(key, "totp:1", secret);

    const auto opened = unseal(key, "totp:1", sealed);

    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), secret.reveal());
    EXPECT_NE(sealed, seal(key, "totp:1", secret));
    EXPECT_EQ(std::ranges::search(sealed, bytes_of(secret.reveal())).size(), 0u);
}

TEST_F(Sealing, RefusesAnotherKeyAnotherContextAndEveryChangedByte) {
    auto sealed = seal(key, "totp:1", secret);

    EXPECT_FALSE(unseal(other, "totp:1", sealed));
    EXPECT_FALSE(unseal(key, "totp:2", sealed));
    for (std::uint8_t& byte : sealed) {
        byte ^= 1;
        EXPECT_FALSE(unseal(key, "totp:1", sealed));
        byte ^= 1;
    }
    EXPECT_FALSE(unseal(key, "totp:1", std::span(sealed).first(10)));
}

}  // namespace referral::crypto
