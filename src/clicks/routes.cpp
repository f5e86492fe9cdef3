#include "base/timezone.hpp"
#include "clicks/clicks.hpp"
#include "platform/http/route.hpp"

namespace referral::clicks {

/// The day a proof is asked for.
struct ProofParams {
    Day day{};
};

/// Whose midnight the live counters begin at.
struct LiveParams {
    Timezone timezone;
};

}  // namespace referral::clicks

namespace referral::schema {

template <>
struct Fields<clicks::ProofParams> {
    using T = clicks::ProofParams;
    static constexpr std::string_view name = "ProofParams";
    static constexpr auto list = FieldList{field("day", &T::day, "The day (UTC), YYYY-MM-DD")};
};

template <>
struct Fields<clicks::LiveParams> {
    using T = clicks::LiveParams;
    static constexpr std::string_view name = "LiveParams";
    static constexpr auto list =
        FieldList{field("timezone", &T::timezone, "Whose midnight begins the day; UTC")};
};

}  // namespace referral::schema

namespace referral::clicks {

namespace {

using http::Call, http::File, http::Page, http::Params;

Page<Click> list_clicks(Call& call, Params<ClickFilter> filter) {
    ClickPage page = list(call.transaction(), call.owner(), *filter);
    Page<Click> answer{.data = std::move(page.data), .next_cursor = {}};
    if (page.next_cursor) answer.next_cursor = page.next_cursor->text();
    return answer;
}

DayProof prove_day(Call& call, Params<ProofParams> params) {
    if (params->day == Day{}) throw invalid("day", "is required");
    return prove(call.transaction(), params->day);
}

File follow(Call& call, const LiveParams& params, Live& live) {
    return {http::Response::events(
        live.subscribe({.owner = call.owner(), .timezone = params.timezone.text()}))};
}

}  // namespace

http::RouteTable routes(Live& live) {
    return {
        http::get("/clicks", list_clicks,
                  {.name = "listClicks",
                   .summary = "List clicks, the newest first",
                   .permission = "clicks:read",
                   .refuses = {Refusal::invalid}}),
        http::get("/clicks/proof", prove_day,
                  {.name = "proveClicks",
                   .summary = "Show that what was journalled on a day is what is stored",
                   .permission = "clicks:proof",
                   .refuses = {Refusal::invalid}}),
        http::get(
            "/analytics/live",
            [&live](Call& call, Params<LiveParams> params) { return follow(call, *params, live); },
            {.name = "followClicks",
             .summary = "Stream fresh clicks and the day's counters",
             .permission = "analytics:read",
             .refuses = {Refusal::invalid, Refusal::too_many},
             .media_types = {"text/event-stream"}}),
    };
}

}  // namespace referral::clicks
