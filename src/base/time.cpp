#include "base/time.hpp"

#include <fmt/format.h>

namespace referral {

namespace {

using std::chrono::days, std::chrono::hours, std::chrono::minutes, std::chrono::seconds,
    std::chrono::microseconds;

constexpr Day first_day{std::chrono::year(1) / 1 / 1};
constexpr Day last_day{std::chrono::year(9'999) / 12 / 31};

/// Takes exactly `count` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Day> take_day(std::string_view& text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || Day(date) < first_day) return std::nullopt;
    return Day(date);
}

/// The digits after the decimal point as microseconds; more than six are cut off.
std::optional<microseconds> take_fraction(std::string_view& text) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
        if (digits < 6) value = value * 10 + (text[digits] - '0');
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    for (std::size_t i = digits; i < 6; ++i) value *= 10;
    text.remove_prefix(digits);
    return microseconds(value);
}

/// `Z`, or an offset of hours and minutes, up to 23:59.
std::optional<minutes> take_offset(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) return minutes(0);
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    const minutes offset = hours(*hour) + minutes(*minute);
    return west ? -offset : offset;
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
    const auto day = take_day(text);
    if (!day || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    microseconds fraction{0};
    if (take(text, '.')) {
        const auto taken = take_fraction(text);
        if (!taken) return std::nullopt;
        fraction = *taken;
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    const Instant when =
        Instant(*day) + hours(*hour) + minutes(*minute) + seconds(*second) + fraction - *offset;
    if (when < first_day || when >= last_day + days(1)) return std::nullopt;
    return when;
}

std::string to_text(Instant when) {
    const auto day = std::chrono::floor<days>(when);
    const auto clock = std::chrono::hh_mm_ss(when - day);
    const auto micros = clock.subseconds().count();
    std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_text(day), clock.hours().count(),
                                   clock.minutes().count(), clock.seconds().count());
    if (micros % 1000 != 0)
        text += fmt::format(".{:06}", micros);
    else if (micros != 0)
        text += fmt::format(".{:03}", micros / 1000);
    return text + 'Z';
}

std::optional<Day> parse_day(std::string_view text) {
    const auto day = take_day(text);
    return day && text.empty() ? day : std::nullopt;
}

std::string to_text(Day day) {
    const std::chrono::year_month_day date(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace referral
