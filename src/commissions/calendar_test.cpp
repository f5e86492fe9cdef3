#include "commissions/calendar.hpp"

#include <gtest/gtest.h>

#include "commissions/fixture_test.hpp"

namespace referral::commissions {
namespace {

TEST(Months, EndOnTheLastDayThatThereIs) {
    const struct {
        const char* first;
        int months;
        const char* end;
    } rows[] = {
        {"2026-01-31T10:00:00Z", 1, "2026-02-28T10:00:00Z"},  // C10
        {"2026-01-31T10:00:00Z", 12, "2027-01-31T10:00:00Z"},
        {"2027-12-31T10:00:00Z", 2, "2028-02-29T10:00:00Z"},
        {"2028-02-29T10:00:00Z", 12, "2029-02-28T10:00:00Z"},
        {"2026-03-31T00:00:00Z", 1, "2026-04-30T00:00:00Z"},
        {"2026-11-30T23:59:59.5Z", 3, "2027-02-28T23:59:59.500Z"},
    };
    for (const auto& row : rows)
        EXPECT_EQ(to_text(months_after(at(row.first), row.months, utc())), row.end) << row.first;
}

TEST(Months, FollowTheProgramsClock) {
    // 22:30 on the 31st in Chicago, in winter and in summer time.
    EXPECT_EQ(to_text(months_after(at("2026-02-01T04:30:00Z"), 1, chicago())),
              "2026-03-01T04:30:00Z");
    EXPECT_EQ(to_text(months_after(at("2026-02-01T04:30:00Z"), 3, chicago())),
              "2026-05-01T03:30:00Z");
}

TEST(Periods, BeginAndEndByTheProgramsClock) {
    const struct {
        Period period;
        const char *at, *begin, *end;
    } rows[] = {
        {Period::month, "2026-06-01T04:59:59Z", "2026-05-01T05:00:00Z", "2026-06-01T05:00:00Z"},
        {Period::month, "2026-06-01T05:00:00Z", "2026-06-01T05:00:00Z", "2026-07-01T05:00:00Z"},
        {Period::month, "2026-03-15T00:00:00Z", "2026-03-01T06:00:00Z", "2026-04-01T05:00:00Z"},
        {Period::week, "2026-11-26T12:00:00Z", "2026-11-23T06:00:00Z", "2026-11-30T06:00:00Z"},
        {Period::week, "2026-11-23T05:59:59Z", "2026-11-16T06:00:00Z", "2026-11-23T06:00:00Z"},
        {Period::quarter, "2026-05-31T12:00:00Z", "2026-04-01T05:00:00Z", "2026-07-01T05:00:00Z"},
        {Period::quarter, "2026-12-31T12:00:00Z", "2026-10-01T05:00:00Z", "2027-01-01T06:00:00Z"},
        {Period::year, "2026-05-31T12:00:00Z", "2026-01-01T06:00:00Z", "2027-01-01T06:00:00Z"},
    };
    for (const auto& row : rows) {
        const Span span = period_of(at(row.at), row.period, chicago());
        EXPECT_EQ(to_text(span.begin), row.begin) << row.at;
        EXPECT_EQ(to_text(span.end), row.end) << row.at;
        EXPECT_TRUE(span.contains(at(row.at)));
    }
    EXPECT_TRUE(period_of(at("2026-01-01T00:00:00Z"), Period::always, utc())
                    .contains(at("9999-12-31T00:00:00Z")));
}

}  // namespace
}  // namespace referral::commissions
