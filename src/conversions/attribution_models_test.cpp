#include "conversions/attribution_models.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/split.hpp"

namespace referral::conversions {
namespace {

using Model = programs::AttributionModel;
using Numbers = std::vector<std::int64_t>;
using std::chrono::days;

Numbers shares(Model model, const Journey& journey) {
    return split(1'000'000, weights(model, journey, days(7)));
}

TEST(AttributionModels, ShareAMillion) {
    struct Case {
        Model model;
        std::size_t partners, closer;
        Numbers shares;
    };
    const Case cases[] = {
        {Model::first, 3, 2, {1'000'000, 0, 0}},
        {Model::last, 3, 1, {0, 1'000'000, 0}},
        {Model::linear, 3, 2, {333'334, 333'333, 333'333}},
        {Model::position, 1, 0, {1'000'000}},
        {Model::position, 2, 1, {500'000, 500'000}},
        {Model::position, 2, 0, {800'000, 200'000}},
        {Model::position, 3, 2, {400'000, 200'000, 400'000}},
        {Model::position, 3, 1, {400'000, 400'000, 200'000}},
        {Model::position, 4, 3, {400'000, 100'000, 100'000, 400'000}},
        {Model::decay, 2, 1, {500'000, 500'000}},
    };
    for (const Case& c : cases) {
        const Journey journey{.ages = std::vector(c.partners, std::chrono::microseconds(days(3))),
                              .closer = c.closer};
        EXPECT_EQ(shares(c.model, journey), c.shares) << name_of(c.model) << ' ' << c.partners;
    }
}

TEST(AttributionModels, HalveEachHalfLife) {
    EXPECT_EQ(shares(Model::decay, {.ages = {days(14), days(7), days(0)}, .closer = 2}),
              (Numbers{142'857, 285'714, 571'429}));
    EXPECT_EQ(shares(Model::decay, {.ages = {days(3'000), days(2'993)}, .closer = 1}),
              (Numbers{333'333, 666'667}));
    EXPECT_EQ(shares(Model::decay, {.ages = {days(3'000), days(1)}, .closer = 1}),
              (Numbers{0, 1'000'000}));
}

TEST(AttributionModels, DecayBetweenHalfLivesToo) {
    for (std::int64_t minutes = 0; minutes < 30 * 1'440; minutes += 37) {
        const Numbers found = weights(
            Model::decay, {.ages = {std::chrono::minutes(minutes), days(0)}, .closer = 1}, days(7));

        const double exact = std::exp2(-static_cast<double>(minutes) / (7 * 1'440));
        const double ratio = static_cast<double>(found[0]) / static_cast<double>(found[1]);
        ASSERT_NEAR(ratio, exact, 1e-9) << minutes;
    }
}

}  // namespace
}  // namespace referral::conversions
