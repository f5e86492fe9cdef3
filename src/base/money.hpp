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
    /// Minor units in one: 100 for USD, 1 for JPY, 1,000 for KWD.
    std::int64_t unit() const;

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

/// Amounts stay below this many minor units, so that sums of thousands fit as well.
inline constexpr std::int64_t minor_max = 1'000'000'000'000'000;

/// "39.00" for 3,900 US cents, "926" for 926 yen, "-0.50".
std::string to_text(const Money& amount);

/// Reads a decimal with at most the currency's digits and a value below `minor_max`.
std::optional<Money> parse_money(std::string_view text, const Currency& currency);

/// What one unit of a currency is worth in another, exactly as it was told: "1.0837".
class ExchangeRate {
public:
    static constexpr std::string_view rule = "a positive decimal of at most 18 digits";
    static std::optional<ExchangeRate> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// The rate is digits() / unit(); unit() is a power of ten.
    std::int64_t digits() const { return digits_; }
    std::int64_t unit() const { return unit_; }

    ExchangeRate() : text_("1") {}
    friend bool operator==(const ExchangeRate&, const ExchangeRate&) = default;

private:
    std::string text_;
    std::int64_t digits_ = 1, unit_ = 1;
};

}  // namespace referral
