/// Rules and their versions, drafts tried on an order or on all of the past, and exchange rates.

#include "audit/audit.hpp"
#include "commissions/exchange_rates.hpp"
#include "commissions/preview.hpp"
#include "commissions/routes.hpp"
#include "commissions/schemas.hpp"
#include "commissions/stored_rules.hpp"

namespace referral::commissions {

namespace {

using http::Accepted, http::Body, http::Call, http::Created, http::Page, http::Params, http::Path;

UserId user_of(const Call& call) { return {call.caller().user_id}; }

/// Tells audit logs of the version that came to be.
RuleDetail noted(Call& call, std::string_view action, RuleDetail detail) {
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = action,
                 .object_type = "commission-rule",
                 .object_id = detail.rule.id.text(),
                 .after = schema::Json<RuleView>::write(detail.versions.front())},
                call.now());
    return detail;
}

Created<RuleDetail> create(Call& call, Body<RuleForm> form) {
    return {noted(call, "commission-rules.create",
                  create_rule(call.transaction(), *form, user_of(call), call.now()))};
}

Created<RuleDetail> create_version(Call& call, Path<RuleId> id, Body<RuleForm> form) {
    return {noted(call, "commission-rules.change",
                  add_version(call.transaction(), *id, *form, user_of(call), call.now()))};
}

RuleDetail retire(Call& call, Path<RuleId> id, Body<Retirement> body) {
    return noted(call, "commission-rules.retire",
                 retire_rule(call.transaction(), *id, body->effective_from.value_or(call.now()),
                             user_of(call), call.now()));
}

Page<RuleView> list_all(Call& call, Params<RuleFilter> filter) {
    RulePage page = list_rules(call.transaction(), *filter, call.owner(), call.now());
    return {std::move(page.rules), std::move(page.next_cursor)};
}

Created<StoredRate> create_rate(Call& call, Body<NewRate> body) {
    StoredRate rate = add_rate(call.transaction(), *body, user_of(call), call.now());
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "exchange-rates.create",
                 .object_type = "exchange-rate",
                 .object_id = rate.id.text(),
                 .after = schema::Json<StoredRate>::write(rate)},
                call.now());
    return {std::move(rate)};
}

Page<StoredRate> list_all_rates(Call& call, Params<RateFilter> filter) {
    RatePage page = list_rates(call.transaction(), *filter);
    return {std::move(page.rates), std::move(page.next_cursor)};
}

Accepted<Trial> try_rule(Call& call, Body<NewTrial> body) {
    Trial trial = begin_trial(call.transaction(), *body, user_of(call), call.now());
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "commission-rules.try",
                 .object_type = "trial",
                 .object_id = trial.id.text(),
                 .after = schema::Json<RuleView>::write(trial.rule)},
                call.now());
    return {std::move(trial)};
}

http::RouteTable rules() {
    return {
        http::get("/commission-rules", list_all,
                  {.name = "listCommissionRules",
                   .summary = "List commission rules; partners see those that are for them",
                   .permission = "commission-rules:read",
                   .refuses = {Refusal::invalid}}),
        http::post("/commission-rules", create,
                   {.name = "createCommissionRule",
                    .summary = "Make a commission rule",
                    .permission = "commission-rules:write",
                    .refuses = {Refusal::not_found, Refusal::invalid}}),
        http::get("/commission-rules/{id}",
                  [](Call& call, Path<RuleId> id) {
                      return get_rule(call.transaction(), *id, call.owner(), call.now());
                  },
                  {.name = "getCommissionRule",
                   .summary = "Look up a commission rule and its versions",
                   .permission = "commission-rules:read"}),
        http::post("/commission-rules/{id}/versions", create_version,
                   {.name = "createCommissionRuleVersion",
                    .summary = "Change a rule from a time on, by a new version",
                    .permission = "commission-rules:write",
                    .refuses = {Refusal::not_found, Refusal::invalid}}),
        http::post("/commission-rules/{id}/retire", retire,
                   {.name = "retireCommissionRule",
                    .summary = "Give up a rule from a time on",
                    .permission = "commission-rules:write",
                    .refuses = {Refusal::not_found, Refusal::invalid, Refusal::conflict}}),
    };
}

http::RouteTable drafts() {
    return {
        http::post("/commission-rules/preview",
                   [](Call& call, Body<PreviewForm> form) {
                       return preview(call.transaction(), *form, call.now());
                   },
                   {.name = "previewCommissionRule",
                    .summary = "Read a draft as a sentence, with errors and a sample order",
                    .permission = "commission-rules:read",
                    .idempotent = false}),
        http::post("/commission-rules/what-if", try_rule,
                   {.name = "tryCommissionRule",
                    .summary = "Have a draft tried on past conversions; nothing is posted",
                    .permission = "commission-rules:write",
                    .refuses = {Refusal::not_found, Refusal::invalid}}),
        http::get("/commission-rules/what-if/{id}",
                  [](Call& call, Path<TrialId> id) { return get_trial(call.transaction(), *id); },
                  {.name = "getTrial",
                   .summary = "Look up a trial, how far it is and what came out",
                   .permission = "commission-rules:write"}),
    };
}

http::RouteTable rates() {
    return {
        http::get("/exchange-rates", list_all_rates,
                  {.name = "listExchangeRates",
                   .summary = "List exchange rates, the newest day first",
                   .permission = "exchange-rates:read",
                   .refuses = {Refusal::invalid}}),
        http::post("/exchange-rates", create_rate,
                   {.name = "createExchangeRate",
                    .summary = "Tell what a currency is worth from a day on",
                    .permission = "exchange-rates:write",
                    .refuses = {Refusal::invalid, Refusal::conflict}}),
    };
}

}  // namespace

http::RouteTable rule_routes() {
    http::RouteTable all = rules();
    for (const auto& table : {drafts(), rates()}) all.insert(all.end(), table.begin(), table.end());
    return all;
}

}  // namespace referral::commissions
