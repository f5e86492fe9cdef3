#pragma once

/// Dividing an amount so that nothing is lost and nothing is made.

#include <cstdint>
#include <span>
#include <vector>

#include "base/money.hpp"

namespace referral {

/// Whole numbers in proportion to `weights` that sum to exactly `amount`, by largest remainder:
/// each gets its share without the fraction, and what is left goes one by one to the largest
/// fractions, of equal ones to the earlier. A negative amount is divided as its opposite, so that
/// taking all back leaves nothing. Weights are not negative, and their sum is positive and below
/// 2^63.
std::vector<std::int64_t> split(std::int64_t amount, std::span<const std::int64_t> weights);

/// The same for money, in minor units.
std::vector<Money> split(const Money& amount, std::span<const std::int64_t> weights);

}  // namespace referral
