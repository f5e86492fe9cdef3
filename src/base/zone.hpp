#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "base/timezone.hpp"

namespace referral {

/// What the clock on a wall shows.
using WallTime = std::chrono::local_time<std::chrono::microseconds>;

/// The clock of a place: how far its local time is ahead of UTC at each instant, from the machine's
/// time zone files (RFC 8536). The compiler's own std::chrono::tzdb is not there yet (GCC 14).
class Zone {
public:
    /// Reads /usr/share/zoneinfo. Throws std::runtime_error when the file is not as it should be.
    explicit Zone(const Timezone& name);

    /// Local time minus UTC.
    std::chrono::seconds offset(Instant at) const;

    /// What the clock shows at an instant.
    WallTime wall_time(Instant at) const { return WallTime(at.time_since_epoch() + offset(at)); }

    /// When the clock shows `shown`. Of an hour that comes twice it is the first; a time that is
    /// left out, where the clock is set forward, is as much later as was left out.
    Instant instant(WallTime shown) const;

private:
    /// A day of each year on which the clock is changed: the `week`th `weekday` of `month` (week 5:
    /// the last), `seconds` after its midnight.
    struct Change {
        unsigned month = 0, week = 0, weekday = 0;
        std::int64_t seconds = 0;

        std::int64_t in(int year) const;
    };
    /// What holds after the last change that the file lists.
    struct Rule {
        std::int64_t standard = 0, summer = 0;
        std::optional<std::pair<Change, Change>> changes;  // To summer time and back.
    };

    void read(std::string_view file);
    static Rule read_rule(std::string_view text);
    std::int64_t by_rule(std::int64_t at) const;

    std::int64_t before_ = 0;                                     // Until the first change.
    std::vector<std::pair<std::int64_t, std::int64_t>> changes_;  // From when, which offset.
    std::optional<Rule> rule_;
};

}  // namespace referral
