#include "base/decimal.hpp"

#include <gtest/gtest.h>

namespace referral {
namespace {

TEST(Decimals, AreReadWithoutFloatingPoint) {
    EXPECT_EQ(Decimal::parse("39.00")->in_minor(Currency()), 3'900);
    EXPECT_EQ(Decimal::parse("-0.5")->in_minor(Currency()), -50);
    EXPECT_EQ(Decimal::parse("926")->in_minor(*Currency::parse("JPY")), 926);
    EXPECT_EQ(Decimal::parse("926.0")->in_minor(*Currency::parse("JPY")), 926);
    EXPECT_EQ(Decimal::parse("1.001")->in_minor(Currency()), std::nullopt);
    EXPECT_EQ(Decimal::parse("999999999999999")->in_minor(Currency()), std::nullopt);
    EXPECT_EQ(Decimal::parse("0.0125")->in_units(6), 12'500);
    EXPECT_EQ(Decimal::parse("5.500")->in_units(1), 55);
    EXPECT_EQ(Decimal::parse("1237.5")->in_units(3), 1'237'500);
    EXPECT_EQ(Decimal::parse("0")->in_units_from_zero(2), 0);
    EXPECT_EQ(Decimal::parse("-0.01")->in_units_from_zero(2), std::nullopt);
    EXPECT_EQ(Decimal::parse("999999999999999")->in_units_from_zero(2), std::nullopt);
}

TEST(Decimals, RefuseOtherTexts) {
    for (const char* text : {"", "-", ".5", "5.", "1e3", "1,000", "+1", " 1", "1 ", "1.5.2",
                             "1.0000000", "0x1", "1234567890123456"})
        EXPECT_FALSE(Decimal::parse(text)) << text;
}

}  // namespace
}  // namespace referral
