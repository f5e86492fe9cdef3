#include "conversions/attribution_models.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace referral::conversions {

namespace {

__extension__ using Wide = unsigned __int128;

/// Fractions are whole numbers of 2^-40: exact to far less than a millionth, and so small that the
/// weights of very many partners can be added.
constexpr int fraction_bits = 40;
constexpr std::uint64_t one = std::uint64_t{1} << fraction_bits;

constexpr std::uint64_t square_root(Wide of) {
    std::uint64_t root = 0;
    for (std::uint64_t bit = one; bit > 0; bit >>= 1)
        if (static_cast<Wide>(root + bit) * (root + bit) <= of) root += bit;
    return root;
}

/// 2^(-1/2), 2^(-1/4), … as fractions.
constexpr auto roots_of_a_half = [] {
    std::array<std::uint64_t, 32> roots{};
    std::uint64_t root = one / 2;
    for (std::uint64_t& next : roots) next = root = square_root(Wide{root} << fraction_bits);
    return roots;
}();

/// 2^(-age/half_life) as a fraction. In whole numbers, so that every machine, and every year's
/// compiler, finds the same shares.
std::int64_t decayed(std::chrono::microseconds age, std::chrono::microseconds half_life) {
    const auto halvings = age / half_life;
    if (halvings > fraction_bits) return 0;
    const auto rest = static_cast<Wide>((age % half_life).count()) << roots_of_a_half.size();
    const auto exponent = static_cast<std::uint64_t>(rest / static_cast<Wide>(half_life.count()));
    Wide value = one;
    for (std::size_t i = 0; i < roots_of_a_half.size(); ++i)
        if (exponent >> (roots_of_a_half.size() - 1 - i) & 1)
            value = value * roots_of_a_half[i] >> fraction_bits;
    return static_cast<std::int64_t>(value >> halvings);
}

std::vector<std::int64_t> by_position(const Journey& journey) {
    const std::size_t partners = journey.ages.size();
    const std::size_t ends = journey.closer == 0 ? 1 : 2;
    const auto others = static_cast<std::int64_t>(partners - ends);
    if (others == 0) return std::vector<std::int64_t>(partners, 1);
    std::vector<std::int64_t> result(partners, 1);
    result[0] = result[journey.closer] = 2 * others;
    if (ends == 1) result[0] = 4 * others;
    return result;
}

std::vector<std::int64_t> by_age(const Journey& journey, std::chrono::microseconds half_life) {
    // Only differences count; from the youngest on none of the weights that matter is lost.
    const auto youngest = std::ranges::min(journey.ages);
    std::vector<std::int64_t> result;
    for (const auto age : journey.ages) result.push_back(decayed(age - youngest, half_life));
    return result;
}

}  // namespace

std::vector<std::int64_t> weights(programs::AttributionModel model, const Journey& journey,
                                  std::chrono::microseconds half_life) {
    const std::size_t partners = journey.ages.size();
    CHECK(journey.closer < partners && half_life.count() > 0);
    std::vector<std::int64_t> result(partners, 0);
    switch (model) {
        case programs::AttributionModel::last:
            result[journey.closer] = 1;
            return result;
        case programs::AttributionModel::first:
            result[0] = 1;
            return result;
        case programs::AttributionModel::linear:
            return std::vector<std::int64_t>(partners, 1);
        case programs::AttributionModel::position:
            return by_position(journey);
        case programs::AttributionModel::decay:
            return by_age(journey, half_life);
    }
    return result;
}

}  // namespace referral::conversions
