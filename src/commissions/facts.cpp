#include "commissions/facts.hpp"

#include "base/problem.hpp"

namespace referral::commissions {

Ratio converted(std::int64_t minor, const Facts& facts, const Currency& to) {
    if (facts.currency == to) return Ratio(minor);
    if (!facts.exchange_rate)
        throw invalid("exchange_rate",
                      "is missing for " + facts.currency.text() + " to " + to.text());
    const ExchangeRate& rate = *facts.exchange_rate;
    return Ratio(times(minor, times(rate.digits(), to.unit())),
                 times(rate.unit(), facts.currency.unit()));
}

std::string exact_text(const Ratio& minor, const Currency& currency) {
    return (minor * Ratio(1, currency.unit())).text();
}

}  // namespace referral::commissions
