#include "programs/decimal.hpp"

namespace referral::programs {

std::optional<Decimal> Decimal::parse(std::string_view text) {
    constexpr std::size_t length_max = 24;
    if (text.empty() || text.size() > length_max) return std::nullopt;
    if (text.find_first_not_of("0123456789.-") != text.npos) return std::nullopt;
    Decimal decimal;
    decimal.text_ = text;
    return decimal;
}

std::optional<std::int64_t> Decimal::minor(const Currency& currency) const {
    const auto money = parse_money(text_, currency);
    if (!money || money->minor < 0) return std::nullopt;
    return money->minor;
}

}  // namespace referral::programs
