#include "leads/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::leads {

namespace {

using http::Body, http::Call, http::Created, http::OptionalBody, http::Page, http::Params,
    http::Path;

http::About about(std::string name, std::string summary, std::string permission,
                  std::vector<Refusal> refuses = {}) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .permission = std::move(permission),
            .refuses = std::move(refuses)};
}

}  // namespace

http::RouteTable routes() {
    return {
        http::get(
            "/leads",
            [](Call& call, Params<LeadFilter> filter) {
                auto page = list(call, *filter);
                return Page<Lead>{std::move(page.leads), std::move(page.next_cursor)};
            },
            about("listLeads", "List deals that partners registered; a partner: one's own",
                  "leads:read")),
        http::post(
            "/leads",
            [](Call& call, Body<NewLead> body) {
                return Created<LeadDetails>{create(call, *body)};
            },
            about("createLead", "Register a deal", "leads:own", {Refusal::conflict})),
        http::get(
            "/leads/{id}", [](Call& call, Path<LeadId> id) { return get(call, *id); },
            about("getLead", "Look up a lead", "leads:read")),
        http::post(
            "/leads/{id}/accept",
            [](Call& call, Path<LeadId> id, OptionalBody<Acceptance> body) {
                return accept(call, *id, *body);
            },
            about("acceptLead", "Protect a lead", "leads:write", {Refusal::conflict})),
        http::post(
            "/leads/{id}/reject",
            [](Call& call, Path<LeadId> id, Body<Rejection> body) {
                return reject(call, *id, body->reason);
            },
            about("rejectLead", "Turn a lead down, or take back that it was accepted",
                  "leads:write", {Refusal::conflict})),
    };
}

}  // namespace referral::leads
