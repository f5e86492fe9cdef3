#include "accounts/view_as.hpp"

#include "accounts/permissions.hpp"
#include "accounts/queries.hpp"
#include "accounts/session_queries.hpp"
#include "audit/audit.hpp"

namespace referral::accounts {

namespace {

void note_viewing(db::Transaction& tx, const audit::Actor& actor, std::string_view action,
                  UserId partner, Instant now) {
    audit::note(tx, actor, {.action = action, .object_type = "user", .object_id = partner.text()},
                now);
}

}  // namespace

http::Caller view_as(const Sessions& sessions, http::Call& call, UserId partner) {
    db::Transaction& tx = call.transaction();
    const auto user = tx.maybe(sql::find, partner);
    if (!user) throw not_found("user");
    if (user->role != Role::partner) throw conflict("role", "must be partner");
    if (user->status != UserStatus::active) throw conflict("status", "must be active");
    tx.run_for_effect(sql::set_acting, SessionId{call.caller().session_id}, partner,
                      call.now() + view_as_max);
    note_viewing(tx, audit::actor_of(call), "users.view-as", partner, call.now());
    sessions.renew(call);
    return {.user_id = partner.value,
            .session_id = call.caller().session_id,
            .acting_for = call.caller().user_id,
            .permissions = permissions_to_look(Role::partner)};
}

http::Caller end_view_as(const Sessions& sessions, http::Call& call) {
    db::Transaction& tx = call.transaction();
    const http::Caller caller = call.caller();
    if (!caller.acting_for) throw conflict("viewing_as", "is nobody");
    const UserId admin{*caller.acting_for};
    tx.run_for_effect(sql::set_acting, SessionId{caller.session_id}, std::optional<UserId>(),
                      std::optional<Instant>());
    note_viewing(tx, audit::actor_of(call), "users.view-as-end", UserId{caller.user_id},
                 call.now());
    sessions.renew(call);
    const Role role = tx.one(sql::find, admin).role;
    return {.user_id = admin.value,
            .session_id = caller.session_id,
            .permissions = permissions(role),
            .sees_all = sees_all(role)};
}

void end_old_views(db::Transaction& tx, Instant now) {
    for (const EndedView& view : tx.all(sql::end_views, now))
        note(tx,
             {.user_id = view.user_id.value,
              .acting_as = view.acting_for.value,
              .job = "accounts.forget-ended"},
             "users.view-as-end", view.acting_for, now);
}

}  // namespace referral::accounts
