#include "app/routes.hpp"

#include "analytics/analytics.hpp"
#include "app/commands.hpp"
#include "app/tasks.hpp"
#include "commissions/commissions.hpp"
#include "customers/customers.hpp"
#include "leads/leads.hpp"
#include "ledger/ledger.hpp"
#include "partners/partners.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/route.hpp"
#include "programs/programs.hpp"

namespace referral::app {

namespace {

/// The route that describes all others, and itself.
http::Route document_route(const http::RouteTable& others) {
    const auto make = [](std::string text) {
        return http::get("/openapi.json",
                         [text = std::move(text)](http::Call&) {
                             return http::File{http::Response::with(200, "application/json", text)};
                         },
                         {.name = "getOpenapi",
                          .summary = "Describe this API",
                          .media_types = {"application/json"}});
    };
    http::RouteTable all = others;
    all.push_back(make(""));
    return make(http::openapi(all, version));
}

}  // namespace

http::RouteTable all_routes(const RouteParts& parts) {
    http::RouteTable all;
    const auto add = [&](http::RouteTable more) {
        for (http::Route& route : more) all.push_back(std::move(route));
    };
    add(audit::routes(parts.anchors));
    add(accounts::routes(parts.accounts));
    add(partners::routes({.accounts = parts.accounts,
                          .links = parts.links,
                          .links_changed = [&feed = parts.feed] { feed.changed(); }}));
    add(programs::routes(parts.development, [&feed = parts.feed] { feed.changed(); }));
    add(customers::routes());
    add(leads::routes());
    add(conversions::routes(
        {.conversions = parts.conversions, .tokens = parts.tokens, .key = parts.key}));
    add(links::routes({.links = parts.links, .directory = parts.directory, .feed = parts.feed}));
    add(clicks::routes(parts.live));
    add(ledger::routes());
    add(commissions::routes(parts.pool));
    add(analytics::routes());
    add(operations::settings_routes());
    add(operations::routes({.kinds = parts.job_kinds, .schedules = all_schedules()}));
    add(operations::mail_routes(parts.mailer));
    all.push_back(document_route(all));
    return all;
}

}  // namespace referral::app
