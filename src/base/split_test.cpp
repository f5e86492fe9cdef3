#include "base/split.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace referral {
namespace {

using Numbers = std::vector<std::int64_t>;

TEST(Split, GivesWhatIsLeftToTheLargestFractions) {
    struct Case {
        std::int64_t amount;
        Numbers weights, parts;
    };
    const Case cases[] = {
        {10'000, {1, 1, 1}, {3'334, 3'333, 3'333}},
        {9'753, {40, 10, 10, 40}, {3'901, 976, 975, 3'901}},
        {10'000, {1, 2, 4}, {1'429, 2'857, 5'714}},
        {10'000, {333'334, 333'333, 333'333}, {3'334, 3'333, 3'333}},
        {10'000, {142'857, 285'714, 571'429}, {1'429, 2'857, 5'714}},
        {-10'000, {1, 1, 1}, {-3'334, -3'333, -3'333}},
        {0, {1, 2}, {0, 0}},
        {1, {0, 1, 1}, {0, 1, 0}},
        {5, {7}, {5}},
        {std::numeric_limits<std::int64_t>::min(), {7}, {std::numeric_limits<std::int64_t>::min()}},
    };
    for (const Case& c : cases) EXPECT_EQ(split(c.amount, c.weights), c.parts) << c.amount;
}

TEST(Split, KeepsTheCurrency) {
    const Currency yen = Currency::parse("JPY").value();

    EXPECT_EQ(split(Money{5, yen}, Numbers{1, 1}), (std::vector<Money>{{3, yen}, {2, yen}}));
}

TEST(Split, LosesNothingOfAnyAmount) {
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::int64_t> any_amount(
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    std::uniform_int_distribution<std::int64_t> any_weight(0, 1'000'000);
    for (int i = 0; i < 10'000; ++i) {
        Numbers weights(1 + random() % 20);
        for (std::int64_t& weight : weights) weight = any_weight(random);
        ++weights.back();
        const std::int64_t amount = i % 2 ? any_amount(random) : any_amount(random) >> 40;

        const Numbers parts = split(amount, weights);

        const std::int64_t whole = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
        std::int64_t sum = 0;
        for (std::size_t j = 0; j < parts.size(); ++j) {
            sum += parts[j];
            const long double exact = static_cast<long double>(amount) *
                                      static_cast<long double>(weights[j]) /
                                      static_cast<long double>(whole);
            EXPECT_LE(std::abs(static_cast<long double>(parts[j]) - exact), 2.0L);
        }
        ASSERT_EQ(sum, amount);
    }
}

}  // namespace
}  // namespace referral
