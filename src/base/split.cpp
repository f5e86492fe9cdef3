#include "base/split.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"

namespace referral {

namespace {

/// Holds an amount times a weight.
__extension__ using Wide = unsigned __int128;

Wide sum_of(std::span<const std::int64_t> weights) {
    Wide sum = 0;
    for (const std::int64_t weight : weights) {
        CHECK(weight >= 0);
        sum += static_cast<Wide>(weight);
    }
    CHECK(sum > 0 && sum < Wide{1} << 63);
    return sum;
}

}  // namespace

std::vector<std::int64_t> split(std::int64_t amount, std::span<const std::int64_t> weights) {
    const Wide sum = sum_of(weights);
    // Unsigned, so that the smallest amount has an opposite, too.
    const auto opposite_if_negative = [&](std::uint64_t n) { return amount < 0 ? 0 - n : n; };
    const std::uint64_t size = opposite_if_negative(static_cast<std::uint64_t>(amount));
    std::vector<std::uint64_t> parts, fractions;  // Fractions in units of 1/sum.
    std::uint64_t left = size;
    for (const std::int64_t weight : weights) {
        const Wide share = size * static_cast<Wide>(weight);
        parts.push_back(static_cast<std::uint64_t>(share / sum));
        fractions.push_back(static_cast<std::uint64_t>(share % sum));
        left -= parts.back();
    }

    // Fewer are left than there are fractions above 0: nobody without a weight gets any.
    std::vector<std::size_t> order(parts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t i) { return fractions[i]; });
    for (std::size_t i = 0; i < left; ++i) ++parts[order[i]];

    std::vector<std::int64_t> result;
    for (const std::uint64_t part : parts)
        result.push_back(static_cast<std::int64_t>(opposite_if_negative(part)));
    return result;
}

std::vector<Money> split(const Money& amount, std::span<const std::int64_t> weights) {
    std::vector<Money> result;
    for (const std::int64_t part : split(amount.minor, weights))
        result.push_back({part, amount.currency});
    return result;
}

}  // namespace referral
