#include "base/zone.hpp"

#include <gtest/gtest.h>

namespace referral {
namespace {

Zone zone(std::string_view name) { return Zone(*Timezone::parse(name)); }

Instant at(std::string_view text) { return parse_instant(text).value(); }

TEST(Zones, KnowTheirOffset) {
    const struct {
        const char* zone;
        const char* at;
        int minutes;
    } rows[] = {
        {"UTC", "2026-07-01T00:00:00Z", 0},
        {"America/Chicago", "2026-07-01T00:00:00Z", -300},
        {"America/Chicago", "2026-11-01T06:59:59Z", -300},
        {"America/Chicago", "2026-11-01T07:00:00Z", -360},
        {"America/Chicago", "2100-07-01T00:00:00Z", -300},
        {"America/Chicago", "2100-12-01T00:00:00Z", -360},
        {"Australia/Sydney", "2099-12-31T23:00:00Z", 660},
        {"Australia/Sydney", "2099-07-01T00:00:00Z", 600},
        {"Asia/Kathmandu", "2026-01-01T00:00:00Z", 345},
        {"Europe/Dublin", "2050-01-01T00:00:00Z", 0},
        {"Europe/Dublin", "2050-07-01T00:00:00Z", 60},
        {"America/Nuuk", "2050-07-01T00:00:00Z", -60},
        {"Africa/Casablanca", "2026-07-01T00:00:00Z", 60},
        {"Etc/GMT+5", "2026-07-01T00:00:00Z", -300},
    };
    for (const auto& row : rows)
        EXPECT_EQ(zone(row.zone).offset(at(row.at)), std::chrono::minutes(row.minutes))
            << row.zone << " " << row.at;
}

TEST(Zones, KnowWhenTheirClockShowsATime) {
    const struct {
        const char* zone;
        const char* shown;  // As if it were UTC.
        const char* at;
    } rows[] = {
        {"UTC", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"},
        {"America/Chicago", "2026-06-01T00:00:00Z", "2026-06-01T05:00:00Z"},
        {"America/Chicago", "2026-12-01T00:00:00Z", "2026-12-01T06:00:00Z"},
        {"America/Chicago", "2026-11-01T00:59:59Z", "2026-11-01T05:59:59Z"},
        {"America/Chicago", "2026-11-01T01:30:00Z", "2026-11-01T06:30:00Z"},
        {"America/Chicago", "2026-11-01T02:00:00Z", "2026-11-01T08:00:00Z"},
        {"America/Chicago", "2026-03-08T01:59:59Z", "2026-03-08T07:59:59Z"},
        {"America/Chicago", "2026-03-08T02:30:00Z", "2026-03-08T08:30:00Z"},
        {"America/Chicago", "2026-03-08T03:00:00Z", "2026-03-08T08:00:00Z"},
        {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2025-12-31T18:15:00Z"},
        {"Pacific/Auckland", "2026-01-01T00:00:00Z", "2025-12-31T11:00:00Z"},
    };
    for (const auto& row : rows) {
        const WallTime shown(at(row.shown).time_since_epoch());
        EXPECT_EQ(to_text(zone(row.zone).instant(shown)), row.at) << row.zone << " " << row.shown;
    }
}

}  // namespace
}  // namespace referral
