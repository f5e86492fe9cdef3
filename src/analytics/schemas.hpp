#pragma once

#include "analytics/analytics.hpp"
#include "platform/schema/json.hpp"

namespace referral::analytics {

/// A moment, or a day of the calendar. The years are far enough from the calendar's ends for all
/// that is reckoned from a moment: its day in another time zone, the period before.
class Moment {
public:
    static constexpr std::string_view rule =
        "a time such as 2026-03-01T12:00:00Z or a day, of the years 1970 to 2199";
    static std::optional<Moment> parse(std::string_view text);
    std::string text() const;

    const std::optional<Instant>& instant() const { return instant_; }
    Day day() const { return day_; }

private:
    std::optional<Instant> instant_;
    Day day_;
};

/// What the present is compared with.
enum class Comparison { previous, year };

/// The query of GET /analytics/summary.
struct SummaryQuery {
    std::optional<Moment> from;
    std::optional<Moment> to;
    std::optional<Timezone> timezone;
    std::optional<links::LinkId> link_id;
    std::optional<accounts::UserId> user_id;
    std::optional<programs::ProgramId> program_id;
    std::optional<Comparison> compare;
};

/// The query of GET /analytics/timeseries.
struct TimeseriesQuery {
    std::optional<Moment> from;
    std::optional<Moment> to;
    std::optional<Timezone> timezone;
    std::optional<links::LinkId> link_id;
    std::optional<accounts::UserId> user_id;
    std::optional<programs::ProgramId> program_id;
    std::optional<Interval> interval;
};

/// The query of GET /analytics/breakdown.
struct BreakdownQuery {
    std::optional<Moment> from;
    std::optional<Moment> to;
    std::optional<Timezone> timezone;
    std::optional<links::LinkId> link_id;
    std::optional<accounts::UserId> user_id;
    std::optional<programs::ProgramId> program_id;
    std::optional<Dimension> by;
    std::optional<schema::Whole<1, 200>> limit;
};

/// The answer of GET /analytics/summary, and within it the period compared with.
struct Period {
    Instant from;
    Instant to;
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
    std::int64_t links = 0;
    std::map<std::string, std::int64_t> by_class;
};
struct Summary {
    Instant from;
    Instant to;
    Timezone timezone;
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
    std::int64_t links = 0;
    std::map<std::string, std::int64_t> by_class;
    std::optional<Period> previous;
};

struct Timeseries {
    Interval interval = Interval::day;
    std::vector<Point> data;
};

struct Rest {
    std::int64_t clicks = 0;
    std::int64_t unique_clicks = 0;
};
struct BreakdownAnswer {
    Dimension by = Dimension::country;
    std::vector<Slice> data;
    Rest other;
};

}  // namespace referral::analytics

template <>
struct referral::Names<referral::analytics::Comparison> {
    using C = analytics::Comparison;
    static constexpr std::array<std::pair<C, std::string_view>, 2> list{
        {{C::previous, "previous"}, {C::year, "year"}}};
};

