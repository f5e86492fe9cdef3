#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/money.hpp"

namespace referral::programs {

/// An amount as somebody wrote it, before its currency is known: "50.00".
class Decimal {
public:
    static constexpr std::string_view rule = "an amount such as 50.00";
    static std::optional<Decimal> parse(std::string_view text);
    const std::string& text() const { return text_; }

    /// In the minor units of a currency; nothing when it has more digits than the currency, is
    /// below 0 or too much.
    std::optional<std::int64_t> minor(const Currency& currency) const;

    Decimal() = default;  // Only so that aggregates holding one can be built field by field.
    friend bool operator==(const Decimal&, const Decimal&) = default;

private:
    std::string text_;
};

}  // namespace referral::programs
