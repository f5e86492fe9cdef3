#include "commissions/calendar.hpp"

#include <chrono>

namespace referral::commissions {

namespace {

using std::chrono::days, std::chrono::local_days, std::chrono::months, std::chrono::year_month_day;

struct LocalSpan {
    local_days begin, end;
};

LocalSpan days_of(local_days day, Period period) {
    const year_month_day date(day);
    const auto from = [&](unsigned month, int count) {
        const auto first = date.year() / std::chrono::month(month) / 1;
        return LocalSpan{local_days(first), local_days(first + months(count))};
    };
    switch (period) {
        case Period::week: {
            const local_days monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
            return {monday, monday + days(7)};
        }
        case Period::month:
            return from(static_cast<unsigned>(date.month()), 1);
        case Period::quarter:
            return from((static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1, 3);
        case Period::year:
            return from(1, 12);
        case Period::always:
            break;
    }
    return {};
}

}  // namespace

Span period_of(Instant at, Period period, const Zone& zone) {
    if (period == Period::always) return {Instant::min(), Instant::max()};
    const LocalSpan found = days_of(std::chrono::floor<days>(zone.wall_time(at)), period);
    return {zone.instant(found.begin), zone.instant(found.end)};
}

Instant months_after(Instant at, int count, const Zone& zone) {
    const WallTime shown = zone.wall_time(at);
    const auto day = std::chrono::floor<days>(shown);
    year_month_day date = year_month_day(day) + months(count);
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return zone.instant(local_days(date) + (shown - day));
}

}  // namespace referral::commissions
