#include "base/zone.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace referral {

namespace {

constexpr std::int64_t hour_seconds = 3'600;

[[noreturn]] void refuse() { throw std::runtime_error("a time zone file cannot be read"); }

/// Reads numbers off a text or file, and refuses to go beyond its end.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::string_view take(std::size_t bytes) {
        if (bytes > text_.size()) refuse();
        const std::string_view taken = text_.substr(0, bytes);
        text_.remove_prefix(bytes);
        return taken;
    }
    /// Big-endian with sign.
    std::int64_t number(std::size_t bytes) {
        std::uint64_t value = 0;
        for (const char c : take(bytes)) value = value << 8 | static_cast<unsigned char>(c);
        if (bytes == 4) return static_cast<std::int32_t>(value);
        return static_cast<std::int64_t>(value);
    }
    std::size_t count() { return static_cast<std::size_t>(number(4)); }

    bool accept(char c) {
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool at_end() const { return text_.empty(); }
    std::int64_t digits() {
        std::int64_t value = 0;
        if (text_.empty() || text_[0] < '0' || text_[0] > '9') refuse();
        while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9' && value < 10'000)
            value = value * 10 + (take(1)[0] - '0');
        return value;
    }
    /// [+-]h[:m[:s]] in seconds.
    std::int64_t duration() {
        const bool negative = accept('-');
        if (!negative) accept('+');
        std::int64_t seconds = digits() * hour_seconds;
        if (accept(':')) seconds += digits() * 60;
        if (accept(':')) seconds += digits();
        return negative ? -seconds : seconds;
    }
    /// The abbreviation of a zone, which nobody here wants.
    void skip_name() {
        if (accept('<')) {
            while (!accept('>')) take(1);
            return;
        }
        while (!text_.empty() && ((text_[0] | 0x20) >= 'a' && (text_[0] | 0x20) <= 'z')) take(1);
    }
    bool at_duration() const {
        return !text_.empty() &&
               (text_[0] == '+' || text_[0] == '-' || (text_[0] >= '0' && text_[0] <= '9'));
    }

private:
    std::string_view text_;
};

/// The six counts behind the magic number and the version, in the file's order.
struct Counts {
    std::size_t is_ut, is_standard, leaps, times, types, names;

    explicit Counts(Reader& reader) {
        if (reader.take(4) != "TZif") refuse();
        reader.take(16);
        for (std::size_t* count : {&is_ut, &is_standard, &leaps, &times, &types, &names})
            *count = reader.count();
    }
    std::size_t bytes(std::size_t time_bytes) const {
        return times * (time_bytes + 1) + types * 6 + names + leaps * (time_bytes + 4) +
               is_standard + is_ut;
    }
};

}  // namespace

Zone::Zone(const Timezone& name) {
    std::ifstream stream("/usr/share/zoneinfo/" + name.text(), std::ios::binary);
    read(std::string(std::istreambuf_iterator<char>(stream), {}));
}

void Zone::read(std::string_view file) {
    Reader reader(file);
    const Counts old(reader);  // The part for readers of 1990, with times of 32 bits.
    reader.take(old.bytes(4));
    const Counts counts(reader);
    if (counts.types == 0) refuse();
    std::vector<std::int64_t> times(counts.times), types(counts.times), offsets(counts.types);
    for (std::int64_t& time : times) time = reader.number(8);
    for (std::int64_t& type : types) type = static_cast<unsigned char>(reader.take(1)[0]);
    for (std::int64_t& offset : offsets) {
        offset = reader.number(4);
        reader.take(2);
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (types[i] >= std::ssize(offsets)) refuse();
        changes_.emplace_back(times[i], offsets[static_cast<std::size_t>(types[i])]);
    }
    before_ = offsets[0];
    reader.take(counts.bytes(8) - counts.times * 9 - counts.types * 6);
    if (!reader.accept('\n')) refuse();
    const std::string_view footer = file.substr(file.rfind('\n', file.size() - 2) + 1);
    if (footer.size() > 1) rule_ = read_rule(footer.substr(0, footer.size() - 1));
}

Zone::Rule Zone::read_rule(std::string_view text) {
    Reader reader(text);
    Rule rule;
    reader.skip_name();
    rule.standard = -reader.duration();
    if (reader.at_end()) return rule;
    reader.skip_name();
    rule.summer = reader.at_duration() ? -reader.duration() : rule.standard + hour_seconds;
    const auto change = [&] {
        // All zones of today are written in this one of POSIX's three forms.
        if (!reader.accept(',') || !reader.accept('M')) refuse();
        Change read{.seconds = 2 * hour_seconds};
        read.month = static_cast<unsigned>(reader.digits());
        if (!reader.accept('.')) refuse();
        read.week = static_cast<unsigned>(reader.digits());
        if (!reader.accept('.')) refuse();
        read.weekday = static_cast<unsigned>(reader.digits());
        if (reader.accept('/')) read.seconds = reader.duration();
        return read;
    };
    const Change to_summer = change(), back = change();
    rule.changes = {to_summer, back};
    return rule;
}

std::int64_t Zone::Change::in(int year) const {
    using namespace std::chrono_literals;
    const auto of_month = std::chrono::year(year) / std::chrono::month(month);
    const std::chrono::weekday day(weekday);
    const std::chrono::sys_days date =
        week == 5 ? std::chrono::sys_days(of_month / day[std::chrono::last])
                  : std::chrono::sys_days(of_month / day[week]);
    return std::chrono::sys_seconds(date).time_since_epoch().count() + seconds;
}

std::int64_t Zone::by_rule(std::int64_t at) const {
    if (!rule_->changes) return rule_->standard;
    const auto& [to_summer, back] = *rule_->changes;
    const std::chrono::sys_seconds local{std::chrono::seconds(at + rule_->standard)};
    const int year = static_cast<int>(
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(local)).year());
    const std::int64_t begin = to_summer.in(year)-rule_->standard;
    const std::int64_t end = back.in(year)-rule_->summer;
    const bool summer = begin < end ? at >= begin && at < end : at >= begin || at < end;
    return summer ? rule_->summer : rule_->standard;
}

std::chrono::seconds Zone::offset(Instant at) const {
    const std::int64_t seconds =
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    if (rule_ && (changes_.empty() || seconds >= changes_.back().first))
        return std::chrono::seconds(by_rule(seconds));
    const auto after = std::ranges::upper_bound(changes_, seconds, {},
                                                [](const auto& pair) { return pair.first; });
    return std::chrono::seconds(after == changes_.begin() ? before_ : std::prev(after)->second);
}

Instant Zone::instant(WallTime shown) const {
    const auto with = [&](std::chrono::seconds offset) {
        return Instant(shown.time_since_epoch() - offset);
    };
    // No clock is changed twice within two days, so one of these is its offset.
    const std::chrono::days day(1);
    const std::chrono::seconds before = offset(with({}) - day), after = offset(with({}) + day);
    const bool is_after = offset(with(before)) != before && offset(with(after)) == after;
    return with(is_after ? after : before);
}

}  // namespace referral
