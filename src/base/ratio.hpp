#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace referral {

/// A whole number of 128 bits: room for what amounts, rates and exchange rates make together.
__extension__ typedef __int128 Int128;

/// Products and sums that are exact. What does not fit is refused as `invalid`.
Int128 times(Int128 a, Int128 b);
Int128 plus(Int128 a, Int128 b);

/// A fraction: money on its way from rate × basis × exchange rate to the one rounding at the end.
/// Nothing is lost before; what cannot be kept exactly is refused as `invalid`.
class Ratio {
public:
    /// `denominator` is positive.
    explicit Ratio(Int128 numerator, Int128 denominator = 1);

    Int128 numerator() const { return numerator_; }
    Int128 denominator() const { return denominator_; }

    /// To the nearest whole number, halves away from zero. Refuses 10^15 and more.
    std::int64_t rounded() const;

    /// In decimal digits: "123.456"; with "…" after 20 decimals if there are more.
    std::string text() const;

    friend Ratio operator*(Ratio a, Ratio b);
    friend std::strong_ordering operator<=>(const Ratio& a, const Ratio& b);
    friend bool operator==(const Ratio& a, const Ratio& b) { return (a <=> b) == 0; }

private:
    Int128 numerator_, denominator_;
};

}  // namespace referral
