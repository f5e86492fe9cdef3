#include "platform/journal/crc32c.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace referral::journal {
namespace {

TEST(Crc32c, GivesThePublishedValues) {
    const std::string_view digits = "123456789";
    const std::vector<std::byte> zeros(32), ones(32, std::byte{0xff});

    // RFC 3720, appendix B.4; the digits are the check value of the CRC catalogues.
    EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xe3069283u);
    EXPECT_EQ(crc32c(zeros), 0x8a9136aau);
    EXPECT_EQ(crc32c(ones), 0x62a8ab43u);
    EXPECT_EQ(crc32c_by_table(zeros), 0x8a9136aau);
    EXPECT_EQ(crc32c({}), 0u);
}

TEST(Crc32c, IsTheSameByInstructionAndByTableAndInParts) {
    std::mt19937 random(1);
    for (std::size_t length = 0; length < 300; ++length) {
        std::vector<std::byte> bytes(length);
        for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
        const std::size_t cut = length == 0 ? 0 : random() % length;
        const std::span<const std::byte> all(bytes);

        EXPECT_EQ(crc32c(all), crc32c_by_table(all));
        EXPECT_EQ(crc32c(all), crc32c(all.subspan(cut), crc32c(all.first(cut))));
    }
}

}  // namespace
}  // namespace referral::journal
