#pragma once

/// Numbers as the business writes them, read without floating point.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.hpp"
#include "platform/schema/json.hpp"

namespace referral::conversions {

/// A decimal number with an optional minus, at most 15 digits before the point and 6 after it.
class Decimal {
public:
    static constexpr std::string_view rule = "a decimal such as \"39.00\"";
    static std::optional<Decimal> parse(std::string_view text);

    const std::string& text() const { return text_; }

    /// In units of 10^-`digits`; nothing when it has more digits than that.
    std::optional<std::int64_t> in_units(int digits) const;

    /// In minor units; nothing when it has more digits than the currency, or is too large.
    std::optional<std::int64_t> in_minor(const Currency& currency) const;

    Decimal() : text_("0") {}
    friend bool operator==(const Decimal&, const Decimal&) = default;

private:
    std::string text_;
};

/// Quantities are kept in thousandths.
inline constexpr int quantity_digits = 3;
inline constexpr std::int64_t quantity_max = 1'000'000'000'000'000;

/// "12.5" for 12,500 thousandths.
std::string quantity_text(std::int64_t thousandths);

}  // namespace referral::conversions

/// Read from a string or from a whole number; other numbers would have been rounded on the way.
template <>
struct referral::schema::Json<referral::conversions::Decimal> {
    using Decimal = conversions::Decimal;
    static bool read(const json::value& from, Decimal& to, Reading& reading);
    static json::value write(const Decimal& value) { return json::string(value.text()); }
    static json::object describe(Components&) {
        return {{"type", "string"}, {"x-rule", std::string(Decimal::rule)}};
    }
};
