/// Looking at commissions and deciding about them.

#include "commissions/routes.hpp"

#include "commissions/actions.hpp"
#include "commissions/commission_queries.hpp"
#include "commissions/commissions.hpp"
#include "commissions/schemas.hpp"
#include "platform/http/route.hpp"

namespace referral::commissions {

namespace {

using http::Body, http::Call, http::Page, http::Params, http::Path;

/// Leaves an audit log when a partner asks for another's; that is then not found.
void note_anothers(db::Pool& pool, Call& call, CommissionId id) {
    if (!call.owner()) return;
    db::Transaction& tx = call.transaction();
    if (tx.maybe(sql::place, id, call.owner()) || !tx.maybe(sql::place, id, std::nullopt)) return;
    audit::note_apart(pool, audit::actor_of(call),
                      {.action = "commissions.refuse",
                       .object_type = "commission",
                       .object_id = id.text(),
                       .reason = "another partner asked for it"},
                      call.now());
}

Page<Commission> list_commissions(Call& call, Params<CommissionFilter> filter) {
    CommissionPage page = list(call.transaction(), *filter, call.owner(), call.now());
    return {std::move(page.commissions), std::move(page.next_cursor)};
}

Page<SumView> list_sums(Call& call, Params<SumFilter> filter) {
    Page<SumView> page;
    for (const CommissionSum& sum : sums(call.transaction(), *filter, call.owner()))
        page.data.push_back({.currency = sum.currency,
                             .status = sum.status,
                             .commissions = sum.commissions,
                             .amount = to_text(Money{sum.amount, sum.currency})});
    return page;
}

/// The commission as it is after an action.
template <class Act>
Commission acted(Call& call, CommissionId id, const Act& act) {
    act(call.transaction(), audit::actor_of(call));
    return get(call.transaction(), id, call.owner(), call.now());
}

/// `hold` is a pure function, too.
void stop(db::Transaction& tx, CommissionId id, const Line<500>& reason, const audit::Actor& actor,
          Instant now) {
    hold(tx, id, reason, actor, now);
}

http::About action_about(std::string name, std::string summary, std::vector<Refusal> refuses) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .permission = "commissions:write",
            .refuses = std::move(refuses)};
}

/// Actions that take nothing but a reason.
template <class Reason, class Act>
http::Route action_route(const std::string& verb, const Act& act, std::string summary,
                         std::vector<Refusal> refuses) {
    return http::post(
        "/commissions/{id}/" + verb,
        [act](Call& call, Path<CommissionId> id, Body<Reason> body) {
            return acted(call, *id, [&](db::Transaction& tx, const audit::Actor& actor) {
                act(tx, *id, body->reason, actor, call.now());
            });
        },
        action_about(verb + "Commission", std::move(summary), std::move(refuses)));
}

http::RouteTable looking(db::Pool& pool) {
    return {
        http::get("/commissions", list_commissions,
                  {.name = "listCommissions",
                   .summary = "List commissions, the newest first",
                   .permission = "commissions:read",
                   .refuses = {Refusal::invalid}}),
        http::get("/commissions/sums", list_sums,
                  {.name = "sumCommissions",
                   .summary = "Sum commissions by status and currency",
                   .permission = "commissions:read"}),
        http::get("/commissions/{id}",
                  [&pool](Call& call, Path<CommissionId> id) {
                      note_anothers(pool, call, *id);
                      return get(call.transaction(), *id, call.owner(), call.now());
                  },
                  {.name = "getCommission",
                   .summary = "Look up a commission, when it is payable and why not yet",
                   .permission = "commissions:read"}),
        http::get("/commissions/{id}/explanation",
                  [&pool](Call& call, Path<CommissionId> id) {
                      note_anothers(pool, call, *id);
                      return explanation(call.transaction(), *id, call.owner(), call.now());
                  },
                  {.name = "explainCommission",
                   .summary = "Explain a commission step by step, for people and for programs",
                   .permission = "commissions:read"}),
        http::get(
            "/commissions/{id}/changes",
            [&pool](Call& call, Path<CommissionId> id) {
                note_anothers(pool, call, *id);
                return Page<CommissionChange>{changes(call.transaction(), *id, call.owner()), {}};
            },
            {.name = "listCommissionChanges",
             .summary = "List what happened to a commission",
             .permission = "commissions:read"}),
    };
}

http::RouteTable acting() {
    return {
        action_route<OptionalReason>("approve", approve, "Make a commission payable",
                                     {Refusal::not_found, Refusal::invalid, Refusal::conflict}),
        action_route<RequiredReason>("hold", stop, "Stop a commission until somebody decides",
                                     {Refusal::not_found, Refusal::conflict}),
        action_route<OptionalReason>("release", release, "Put a held commission back",
                                     {Refusal::not_found, Refusal::conflict}),
        action_route<RequiredReason>("reject", reject, "Say that a held commission is not paid",
                                     {Refusal::not_found, Refusal::conflict}),
        http::post(
            "/commissions/{id}/adjust",
            [](Call& call, Path<CommissionId> id, Body<Adjustment> body) {
                return acted(call, *id, [&](db::Transaction& tx, const audit::Actor& actor) {
                    adjust(tx, *id, body->amount_change, body->reason, actor, call.now());
                });
            },
            action_about("adjustCommission", "Add to a commission or take from it",
                         {Refusal::not_found, Refusal::invalid, Refusal::conflict})),
        http::post(
            "/commissions/{id}/claw_back",
            [](Call& call, Path<CommissionId> id, Body<ClawBack> body) {
                return acted(call, *id, [&](db::Transaction& tx, const audit::Actor& actor) {
                    claw_back(tx, *id, body->amount, body->reason, actor, call.now());
                });
            },
            action_about("clawBackCommission", "Take back what was approved or paid",
                         {Refusal::not_found, Refusal::invalid, Refusal::conflict})),
    };
}

}  // namespace

http::RouteTable routes(db::Pool& pool) {
    http::RouteTable all = looking(pool);
    for (const auto& table : {acting(), rule_routes()})
        all.insert(all.end(), table.begin(), table.end());
    return all;
}

}  // namespace referral::commissions
