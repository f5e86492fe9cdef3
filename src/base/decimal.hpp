#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.hpp"

namespace referral {

/// A number as somebody wrote it, before its unit is known, without floating point: "39.00",
/// "0.0125", "-1200". At most 15 digits before the point and 6 after it.
class Decimal {
public:
    static constexpr std::string_view rule = "a decimal such as \"39.00\"";
    static std::optional<Decimal> parse(std::string_view text);

    const std::string& text() const { return text_; }

    /// In units of 10^-`digits`; nothing when it has more digits than that or does not fit.
    std::optional<std::int64_t> in_units(int digits) const;

    /// The same, and nothing when it is below 0 or not below `minor_max`.
    std::optional<std::int64_t> in_units_from_zero(int digits) const;

    /// In minor units; nothing when it has more digits than the currency, or is not below
    /// `minor_max`.
    std::optional<std::int64_t> in_minor(const Currency& currency) const;

    Decimal() : text_("0") {}
    friend bool operator==(const Decimal&, const Decimal&) = default;

private:
    std::string text_;
};

}  // namespace referral
