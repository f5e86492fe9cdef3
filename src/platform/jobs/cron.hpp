#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "base/zone.hpp"

namespace referral::jobs {

/// When something is due, as cron writes it: five fields of numbers (minute, hour, day of the
/// month, month, day of the week with 0 and 7 for Sunday), each `*` or a list of numbers and ranges
/// with or without a step. When both days are given, one of them is enough, as cron has it.
class Cron {
public:
    /// Nothing when it is no such text, or never due ("0 0 31 2 *").
    static std::optional<Cron> parse(std::string_view text);

    /// The first tick after `after` by the clock of `zone`; nothing beyond nine years.
    ///
    /// Where the clock is set back and an hour comes twice, hours that are given count the first
    /// time, and `*` hours both times. Where it is set forward, a tick within the hours that do not
    /// come is due at that moment if its hour is given; `*` hours wait for the next that comes.
    std::optional<Instant> next(Instant after, const Zone& zone) const;

private:
    /// A moment by the clock on the wall.
    using Local = std::chrono::sys_time<std::chrono::minutes>;

    bool has_day(Local local) const;
    bool has_hour(Local local) const;
    bool has(Local local) const;
    /// Whether what matches at `at` is due then.
    bool is_tick(Instant at, const Zone& zone) const;
    /// The next moment at which something can change.
    Instant step(Instant at, const Zone& zone) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<8> weekdays_;
    bool any_hour_ = false, any_day_ = false, any_weekday_ = false;
};

}  // namespace referral::jobs
