#include "base/decimal.hpp"

#include "base/text.hpp"

namespace referral {

std::optional<Decimal> Decimal::parse(std::string_view text) {
    constexpr std::size_t whole_max = 15, fraction_max = 6;
    std::string_view left = text;
    if (left.starts_with('-')) left.remove_prefix(1);
    const auto digits = [&left] {
        std::size_t count = 0;
        while (count < left.size() && left[count] >= '0' && left[count] <= '9') ++count;
        left.remove_prefix(count);
        return count;
    };
    const std::size_t whole = digits();
    if (whole == 0 || whole > whole_max) return std::nullopt;
    if (left.starts_with('.')) {
        left.remove_prefix(1);
        const std::size_t fraction = digits();
        if (fraction == 0 || fraction > fraction_max) return std::nullopt;
    }
    if (!left.empty()) return std::nullopt;
    Decimal decimal;
    decimal.text_ = text;
    return decimal;
}

std::optional<std::int64_t> Decimal::in_units(int digits) const {
    std::string number = text_;
    std::string fraction;
    if (const auto point = number.find('.'); point != number.npos) {
        fraction = number.substr(point + 1);
        number.erase(point);
        fraction.erase(fraction.find_last_not_of('0') + 1);
    }
    const auto wanted = static_cast<std::size_t>(digits);
    if (fraction.size() > wanted) return std::nullopt;
    return parse_int(number + fraction + std::string(wanted - fraction.size(), '0'));
}

std::optional<std::int64_t> Decimal::in_units_from_zero(int digits) const {
    const auto units = in_units(digits);
    if (!units || *units < 0 || *units >= minor_max) return std::nullopt;
    return units;
}

std::optional<std::int64_t> Decimal::in_minor(const Currency& currency) const {
    const auto minor = in_units(currency.decimals());
    if (!minor || *minor >= minor_max || *minor <= -minor_max) return std::nullopt;
    return minor;
}

}  // namespace referral
