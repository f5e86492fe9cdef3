/// Sign-in and one's own account. Users and keys: routes_users.cpp.

#include "platform/http/route.hpp"

#include "accounts/browser.hpp"
#include "accounts/queries.hpp"
#include "accounts/routes.hpp"
#include "accounts/session_queries.hpp"
#include "accounts/view_as.hpp"
#include "audit/audit.hpp"

namespace referral::accounts {

Me me(const Accounts& accounts, http::Call& call, const http::Caller& caller) {
    db::Transaction& tx = call.transaction();
    const SessionId session{caller.session_id};
    const SessionFacts facts = tx.one(sql::session_facts, session);
    Me answer{.user = tx.one(sql::find, UserId{caller.user_id}),
              .csrf_token = accounts.sessions.csrf_token(session, facts.created_at),
              .permissions = {caller.permissions.begin(), caller.permissions.end()},
              .totp_enabled = facts.totp_enabled,
              .must_set_up_totp = facts.must_set_up_totp,
              .viewing_as = {},
              .branding = site_branding(tx)};
    if (caller.acting_for)
        answer.viewing_as = ViewedPartner{answer.user.id, answer.user.name.text()};
    return answer;
}

namespace {

using http::Body, http::Call, http::NoContent, http::Page, http::Path;

NoContent sign_out(const Accounts& accounts, Call& call) {
    if (call.caller().acting_for) end_view_as(accounts.sessions, call);
    accounts.sessions.end(call);
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "sessions.end",
                 .object_type = "session",
                 .object_id = SessionId{call.caller().session_id}.text()},
                call.now());
    return {};
}

/// Remembered devices are forgotten, too: whoever asks for this does not trust all of them.
NoContent sign_out_everywhere(const Accounts& accounts, Call& call) {
    const UserId user{call.caller().user_id};
    accounts.sessions.end(call);
    end_sessions(call.transaction(), user);
    call.transaction().run_for_effect(sql::forget_devices, user, call.now());
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "sessions.end-all", .object_type = "user", .object_id = user.text()},
                call.now());
    return {};
}

Page<SessionView> list_sessions(const Accounts& accounts, Call& call) {
    Page<SessionView> page;
    const Instant idle_since = call.now() - accounts.sessions.settings().idle_max;
    for (StoredSession& row :
         call.transaction().all(sql::list_sessions, UserId{call.caller().user_id},
                                SessionId{call.caller().session_id}, call.now(), idle_since)) {
        Browser browser = Browser::of(row.user_agent);
        page.data.push_back({.id = row.id,
                             .created_at = row.created_at,
                             .seen_at = row.seen_at,
                             .expires_at = row.expires_at,
                             .ip = std::move(row.ip),
                             .browser = std::move(browser.name),
                             .os = std::move(browser.os),
                             .current = row.current});
    }
    return page;
}

NoContent end_session(Call& call, SessionId id) {
    const UserId user{call.caller().user_id};
    if (call.transaction().run_for_effect(sql::delete_session, user, id) == 0)
        throw not_found("session");
    audit::note(call.transaction(), audit::actor_of(call),
                {.action = "sessions.end", .object_type = "session", .object_id = id.text()},
                call.now());
    return {};
}

Me change_me(const Accounts& accounts, Call& call, const MeChange& wanted) {
    db::Transaction& tx = call.transaction();
    const UserId id{call.caller().user_id};
    const User before = tx.one(sql::find_for_change, id);
    const User after = tx.one(sql::change, id, wanted.name, wanted.timezone, call.now());
    audit::note(tx, audit::actor_of(call),
                {.action = "users.change-own",
                 .object_type = "user",
                 .object_id = id.text(),
                 .before = schema::Json<User>::write(before),
                 .after = schema::Json<User>::write(after)},
                call.now());
    return me(accounts, call, call.caller());
}