namespace referral::schema {

template <>
struct Fields<analytics::SummaryQuery> {
    using Q = analytics::SummaryQuery;
    static constexpr std::string_view name = "SummaryQuery";
    static constexpr auto list = FieldList{
        field("from", &Q::from, "First moment or day; default 30 days back."),
        field("to", &Q::to, "First moment not counted, or last day; default now."),
        field("timezone", &Q::timezone, "In which days begin; default UTC."),
        field("link_id", &Q::link_id, "Only this link."),
        field("user_id", &Q::user_id, "Only this user's links."),
        field("program_id", &Q::program_id, "Only this program's links."),
        field("compare", &Q::compare, "Adds the period before, or the same a year before."),
    };
};

template <>
struct Fields<analytics::TimeseriesQuery> {
    using Q = analytics::TimeseriesQuery;
    static constexpr std::string_view name = "TimeseriesQuery";
    static constexpr auto list = FieldList{
        field("from", &Q::from, "First moment or day; default 30 days back."),
        field("to", &Q::to, "First moment not counted, or last day; default now."),
        field("timezone", &Q::timezone, "In which days begin; default UTC."),
        field("link_id", &Q::link_id, "Only this link."),
        field("user_id", &Q::user_id, "Only this user's links."),
        field("program_id", &Q::program_id, "Only this program's links."),
        field("interval", &Q::interval, "How long a step is; default day."),
    };
};

template <>
struct Fields<analytics::BreakdownQuery> {
    using Q = analytics::BreakdownQuery;
    static constexpr std::string_view name = "BreakdownQuery";
    static constexpr auto list = FieldList{
        field("from", &Q::from, "First moment or day; default 30 days back."),
        field("to", &Q::to, "First moment not counted, or last day; default now."),
        field("timezone", &Q::timezone, "In which days begin; default UTC."),
        field("link_id", &Q::link_id, "Only this link."),
        field("user_id", &Q::user_id, "Only this user's links."),
        field("program_id", &Q::program_id, "Only this program's links."),
        field("by", &Q::by, "What clicks are grouped by; needed."),
        field("limit", &Q::limit, "How many slices; default 10."),
    };
};

template <>
struct Fields<analytics::Period> {
    using P = analytics::Period;
    static constexpr std::string_view name = "Period";
    static constexpr auto list = FieldList{
        field("from", &P::from, "First moment."),
        field("to", &P::to, "First moment not counted."),
        field("clicks", &P::clicks, "Requests by people."),
        field("unique_clicks", &P::unique_clicks, "Of these, those that count once."),
        field("links", &P::links, "Links there are."),
        field("by_class", &P::by_class, "All requests by class."),
    };
};

template <>
struct Fields<analytics::Summary> {
    using S = analytics::Summary;
    static constexpr std::string_view name = "Summary";
    static constexpr auto list = FieldList{
        field("from", &S::from, "First moment."),
        field("to", &S::to, "First moment not counted."),
        field("timezone", &S::timezone, "In which days began."),
        field("clicks", &S::clicks, "Requests by people."),
        field("unique_clicks", &S::unique_clicks, "Of these, those that count once."),
        field("links", &S::links, "Links there are."),
        field("by_class", &S::by_class, "All requests by class."),
        field("previous", &S::previous, "The period compared with."),
    };
};

template <>
struct Fields<analytics::Point> {
    using P = analytics::Point;
    static constexpr std::string_view name = "Point";
    static constexpr auto list = FieldList{
        field("at", &P::at, "Start of the step, with the zone's offset."),
        field("clicks", &P::clicks, "Requests by people."),
        field("unique_clicks", &P::unique_clicks, "Of these, those that count once."),
        field("bots", &P::bots, "Requests by bots."),
    };
};

template <>
struct Fields<analytics::Timeseries> {
    using T = analytics::Timeseries;
    static constexpr std::string_view name = "Timeseries";
    static constexpr auto list = FieldList{
        field("interval", &T::interval, "How long a step is."),
        field("data", &T::data, "Every step of the range, in order."),
    };
};

template <>
struct Fields<analytics::Slice> {
    using S = analytics::Slice;
    static constexpr std::string_view name = "Slice";
    static constexpr auto list = FieldList{
        field("key", &S::key, "The value; empty when not known."),
        field("label", &S::label, "The value for people."),
        field("clicks", &S::clicks, "Requests by people."),
        field("unique_clicks", &S::unique_clicks, "Of these, those that count once."),
    };
};

template <>
struct Fields<analytics::Rest> {
    using R = analytics::Rest;
    static constexpr std::string_view name = "Rest";
    static constexpr auto list = FieldList{
        field("clicks", &R::clicks, "Requests by people in no slice shown."),
        field("unique_clicks", &R::unique_clicks, "Of these, those that count once."),
    };
};

template <>
struct Fields<analytics::BreakdownAnswer> {
    using B = analytics::BreakdownAnswer;
    static constexpr std::string_view name = "Breakdown";
    static constexpr auto list = FieldList{
        field("by", &B::by, "What clicks were grouped by."),
        field("data", &B::data, "The largest slices first."),
        field("other", &B::other, "What is in none of them."),
    };
};

}  // namespace referral::schema
