#include "base/ratio.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.hpp"
#include "base/money.hpp"
#include "base/problem.hpp"

namespace referral {

namespace {

[[noreturn]] void refuse() {
    throw Problem(Refusal::invalid, "an amount is too large to be computed exactly");
}

std::optional<Int128> product(Int128 a, Int128 b) {
    Int128 result = 0;
    if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
    return result;
}

Int128 size_of(Int128 number) { return number < 0 ? times(number, -1) : number; }

/// Divides both by what divides both.
void cancel(Int128& numerator, Int128& denominator) {
    Int128 a = size_of(numerator), b = denominator;
    while (b != 0) a = std::exchange(b, a % b);
    numerator /= a;
    denominator /= a;
}

std::string digits_of(Int128 number) {
    std::string text;
    do {
        text += static_cast<char>('0' + static_cast<int>(number % 10));
        number /= 10;
    } while (number > 0);
    std::ranges::reverse(text);
    return text;
}

}  // namespace

Int128 times(Int128 a, Int128 b) {
    if (const auto result = product(a, b)) return *result;
    refuse();
}

Int128 plus(Int128 a, Int128 b) {
    Int128 result = 0;
    if (__builtin_add_overflow(a, b, &result)) refuse();
    return result;
}

Ratio::Ratio(Int128 numerator, Int128 denominator)
    : numerator_(numerator), denominator_(denominator) {
    CHECK(denominator > 0);
}

Ratio operator*(Ratio a, Ratio b) {
    const auto numerator = product(a.numerator_, b.numerator_);
    const auto denominator = product(a.denominator_, b.denominator_);
    if (numerator && denominator) return Ratio(*numerator, *denominator);
    // Only now, for finding common divisors costs more than all the rest.
    cancel(a.numerator_, a.denominator_);
    cancel(b.numerator_, b.denominator_);
    cancel(a.numerator_, b.denominator_);
    cancel(b.numerator_, a.denominator_);
    return Ratio(times(a.numerator_, b.numerator_), times(a.denominator_, b.denominator_));
}

std::strong_ordering operator<=>(const Ratio& a, const Ratio& b) {
    return times(a.numerator_, b.denominator_) <=> times(b.numerator_, a.denominator_);
}

std::int64_t Ratio::rounded() const {
    Int128 whole = numerator_ / denominator_;
    const Int128 rest = size_of(numerator_ % denominator_);
    if (rest >= denominator_ - rest) whole += numerator_ < 0 ? -1 : 1;
    if (whole >= minor_max || whole <= -minor_max) refuse();
    return static_cast<std::int64_t>(whole);
}

std::string Ratio::text() const {
    constexpr int decimals_max = 20;
    const Int128 size = size_of(numerator_);
    std::string text = numerator_ < 0 ? "-" : "";
    text += digits_of(size / denominator_);
    Int128 rest = size % denominator_;
    if (rest != 0) text += '.';
    for (int i = 0; rest != 0; ++i) {
        if (i == decimals_max) return text + "…";
        rest = times(rest, 10);
        text += static_cast<char>('0' + static_cast<int>(rest / denominator_));
        rest %= denominator_;
    }
    return text;
}

}  // namespace referral
