#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// A currency by its ISO 4217 code.
class Currency {
public:
    static constexpr std::string_view rule = "a currency code such as USD";
    static std::optional<Currency> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// Digits after the decimal point: 2 for USD, 0 for JPY, 3 for KWD.
    int decimals() const;

    Currency() : text_("USD") {}
    friend bool operator==(const Currency&, const Currency&) = default;

private:
    std::string text_;
};

/// An amount in its currency's minor unit: cents for USD, yen for JPY. Never a double.
struct Money {
    std::int64_t minor = 0;
    Currency currency;

    friend bool operator==(const Money&, const Money&) = default;
};

/// "39.00" for 3,900 US cents, "926" for 926 yen, "-0.50".
std::string to_text(const Money& amount);

/// Reads a decimal with at most the currency's digits and a value below 10^15 minor units.
std::optional<Money> parse_money(std::string_view text, const Currency& currency);

}  // namespace referral
