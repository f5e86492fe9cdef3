#include "conversions/amounts.hpp"

#include "base/text.hpp"

namespace referral::conversions {

std::optional<Decimal> Decimal::parse(std::string_view text) {
    constexpr std::size_t whole_max = 15, fraction_max = 6;
    const std::string_view whole_text = trimmed(text);
    std::string_view left = whole_text;
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
    decimal.text_ = whole_text;
    return decimal;
}

std::optional<std::int64_t> Decimal::in_units(int digits) const {
    std::string number = text_;
    const auto point = number.find('.');
    std::string fraction;
    if (point != number.npos) {
        fraction = number.substr(point + 1);
        number.erase(point);
        fraction.erase(fraction.find_last_not_of('0') + 1);
    }
    const auto wanted = static_cast<std::size_t>(digits);
    if (fraction.size() > wanted) return std::nullopt;
    return parse_int(number + fraction + std::string(wanted - fraction.size(), '0'));
}

std::optional<std::int64_t> Decimal::in_minor(const Currency& currency) const {
    const auto minor = in_units(currency.decimals());
    if (!minor || *minor >= minor_max || *minor <= -minor_max) return std::nullopt;
    return minor;
}

std::string quantity_text(std::int64_t thousandths) {
    const bool negative = thousandths < 0;
    const std::int64_t size = negative ? -thousandths : thousandths;
    std::string text = std::to_string(size / 1'000);
    if (size % 1'000 != 0) {
        std::string fraction = std::to_string(1'000 + size % 1'000).substr(1);
        fraction.erase(fraction.find_last_not_of('0') + 1);
        text += '.' + fraction;
    }
    return negative ? '-' + text : text;
}

}  // namespace referral::conversions

namespace referral::schema {

bool Json<conversions::Decimal>::read(const json::value& from, Decimal& to, Reading& reading) {
    std::optional<Decimal> read;
    if (const auto* text = from.if_string()) read = Decimal::parse({text->data(), text->size()});
    if (from.is_int64()) read = Decimal::parse(std::to_string(from.get_int64()));
    if (from.is_uint64()) read = Decimal::parse(std::to_string(from.get_uint64()));
    if (!read) return reading.refuse("must be " + std::string(Decimal::rule));
    to = std::move(*read);
    return true;
}

}  // namespace referral::schema
