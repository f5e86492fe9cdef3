#include "partners/routes.hpp"

#include "partners/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::partners {

namespace {

using accounts::MailboxAsked, accounts::MailedToken, accounts::Sent;
using http::Accepted, http::Body, http::Call, http::Created, http::NoContent, http::Page,
    http::Params, http::Path;

http::About open_about(std::string name, std::string summary, std::string limit_class) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .refuses = {Refusal::forbidden, Refusal::too_many},
            .limit_class = std::move(limit_class)};
}

http::RouteTable applying(const Applications& applications) {
    return {
        http::get(
            "/auth/terms", [](Call& call) { return current_terms(call.transaction()); },
            open_about("getTerms", "Read what partners agree to", "public")),
        http::post(
            "/auth/apply",
            [=](Call& call, Body<NewApplication> body) {
                applications.apply(call, *body);
                return Accepted<Sent>{};
            },
            open_about("apply", "Ask to become a partner", "sign-in")),
        http::post(
            "/auth/verify-email",
            [=](Call& call, Body<MailedToken> body) {
                applications.verify(call, body->token);
                return NoContent{};
            },
            open_about("verifyEmail", "Show that an applicant's mailbox is theirs", "sign-in")),
        http::post(
            "/auth/verify-email/resend",
            [=](Call& call, Body<MailboxAsked> body) {
                applications.send_again(call, body->email);
                return Accepted<Sent>{};
            },
            open_about("resendVerification", "Have that link mailed again", "sign-in")),
    };
}

http::RouteTable deciding(const Applications& applications) {
    return {
        http::get(
            "/applications",
            [=](Call& call, Params<ApplicationFilter> filter) {
                auto page = applications.list(call.transaction(), *filter);
                return Page<Application>{std::move(page.applications), std::move(page.next_cursor)};
            },
            {.name = "listApplications",
             .summary = "List who asks to become a partner",
             .permission = "applications:read"}),
        http::get("/applications/{id}",
                  [=](Call& call, Path<ApplicationId> id) {
                      return applications.get(call.transaction(), *id);
                  },
                  {.name = "getApplication",
                   .summary = "Look up an application",
                   .permission = "applications:read"}),
        http::post(
            "/applications/{id}/approve",
            [=](Call& call, Path<ApplicationId> id) { return applications.approve(call, *id); },
            {.name = "approveApplication",
             .summary = "Make an applicant a partner",
             .permission = "applications:write",
             .refuses = {Refusal::not_found, Refusal::conflict}}),
        http::post("/applications/{id}/reject",
                   [=](Call& call, Path<ApplicationId> id, Body<Rejection> body) {
                       return applications.reject(call, *id, body->reason);
                   },
                   {.name = "rejectApplication",
                    .summary = "Turn an applicant down",
                    .permission = "applications:write",
                    .refuses = {Refusal::not_found, Refusal::conflict}}),
    };
}

http::RouteTable agreeing() {
    return {
        http::get("/terms", own_terms,
                  {.name = "getOwnTerms",
                   .summary = "Read the terms, and whether one accepted them",
                   .permission = "terms:own"}),
        http::post(
            "/terms/accept",
            [](Call& call, Body<TermsAccepted> body) { return accept_terms(call, body->version); },
            {.name = "acceptTerms",
             .summary = "Accept the newest terms",
             .permission = "terms:own",
             .refuses = {Refusal::conflict}}),
        http::post("/terms",
                   [](Call& call, Body<NewTerms> body) {
                       return Created<Terms>{publish_terms(call, *body)};
                   },
                   {.name = "publishTerms",
                    .summary = "Publish new terms of partners",
                    .permission = "terms:write",
                    .refuses = {Refusal::conflict},
                    // 100,000 characters of up to four bytes, and escapes.
                    .body_bytes_max = 640 * 1'024}),
    };
}

}  // namespace

http::RouteTable routes(const RouteParts& parts) {
    const Applications applications(parts.accounts);
    http::RouteTable all = applying(applications);
    for (const auto& table : {deciding(applications), agreeing(), partner_routes(parts),
                              group_routes(), enrolment_routes()})
        all.insert(all.end(), table.begin(), table.end());
    return all;
}

}  // namespace referral::partners
