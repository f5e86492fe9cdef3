#include "platform/jobs/cron.hpp"

#include <gtest/gtest.h>

#include "platform/jobs/backoff.hpp"

#include "testing/database_test.hpp"

namespace referral::jobs {
namespace {

using testing::at;

Zone zone(std::string_view name) { return Zone(*Timezone::parse(name)); }

struct Row {
    const char* cron;
    const char* timezone;
    const char* after;
    std::vector<const char*> ticks;
};

TEST(Crons, AreDueByTheClockOfTheirZone) {
    const Row rows[] = {
        {"* * * * *",
         "UTC",
         "2026-03-01T12:00:30Z",
         {"2026-03-01T12:01:00Z", "2026-03-01T12:02:00Z"}},
        {"*/15 8-9 * * *",
         "UTC",
         "2026-03-01T08:30:00Z",
         {"2026-03-01T08:45:00Z", "2026-03-01T09:00:00Z", "2026-03-01T09:15:00Z"}},
        {"5/20 0 * * *",
         "UTC",
         "2026-03-01T00:00:00Z",
         {"2026-03-01T00:05:00Z", "2026-03-01T00:25:00Z", "2026-03-01T00:45:00Z",
          "2026-03-02T00:05:00Z"}},
        {"0 0 1 * *",
         "America/Chicago",
         "2026-03-01T12:00:00Z",
         {"2026-04-01T05:00:00Z", "2026-05-01T05:00:00Z"}},
        {"0 9 * * 1-5", "UTC", "2026-03-06T09:00:00Z", {"2026-03-09T09:00:00Z"}},
        {"0 9 * * 7", "UTC", "2026-03-06T09:00:00Z", {"2026-03-08T09:00:00Z"}},
        {"0 0 13 * 5",
         "UTC",
         "2026-03-01T00:00:00Z",
         {"2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z"}},
        {"0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", {"2104-02-29T00:00:00Z"}},
        {"30 5 * * *", "Asia/Kolkata", "2026-03-01T00:00:00Z", {"2026-03-02T00:00:00Z"}},
        {"59 23 31 12 *", "UTC", "2026-03-01T00:00:00Z", {"2026-12-31T23:59:00Z"}},
    };
    for (const Row& row : rows) {
        Instant moment = at(row.after);
        for (const char* tick : row.ticks) {
            moment = Cron::parse(row.cron)->next(moment, zone(row.timezone)).value();
            EXPECT_EQ(to_text(moment), tick) << row.cron;
        }
    }
}

// Chicago: on 2026-03-08 02:00 becomes 03:00 (08:00Z), on 2026-11-01 02:00 becomes 01:00 (07:00Z).
TEST(Crons, AreDueOnceWhenTheClockIsChanged) {
    const Row rows[] = {
        {"30 2 * * *",
         "America/Chicago",
         "2026-03-07T12:00:00Z",
         {"2026-03-08T08:00:00Z", "2026-03-09T07:30:00Z"}},
        {"0,30 2 * * *",
         "America/Chicago",
         "2026-03-07T12:00:00Z",
         {"2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"}},
        {"0 3 * * *",
         "America/Chicago",
         "2026-03-07T12:00:00Z",
         {"2026-03-08T08:00:00Z", "2026-03-09T08:00:00Z"}},
        {"30 * * * *",
         "America/Chicago",
         "2026-03-08T07:00:00Z",
         {"2026-03-08T07:30:00Z", "2026-03-08T08:30:00Z"}},
        {"30 1 * * *",
         "America/Chicago",
         "2026-10-31T12:00:00Z",
         {"2026-11-01T06:30:00Z", "2026-11-02T07:30:00Z"}},
        {"30 * * * *",
         "America/Chicago",
         "2026-11-01T06:00:00Z",
         {"2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z", "2026-11-01T08:30:00Z"}},
        {"0 0 * * *",
         "America/Sao_Paulo",
         "2018-11-03T12:00:00Z",
         {"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}},
        {"15 2 * * *",
         "Australia/Lord_Howe",
         "2026-10-03T00:00:00Z",
         {"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
        {"45 1 * * *",
         "Australia/Lord_Howe",
         "2026-04-04T00:00:00Z",
         {"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
        {"0 12 * * *",
         "Pacific/Apia",
         "2011-12-29T12:00:00Z",
         {"2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"}},
        {"30 2 * * *", "America/Chicago", "2040-03-10T12:00:00Z", {"2040-03-11T08:00:00Z"}},
    };
    for (const Row& row : rows) {
        Instant moment = at(row.after);
        for (const char* tick : row.ticks) {
            moment = Cron::parse(row.cron)->next(moment, zone(row.timezone)).value();
            EXPECT_EQ(to_text(moment), tick) << row.cron << " after " << row.after;
        }
    }
}

TEST(Crons, RefuseWhatIsNoCron) {
    for (const char* text :
         {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *",
          "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *", "1,,2 * * * *", "-1 * * * *",
          "a * * * *", "*  * * * *", "1/2/3 * * * *", "0 0 31 2 *", "0 0 30 2 *", "@daily"})
        EXPECT_FALSE(Cron::parse(text)) << text;
}

TEST(Pauses, DoubleUpToAnHour) {
    using std::chrono::milliseconds, std::chrono::hours, std::chrono::seconds;
    EXPECT_EQ(pause_after(1, seconds(2), 500), seconds(2));
    EXPECT_EQ(pause_after(2, seconds(2), 500), seconds(4));
    EXPECT_EQ(pause_after(11, seconds(2), 500), seconds(2'048));
    EXPECT_EQ(pause_after(60, seconds(2), 500), hours(1));
    EXPECT_EQ(pause_after(1, seconds(10), 0), seconds(8));
    EXPECT_EQ(pause_after(1, seconds(10), 1'000), seconds(12));
}

}  // namespace
}  // namespace referral::jobs
