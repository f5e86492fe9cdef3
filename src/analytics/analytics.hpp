#pragma once

/// Numbers for people: clicks summed up, over time and by what they have in common. Every screen,
/// export and answer gets them from here, so that they agree.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.hpp"
#include "links/links.hpp"
#include "platform/http/fwd.hpp"
#include "programs/programs.hpp"

namespace referral::analytics {

/// Whose clicks, and from when to when. Times are whole quarters of an hour, the step counts are
/// kept in.
struct Scope {
    std::optional<links::LinkId> link_id;
    std::optional<accounts::UserId> user_id;
    std::optional<programs::ProgramId> program_id;
    Instant from;
    Instant to;  ///< Not included.
    Timezone timezone;
};

/// Clicks in a scope. `clicks` are requests by people, `unique_clicks` those that count once.
struct Totals {
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
    std::map<std::string, std::int64_t> by_class;  ///< Every class, zeros too.
};
Totals totals(db::Transaction& tx, const Scope& scope);

enum class Interval { hour, day, week, month };

/// One step of a series. Its text is the start with the zone's offset of that moment.
struct Point {
    std::string at;
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
    std::int64_t bots = 0;
};

/// Every step of the scope, those without clicks too. Steps begin with the calendar of the scope's
/// zone; weeks on Monday. Refuses: invalid (interval), when there would be more than 5,000.
std::vector<Point> timeseries(db::Transaction& tx, const Scope& scope, Interval interval);

/// What clicks can be grouped by.
enum class Dimension {
    country,
    region,
    city,
    device_type,
    browser,
    os,
    referrer,
    utm_source,
    utm_medium,
    utm_campaign,
    click_class,
    link,
    program,
    user,
};

/// The clicks that have one value in common.
struct Slice {
    std::string key;    ///< For filters; empty when not known.
    std::string label;  ///< For people.
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
};

/// The largest slices, and what is left of the scope.
struct Breakdown {
    std::vector<Slice> data;
    std::int64_t other_clicks = 0;
    std::int64_t other_unique_clicks = 0;
};

/// `guard_privacy`: slices below country with fewer than 5 visitors are not told apart.
Breakdown breakdown(db::Transaction& tx, const Scope& scope, Dimension by, std::int64_t limit,
                    bool guard_privacy);

http::RouteTable routes();

}  // namespace referral::analytics

template <>
struct referral::Names<referral::analytics::Interval> {
    using I = analytics::Interval;
    static constexpr std::array<std::pair<I, std::string_view>, 4> list{
        {{I::hour, "hour"}, {I::day, "day"}, {I::week, "week"}, {I::month, "month"}}};
};

template <>
struct referral::Names<referral::analytics::Dimension> {
    using D = analytics::Dimension;
    static constexpr std::array<std::pair<D, std::string_view>, 14> list{
        {{D::country, "country"},
         {D::region, "region"},
         {D::city, "city"},
         {D::device_type, "device_type"},
         {D::browser, "browser"},
         {D::os, "os"},
         {D::referrer, "referrer"},
         {D::utm_source, "utm_source"},
         {D::utm_medium, "utm_medium"},
         {D::utm_campaign, "utm_campaign"},
         {D::click_class, "class"},
         {D::link, "link"},
         {D::program, "program"},
         {D::user, "user"}}};
};
