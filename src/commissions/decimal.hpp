#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace referral::commissions {

/// A number as somebody wrote it, before its unit is known: "39.00", "0.0125", "1200".
class Decimal {
public:
    static constexpr std::string_view rule = "a decimal from 0 on, such as 39.00";
    static std::optional<Decimal> parse(std::string_view text);
    const std::string& text() const { return text_; }

    /// In units of 10^-`decimals`; nothing when it has more digits than that or is 10^15 and more.
    std::optional<std::int64_t> scaled(int decimals) const;

    Decimal() : text_("0") {}
    friend bool operator==(const Decimal&, const Decimal&) = default;

private:
    std::string text_;
};

}  // namespace referral::commissions