http::RouteTable session_routes(Accounts& accounts) {
    return {
        http::post("/auth/sign-in",
                   [&](Call& call, Body<SignIn> body) {
                       return me(accounts, call, accounts.sign_ins.sign_in(call, *body));
                   },
                   {.name = "signIn",
                    .summary = "Begin a session",
                    .refuses = {Refusal::unauthenticated, Refusal::forbidden, Refusal::too_many},
                    .limit_class = "sign-in"}),
        http::post("/auth/sign-out", [&](Call& call) { return sign_out(accounts, call); },
                   {.name = "signOut",
                    .summary = "End this session",
                    .permission = "account:own",
                    .idempotent = false,
                    .while_acting = true}),
        http::post("/auth/sign-out-everywhere",
                   [&](Call& call) { return sign_out_everywhere(accounts, call); },
                   {.name = "signOutEverywhere",
                    .summary = "End all of one's sessions",
                    .permission = "account:own",
                    .idempotent = false}),
        http::post(
            "/auth/view-as/end",
            [&](Call& call) { return me(accounts, call, end_view_as(accounts.sessions, call)); },
            {.name = "endViewAs",
             .summary = "Stop looking as a partner",
             .permission = "account:own",
             .refuses = {Refusal::conflict},
             .idempotent = false,
             .while_acting = true}),
        http::get(
            "/me", [&](Call& call) { return me(accounts, call, call.caller()); },
            {.name = "getMe", .summary = "Look up who is signed in", .permission = "account:own"}),
        http::patch(
            "/me",
            [&](Call& call, Body<MeChange> body) { return change_me(accounts, call, *body); },
            {.name = "changeMe", .summary = "Change own data", .permission = "account:own"}),
        http::get("/sessions", [&](Call& call) { return list_sessions(accounts, call); },
                  {.name = "listSessions",
                   .summary = "List where one is signed in",
                   .permission = "account:own"}),
        http::del("/sessions/{id}",
                  [](Call& call, Path<SessionId> id) { return end_session(call, *id); },
                  {.name = "endSession",
                   .summary = "End one of one's sessions",
                   .permission = "account:own",
                   .refuses = {Refusal::not_found}}),
    };
}

http::RouteTable own_account_routes(Accounts& accounts) {
    const auto about = [](std::string name, std::string summary, bool shows_secret = false) {
        return http::About{.name = std::move(name),
                           .summary = std::move(summary),
                           .permission = "account:own",
                           .refuses = {Refusal::conflict, Refusal::too_many, Refusal::unavailable},
                           .limit_class = "sign-in",
                           .shows_secret = shows_secret};
    };
    const auto own = [&] { return OwnAccount(accounts); };
    return {
        http::post(
            "/me/password",
            [own](Call& call, Body<PasswordChange> body) {
                own().change_password(call, *body);
                return NoContent{};
            },
            about("changePassword", "Change one's password; other sessions end")),
        http::post(
            "/me/email",
            [own](Call& call, Body<EmailChange> body) {
                own().change_email(call, *body);
                return http::Accepted<Sent>{};
            },
            about("changeEmail", "Have a link mailed to one's new address")),
        http::post(
            "/me/totp",
            [own](Call& call, Body<PasswordGiven> body) {
                return own().begin_totp(call, body->password);
            },
            about("beginTotp", "Begin to set up a second factor", true)),
        http::post(
            "/me/totp/confirm",
            [own](Call& call, Body<CodeGiven> body) {
                return RecoveryCodes{own().confirm_totp(call, body->code)};
            },
            about("confirmTotp", "Turn the second factor on", true)),
        http::post(
            "/me/totp/disable",
            [own](Call& call, Body<Proof> body) {
                own().disable_totp(call, *body);
                return NoContent{};
            },
            about("disableTotp", "Turn the second factor off")),
        http::post(
            "/me/recovery-codes",
            [own](Call& call, Body<Proof> body) {
                return RecoveryCodes{own().renew_recovery_codes(call, *body)};
            },
            about("renewRecoveryCodes", "Get other recovery codes", true)),
    };
}

}  // namespace

http::RouteTable routes(Accounts& accounts) {
    http::RouteTable all = session_routes(accounts);
    for (const auto& table : {own_account_routes(accounts), mailed_link_routes(accounts),
                              user_routes(accounts), key_routes(accounts)})
        all.insert(all.end(), table.begin(), table.end());
    return all;
}

}  // namespace referral::accounts
