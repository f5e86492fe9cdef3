#include "platform/jobs/cron.hpp"

#include <vector>

#include "base/text.hpp"

namespace referral::jobs {

namespace {

using std::chrono::minutes, std::chrono::hours, std::chrono::days;

/// Between two 29ths of February there may be eight years.
constexpr days horizon{9 * 366};
/// The longest that any clock was set back by.
constexpr hours set_back_max{3};

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == text.npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::size_t> number(std::string_view text, std::size_t min, std::size_t max) {
    if (text.empty() || text.size() > 2 || text[0] == '-') return std::nullopt;
    const auto value = parse_int(text);
    if (!value || *value < static_cast<std::int64_t>(min) ||
        *value > static_cast<std::int64_t>(max))
        return std::nullopt;
    return static_cast<std::size_t>(*value);
}

/// One field; false when it cannot be read.
template <std::size_t Size>
bool read(std::string_view text, std::size_t min, std::size_t max, std::bitset<Size>& to) {
    for (const std::string_view entry : split(text, ',')) {
        const auto parts = split(entry, '/');
        if (parts.size() > 2) return false;
        std::optional<std::size_t> first = min, last = max, every = 1;
        if (parts[0] != "*") {
            const auto ends = split(parts[0], '-');
            if (ends.size() > 2) return false;
            first = number(ends[0], min, max);
            last = ends.size() == 2 ? number(ends[1], min, max) : first;
            if (parts.size() == 2 && ends.size() == 1) last = max;
        }
        if (parts.size() == 2) every = number(parts[1], 1, max);
        if (!first || !last || !every || *first > *last) return false;
        for (std::size_t i = *first; i <= *last; i += *every) to.set(i);
    }
    return true;
}

Instant local_of(Instant at, const Zone& zone) { return at + zone.offset(at); }

}  // namespace

std::optional<Cron> Cron::parse(std::string_view text) {
    const auto fields = split(text, ' ');
    if (text.size() > 200 || fields.size() != 5) return std::nullopt;
    Cron cron;
    if (!read(fields[0], 0, 59, cron.minutes_) || !read(fields[1], 0, 23, cron.hours_) ||
        !read(fields[2], 1, 31, cron.days_) || !read(fields[3], 1, 12, cron.months_) ||
        !read(fields[4], 0, 7, cron.weekdays_))
        return std::nullopt;
    if (cron.weekdays_[7]) cron.weekdays_.set(0);
    cron.any_hour_ = fields[1].starts_with('*');
    cron.any_day_ = fields[2].starts_with('*');
    cron.any_weekday_ = fields[4].starts_with('*');
    if (!cron.next(Instant{}, Zone(Timezone()))) return std::nullopt;
    return cron;
}

bool Cron::has_day(Local local) const {
    const auto day = std::chrono::floor<days>(local);
    const std::chrono::year_month_day date(day);
    if (!months_[static_cast<unsigned>(date.month())]) return false;
    const bool by_day = days_[static_cast<unsigned>(date.day())];
    const bool by_weekday = weekdays_[std::chrono::weekday(day).c_encoding()];
    return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

bool Cron::has_hour(Local local) const {
    const auto hour = std::chrono::floor<hours>(local - std::chrono::floor<days>(local));
    return hours_[static_cast<std::size_t>(hour.count())];
}

bool Cron::has(Local local) const {
    const auto minute = local - std::chrono::floor<hours>(local);
    return minutes_[static_cast<std::size_t>(minute.count())] && has_hour(local) && has_day(local);
}

bool Cron::is_tick(Instant at, const Zone& zone) const {
    const auto offset = zone.offset(at);
    const auto local = std::chrono::floor<minutes>(at + offset);
    if (any_hour_) return has(local);
    const auto before = zone.offset(at - minutes(1));
    if (before < offset) {
        // The clock was set forward just now: what it left out is due.
        auto left_out = std::chrono::floor<minutes>(at + before);
        for (; left_out < local; left_out += minutes(1))
            if (has(left_out)) return true;
    }
    if (!has(local)) return false;
    const auto earlier = zone.offset(at - set_back_max);
    return earlier <= offset || zone.offset(at + offset - earlier) != earlier;
}

Instant Cron::step(Instant at, const Zone& zone) const {
    const auto local = std::chrono::floor<minutes>(local_of(at, zone));
    Local next = local + minutes(1);
    if (!has_day(local))
        next = std::chrono::floor<days>(local) + days(1);
    else if (!has_hour(local))
        next = std::chrono::floor<hours>(local) + hours(1);
    const Instant wanted = at + (next - local);
    // A change of the clock on the way is looked at minute by minute.
    return zone.offset(wanted) == zone.offset(at) ? wanted : at + minutes(1);
}

std::optional<Instant> Cron::next(Instant after, const Zone& zone) const {
    const Instant end = after + horizon;
    // Offsets of whole minutes since 1972, so that ticks fall on minutes of UTC, too.
    Instant at = std::chrono::floor<minutes>(after) + minutes(1);
    for (; at < end; at = step(at, zone))
        if (is_tick(at, zone)) return at;
    return std::nullopt;
}

}  // namespace referral::jobs
