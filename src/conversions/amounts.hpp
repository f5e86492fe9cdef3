#pragma once

/// Quantities.

#include <cstdint>
#include <string>

namespace referral::conversions {

/// Quantities are kept in thousandths.
inline constexpr int quantity_digits = 3;
inline constexpr std::int64_t quantity_max = 1'000'000'000'000'000;

/// "12.5" for 12,500 thousandths.
std::string quantity_text(std::int64_t thousandths);

}  // namespace referral::conversions
