/// Partners, groups and enrolments.

#include "partners/profile_schemas.hpp"
#include "partners/routes.hpp"
#include "platform/http/route.hpp"

namespace referral::partners {

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

http::Route step_route(EnrolmentStep step, std::string summary, std::string permission) {
    const std::string verb(name_of(step));
    return http::post(
        "/enrolments/{id}/" + verb,
        [step](Call& call, Path<EnrolmentId> id, OptionalBody<StepReason> body) {
            return take_step(call, *id, step, body->reason);
        },
        about(verb + "Enrolment", std::move(summary), std::move(permission), {Refusal::conflict}));
}

}  // namespace

http::RouteTable partner_routes(const RouteParts& parts) {
    const Partners partners(parts.accounts, parts.links);
    return {
        http::get(
            "/partners",
            [=](Call& call, Params<PartnerFilter> filter) {
                auto page = partners.list(call, *filter);
                return Page<Partner>{std::move(page.partners), std::move(page.next_cursor)};
            },
            about("listPartners", "List partners; a partner: oneself", "partners:read")),
        http::post(
            "/partners",
            [partners, changed = parts.links_changed](Call& call, Body<NewPartner> body) {
                if (changed) call.after_commit(changed);
                return Created<Partner>{partners.create(call, *body)};
            },
            about("createPartner", "Invite a partner, enrol them and make their first link",
                  "partners:write", {Refusal::conflict})),
        http::get(
            "/partners/{id}", [=](Call& call, Path<UserId> id) { return partners.get(call, *id); },
            about("getPartner", "Look up a partner", "partners:read")),
        http::patch(
            "/partners/{id}",
            [=](Call& call, Path<UserId> id, Body<PartnerChange> body) {
                return partners.change(call, *id, *body);
            },
            about("changePartner", "Change a partner's profile", "partners:write")),
    };
}

http::RouteTable group_routes() {
    return {
        http::get(
            "/groups",
            [](Call& call, Params<GroupFilter> filter) {
                auto page = list_groups(call.transaction(), *filter);
                return Page<Group>{std::move(page.groups), std::move(page.next_cursor)};
            },
            about("listGroups", "List groups of partners", "groups:read")),
        http::post(
            "/groups",
            [](Call& call, Body<NewGroup> body) {
                return Created<Group>{create_group(call, *body)};
            },
            about("createGroup", "Make a group of partners", "groups:write", {Refusal::conflict})),
        http::get(
            "/groups/{id}",
            [](Call& call, Path<GroupId> id) { return get_group(call.transaction(), *id); },
            about("getGroup", "Look up a group of partners", "groups:read")),
        http::patch(
            "/groups/{id}",
            [](Call& call, Path<GroupId> id, Body<GroupChange> body) {
                return change_group(call, *id, *body);
            },
            about("changeGroup", "Change a group of partners", "groups:write",
                  {Refusal::conflict})),
    };
}

http::RouteTable enrolment_routes() {
    return {
        http::get(
            "/enrolments",
            [](Call& call, Params<EnrolmentFilter> filter) {
                auto page = list_enrolments(call, call.transaction(), *filter);
                return Page<Enrolment>{std::move(page.enrolments), std::move(page.next_cursor)};
            },
            about("listEnrolments", "List who takes part in what; a partner: one's own",
                  "enrolments:read")),
        http::post(
            "/enrolments",
            [](Call& call, Body<NewEnrolment> body) {
                return Created<EnrolmentDetails>{create_enrolment(call, *body)};
            },
            about("createEnrolment", "Enrol a partner in a program, or ask to take part",
                  "enrolments:own", {Refusal::conflict})),
        http::get(
            "/enrolments/{id}",
            [](Call& call, Path<EnrolmentId> id) { return get_enrolment(call, *id); },
            about("getEnrolment", "Look up an enrolment with its history", "enrolments:read")),
        http::patch(
            "/enrolments/{id}",
            [](Call& call, Path<EnrolmentId> id, Body<EnrolmentEdit> body) {
                return change_enrolment(call, *id, *body);
            },
            about("changeEnrolment", "Move a partner to another group", "enrolments:write")),
        step_route(EnrolmentStep::approve, "Let a partner take part", "enrolments:write"),
        step_route(EnrolmentStep::reject, "Turn a partner down", "enrolments:write"),
        step_route(EnrolmentStep::suspend, "Suspend a partner in a program", "enrolments:write"),
        step_route(EnrolmentStep::reinstate, "End a suspension or a ban", "enrolments:write"),
        step_route(EnrolmentStep::ban, "Ban a partner from a program", "enrolments:write"),
        step_route(EnrolmentStep::leave, "Leave a program", "enrolments:own"),
    };
}

}  // namespace referral::partners
