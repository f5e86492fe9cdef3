#pragma once

/// Months and periods by the clock of a program's time zone.

#include <array>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "base/time.hpp"
#include "base/zone.hpp"

namespace referral::commissions {

/// How often counting begins anew. Weeks begin on Monday; `always` is one period without end.
enum class Period { week, month, quarter, year, always };

/// A stretch of time; `end` is not part of it.
struct Span {
    Instant begin, end;

    bool contains(Instant at) const { return begin <= at && at < end; }
    friend bool operator==(const Span&, const Span&) = default;
};

/// The period that `at` falls into.
Span period_of(Instant at, Period period, const Zone& zone);

/// The same time of the day `months` later by the clock of `zone`; on the last day of that month if
/// it has no such day.
Instant months_after(Instant at, int months, const Zone& zone);

}  // namespace referral::commissions

template <>
struct referral::Names<referral::commissions::Period> {
    using Period = commissions::Period;
    static constexpr std::array<std::pair<Period, std::string_view>, 5> list{
        {{Period::week, "week"},
         {Period::month, "month"},
         {Period::quarter, "quarter"},
         {Period::year, "year"},
         {Period::always, "always"}}};
};
