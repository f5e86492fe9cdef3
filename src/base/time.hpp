#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace referral {

/// A point in time, UTC, to the microsecond: the resolution PostgreSQL keeps.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// The first that there is: before it are no dates in texts and none in PostgreSQL.
inline constexpr Instant first_instant{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};

/// A calendar day in UTC.
using Day = std::chrono::sys_days;

/// Where time comes from: app/ passes the system's clock, tests their own.
using Clock = Instant (*)();

/// Reads an RFC 3339 date and time ("2026-03-01T12:00:00.25Z", "…+05:30"), or nothing.
/// A leap second (":60") is not taken, nor what lies, in UTC, outside the years 0001–9999: there is
/// no year 0 in PostgreSQL.
std::optional<Instant> parse_instant(std::string_view text);

/// RFC 3339 in UTC with `Z`; a fraction of 3 or 6 digits only when there is one.
std::string to_text(Instant when);

/// Reads "YYYY-MM-DD", or nothing when it is no day of the calendar; years as above.
std::optional<Day> parse_day(std::string_view text);

/// "YYYY-MM-DD".
std::string to_text(Day day);

}  // namespace referral
