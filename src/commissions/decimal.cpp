#include "commissions/decimal.hpp"

#include <algorithm>

#include "base/money.hpp"
#include "base/text.hpp"

namespace referral::commissions {

std::optional<Decimal> Decimal::parse(std::string_view text) {
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction =
        point == std::string_view::npos ? "0" : text.substr(point + 1);
    const auto are_digits = [](std::string_view digits) {
        return !digits.empty() && digits.size() <= 15 &&
               std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!are_digits(whole) || !are_digits(fraction)) return std::nullopt;
    Decimal decimal;
    decimal.text_ = text;
    return decimal;
}

std::optional<std::int64_t> Decimal::scaled(int decimals) const {
    const std::size_t point = text_.find('.');
    std::string digits = text_.substr(0, point);
    std::string fraction = point == std::string::npos ? "" : text_.substr(point + 1);
    const auto places = static_cast<std::size_t>(decimals);
    while (fraction.size() > places && fraction.ends_with('0')) fraction.pop_back();
    if (fraction.size() > places) return std::nullopt;
    fraction.append(places - fraction.size(), '0');
    digits += fraction;
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    if (digits.size() > 15) return std::nullopt;
    return parse_int(digits);
}

}  // namespace referral::commissions
