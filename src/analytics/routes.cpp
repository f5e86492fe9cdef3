#include "analytics/queries.hpp"
#include "analytics/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::analytics {

std::optional<Moment> Moment::parse(std::string_view text) {
    constexpr Day first{std::chrono::year(1970) / 1 / 1}, last{std::chrono::year(2199) / 12 / 31};
    Moment moment;
    const auto day = parse_day(text);
    if (!day) moment.instant_ = parse_instant(text);
    if (!day && !moment.instant_) return std::nullopt;
    moment.day_ = day ? *day : std::chrono::floor<std::chrono::days>(*moment.instant_);
    if (moment.day_ < first || moment.day_ > last) return std::nullopt;
    return moment;
}

std::string Moment::text() const { return instant_ ? to_text(*instant_) : to_text(day_); }

namespace {

using http::Call, http::Params;
using std::chrono::days;

constexpr days range_default{30};
constexpr std::chrono::minutes step{15};

/// The first moment of `moment`, or of the day after it.
Instant start_of(db::Transaction& tx, const Moment& moment, const Timezone& timezone, bool after) {
    if (moment.instant()) return *moment.instant();
    return tx.one(sql::start_of_day, moment.day() + days(after ? 1 : 0), timezone);
}

/// The request's scope: the caller's own rows, a range of whole quarters of an hour.
template <class Query>
Scope scope_of(Call& call, const Query& query) {
    db::Transaction& tx = call.transaction();
    Scope scope{.link_id = query.link_id,
                .user_id = query.user_id,
                .program_id = query.program_id,
                .timezone = query.timezone.value_or(Timezone())};
    if (const auto owner = call.owner()) {
        if (scope.user_id && scope.user_id->value != *owner) throw not_found("user_id");
        scope.user_id = accounts::UserId{*owner};
    }
    if (scope.link_id && !tx.one(sql::link_is_visible, *scope.link_id, scope.user_id))
        throw not_found("link_id");
    const Instant to = query.to ? start_of(tx, *query.to, scope.timezone, true) : call.now();
    scope.to = std::chrono::ceil<std::chrono::duration<std::int64_t, std::ratio<900>>>(to);
    if (query.from) {
        scope.from = start_of(tx, *query.from, scope.timezone, false);
    } else {
        const Day last = tx.one(sql::day_of, scope.to - step, scope.timezone);
        scope.from = tx.one(sql::start_of_day, last - range_default + days(1), scope.timezone);
    }
    scope.from =
        std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(scope.from);
    if (scope.from >= scope.to) throw invalid("to", "must be after from");
    return scope;
}

std::int64_t link_count(db::Transaction& tx, const Scope& scope) {
    return tx.one(sql::count_links, scope.link_id, scope.user_id, scope.program_id);
}

Period previous_period(db::Transaction& tx, Scope scope, Comparison compare) {
    const auto back = compare == Comparison::year ? days(365) : scope.to - scope.from;
    scope.from -= back;
    scope.to -= back;
    Totals all = totals(tx, scope);
    return {scope.from,
            scope.to,
            all.clicks,
            all.unique_clicks,
            link_count(tx, scope),
            std::move(all.by_class)};
}

Summary get_summary(Call& call, Params<SummaryQuery> query) {
    db::Transaction& tx = call.transaction();
    const Scope scope = scope_of(call, *query);
    Totals all = totals(tx, scope);
    Summary summary{scope.from,
                    scope.to,
                    scope.timezone,
                    all.clicks,
                    all.unique_clicks,
                    link_count(tx, scope),
                    std::move(all.by_class),
                    std::nullopt};
    if (query->compare) summary.previous = previous_period(tx, scope, *query->compare);
    return summary;
}

Timeseries get_timeseries(Call& call, Params<TimeseriesQuery> query) {
    const Interval interval = query->interval.value_or(Interval::day);
    return {interval, timeseries(call.transaction(), scope_of(call, *query), interval)};
}

BreakdownAnswer get_breakdown(Call& call, Params<BreakdownQuery> query) {
    if (!query->by) throw invalid("by", "is required");
    const std::int64_t limit = query->limit ? query->limit->value : 10;
    Breakdown found = breakdown(call.transaction(), scope_of(call, *query), *query->by, limit,
                                call.owner().has_value());
    return {*query->by, std::move(found.data), {found.other_clicks, found.other_unique_clicks}};
}

}  // namespace

http::RouteTable routes() {
    return {
        http::get("/analytics/summary", get_summary,
                  {.name = "getSummary",
                   .summary = "Sum up clicks",
                   .permission = "analytics:read",
                   .refuses = {Refusal::not_found}}),
        http::get("/analytics/timeseries", get_timeseries,
                  {.name = "getTimeseries",
                   .summary = "Count clicks over time",
                   .permission = "analytics:read",
                   .refuses = {Refusal::not_found}}),
        http::get("/analytics/breakdown", get_breakdown,
                  {.name = "getBreakdown",
                   .summary = "Count clicks by what they have in common",
                   .permission = "analytics:read",
                   .refuses = {Refusal::not_found}}),
    };
}

}  // namespace referral::analytics
