#include "conversions/amounts.hpp"

namespace referral::conversions {

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
