#include "base/money.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace referral {

namespace {

// ISO 4217, list one, of 2024-06-25: the active currencies whose minor unit is not 2 digits.
constexpr std::array<std::string_view, 17> without_decimals{
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
    "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 7> with_three{"BHD", "IQD", "JOD", "KWD",
                                                     "LYD", "OMR", "TND"};

std::int64_t power_of_ten(int exponent) {
    std::int64_t result = 1;
    while (exponent-- > 0) result *= 10;
    return result;
}

}  // namespace

std::optional<Currency> Currency::parse(std::string_view text) {
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (text.size() != 3 || !std::ranges::all_of(text, capital)) return std::nullopt;
    Currency currency;
    currency.text_ = text;
    return currency;
}

int Currency::decimals() const {
    const auto is_in = [&](const auto& list) {
        return std::ranges::find(list, text_) != list.end();
    };
    if (is_in(without_decimals)) return 0;
    return is_in(with_three) ? 3 : 2;
}

std::int64_t Currency::unit() const { return power_of_ten(decimals()); }

std::string to_text(const Money& amount) {
    const int decimals = amount.currency.decimals();
    const std::int64_t unit = amount.currency.unit();
    const std::int64_t size = amount.minor < 0 ? -amount.minor : amount.minor;
    std::string text = amount.minor < 0 ? "-" : "";
    text += std::to_string(size / unit);
    if (decimals == 0) return text;
    const std::string fraction = std::to_string(size % unit);
    return text + '.' + std::string(static_cast<std::size_t>(decimals) - fraction.size(), '0') +
           fraction;
}

std::optional<Money> parse_money(std::string_view text, const Currency& currency) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view fraction = dot == text.npos ? "" : text.substr(dot + 1);
    const auto decimals = static_cast<std::size_t>(currency.decimals());
    if (whole.empty() || whole.size() > 16 || fraction.size() > decimals) return std::nullopt;
    if (dot != text.npos && fraction.empty()) return std::nullopt;
    std::string digits(whole);
    digits += fraction;
    digits.append(decimals - fraction.size(), '0');
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!std::ranges::all_of(digits, digit)) return std::nullopt;
    const auto minor = parse_int(digits);
    if (!minor || *minor >= minor_max) return std::nullopt;
    return Money{negative ? -*minor : *minor, currency};
}

std::optional<ExchangeRate> ExchangeRate::parse(std::string_view text) {
    constexpr std::size_t digits_max = 18;
    const auto dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view fraction = dot == text.npos ? "" : text.substr(dot + 1);
    if (whole.empty() || (dot != text.npos && fraction.empty())) return std::nullopt;
    if (whole.size() + fraction.size() > digits_max) return std::nullopt;
    const std::string digits = std::string(whole) + std::string(fraction);
    const auto number = parse_int(digits);
    if (digits.starts_with('-') || !number || *number == 0) return std::nullopt;
    ExchangeRate rate;
    rate.text_ = text;
    rate.digits_ = *number;
    rate.unit_ = power_of_ten(static_cast<int>(fraction.size()));
    return rate;
}

}  // namespace referral
