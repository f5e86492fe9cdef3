#include "analytics/analytics.hpp"

#include "analytics/queries.hpp"
#include "analytics/schemas.hpp"
#include "clicks/clicks.hpp"

namespace referral::analytics {

namespace {

using clicks::Class;

constexpr std::int64_t code(Class value) { return static_cast<std::int64_t>(value); }

/// Classes of requests that people made; `human` alone are unique clicks.
sql::ClassCodes people() {
    sql::ClassCodes codes;
    for (const auto& [value, name] : Names<Class>::list)
        if (clicks::is_by_people(value)) codes.push_back(code(value));
    return codes;
}

constexpr std::int64_t steps_max = 5'000;
constexpr std::int64_t visitors_min = 5;

std::vector<sql::SliceRow> slices(db::Transaction& tx, const Scope& scope, Dimension by,
                                  std::int64_t limit) {
    const bool by_owner =
        by == Dimension::link || by == Dimension::program || by == Dimension::user;
    return tx.all(by_owner ? sql::by_owner : sql::by_value, scope.link_id, scope.user_id,
                  scope.program_id, scope.from, scope.to, people(), code(Class::human), limit,
                  std::string(name_of(by)));
}

/// The text of a row's number, as the API writes ids.
std::string public_key(Dimension by, const std::string& key) {
    const std::int64_t number = parse_int(key).value_or(0);
    switch (by) {
        case Dimension::link:
            return links::LinkId{number}.text();
        case Dimension::program:
            return programs::ProgramId{number}.text();
        case Dimension::user:
            return accounts::UserId{number}.text();
        default:
            return key;
    }
}

/// Every class is a slice of its own, those that are not people's too.
Breakdown by_class(const Totals& all) {
    Breakdown result;
    for (const auto& [name, count] : all.by_class)
        if (count > 0) result.data.push_back({name, name, count, name == "human" ? count : 0});
    std::ranges::sort(result.data, std::greater(), &Slice::clicks);
    return result;
}

}  // namespace

Totals totals(db::Transaction& tx, const Scope& scope) {
    Totals result;
    for (const auto& [value, name] : Names<Class>::list) result.by_class[std::string(name)] = 0;
    const auto rows =
        tx.all(sql::by_class, scope.link_id, scope.user_id, scope.program_id, scope.from, scope.to);
    const sql::ClassCodes counted = people();
    for (const auto& [class_code, count] : rows) {
        result.by_class[std::string(name_of(static_cast<Class>(class_code)))] = count;
        if (std::ranges::find(counted, class_code) != counted.end()) result.clicks += count;
        if (class_code == code(Class::human)) result.unique_clicks = count;
    }
    return result;
}

std::vector<Point> timeseries(db::Transaction& tx, const Scope& scope, Interval interval) {
    const auto span = scope.to - scope.from;
    const auto hours = std::chrono::floor<std::chrono::hours>(span).count();
    if ((interval == Interval::hour ? hours : hours / 24) > steps_max)
        throw invalid("interval", "must be longer: there would be more than 5000 steps");
    if (interval == Interval::hour)
        return tx.all(sql::by_hour, scope.link_id, scope.user_id, scope.program_id, scope.from,
                      scope.to, scope.timezone, people(), code(Class::human), code(Class::bot));
    return tx.all(sql::by_calendar, scope.link_id, scope.user_id, scope.program_id, scope.from,
                  scope.to, scope.timezone, people(), code(Class::human), code(Class::bot),
                  std::string(name_of(interval)));
}

Breakdown breakdown(db::Transaction& tx, const Scope& scope, Dimension by, std::int64_t limit,
                    bool guard_privacy) {
    if (by == Dimension::click_class) return by_class(totals(tx, scope));
    const bool guarded = guard_privacy && (by == Dimension::region || by == Dimension::city);
    Breakdown result;
    for (const auto& [key, label, clicks, unique, all_clicks, all_unique] :
         slices(tx, scope, by, limit)) {
        if (result.data.empty() && result.other_clicks == 0) {
            result.other_clicks = all_clicks;
            result.other_unique_clicks = all_unique;
        }
        if (guarded && unique < visitors_min) continue;
        result.data.push_back(
            {public_key(by, key), key.empty() ? "Unknown" : label, clicks, unique});
    }
    for (const Slice& slice : result.data) {
        result.other_clicks -= slice.clicks;
        result.other_unique_clicks -= slice.unique_clicks;
    }
    return result;
}

}  // namespace referral::analytics
