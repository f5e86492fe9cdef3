#include "base/ratio.hpp"

#include <gtest/gtest.h>

#include "base/problem.hpp"

namespace referral {
namespace {

TEST(Ratio, RoundsHalvesAwayFromZero) {
    const struct {
        std::int64_t numerator, denominator, rounded;
    } rows[] = {
        {0, 7, 0},    {1, 2, 1},     {-1, 2, -1},   {3, 2, 2},      {-3, 2, -2},
        {49, 100, 0}, {-49, 100, 0}, {51, 100, 1},  {-51, 100, -1}, {7, 7, 1},
        {1, 3, 0},    {2, 3, 1},     {-2, 3, -1},   {5, 1, 5},      {-5, 1, -5},
        {25, 10, 3},  {-25, 10, -3}, {1, 1'000, 0}, {999, 2, 500},  {123'456, 1'000, 123},
    };
    for (const auto& row : rows)
        EXPECT_EQ(Ratio(row.numerator, row.denominator).rounded(), row.rounded)
            << row.numerator << '/' << row.denominator;
}

TEST(Ratio, IsWrittenInDecimals) {
    EXPECT_EQ(Ratio(123'456, 1'000).text(), "123.456");
    EXPECT_EQ(Ratio(-5, 100).text(), "-0.05");
    EXPECT_EQ(Ratio(0, 9).text(), "0");
    EXPECT_EQ(Ratio(14, 7).text(), "2");
    EXPECT_EQ(Ratio(2, 3).text(), "0.66666666666666666666…");
}

TEST(Ratio, MultipliesBeyond128BitsWhenTheResultFits) {
    const Ratio large(times(1'000'000'000'000'000, 1'000'000'000'000'000), 7);
    const Ratio small(7, times(1'000'000'000'000'000, 1'000'000'000'000'000));

    EXPECT_EQ(large * small, Ratio(1));
    EXPECT_EQ((small * large * large * small).rounded(), 1);
}

TEST(Ratio, RefusesWhatDoesNotFit) {
    const Int128 large = times(1'000'000'000'000'000'000, 1'000'000'000'000'000'000);

    EXPECT_THROW(Ratio(large) * Ratio(large), Problem);
    EXPECT_THROW(plus(times(large, 100), times(large, 100)), Problem);
    EXPECT_THROW(Ratio(1'000'000'000'000'000).rounded(), Problem);
    EXPECT_THROW(Ratio(-1'000'000'000'000'000).rounded(), Problem);
    EXPECT_EQ(Ratio(999'999'999'999'999).rounded(), 999'999'999'999'999);
}

TEST(Ratio, ComparesExactly) {
    EXPECT_LT(Ratio(1, 3), Ratio(334, 1'000));
    EXPECT_GT(Ratio(-1, 3), Ratio(-334, 1'000));
    EXPECT_EQ(Ratio(2, 4), Ratio(1, 2));
}

}  // namespace
}  // namespace referral
