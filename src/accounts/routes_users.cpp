/// Mailed links, users and keys.

#include "accounts/routes.hpp"
#include "accounts/schemas_keys.hpp"
#include "accounts/schemas_roles.hpp"
#include "accounts/view_as.hpp"
#include "audit/audit.hpp"
#include "platform/http/route.hpp"

namespace referral::accounts {

namespace {

using http::Accepted, http::Body, http::Call, http::Created, http::NoContent, http::Page,
    http::Params, http::Path;

/// Of routes that anybody may call, and that take a token or an address.
http::About open_about(std::string name, std::string summary) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .refuses = {Refusal::forbidden, Refusal::too_many},
            .limit_class = "sign-in"};
}

http::About about(std::string name, std::string summary, std::string permission,
                  std::vector<Refusal> refuses = {Refusal::not_found, Refusal::conflict}) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .permission = std::move(permission),
            .refuses = std::move(refuses)};
}

NoContent reset_totp(const Accounts& accounts, Call& call, UserId id) {
    db::Transaction& tx = call.transaction();
    accounts.users.get(tx, id);
    if (!accounts.second_factors.remove(tx, id)) throw conflict("totp", "is not set up");
    accounts.users.tell_totp_removed(tx, audit::actor_of(call), id, call.now());
    return {};
}

RoleTable role_table() {
    RoleTable table;
    for (const auto& [role, name] : Names<Role>::list) table.roles.push_back(role);
    for (const Permission& permission : all_permissions())
        table.permissions.push_back({.name = std::string(permission.name),
                                     .meaning = std::string(permission.meaning),
                                     .of_keys = permission.of_keys,
                                     .roles = roles_of(permission)});
    return table;
}

/// Sets cookies, so it must be a page of ours that asks.
void want_own_page(const Call& call) {
    if (comes_from_elsewhere(call.request()))
        throw Problem(Refusal::forbidden, "This must come from this site's own page.");
}

}  // namespace

http::RouteTable mailed_link_routes(Accounts& accounts) {
    const auto links = [&] { return MailedLinks(accounts); };
    return {
        http::post(
            "/auth/forgot-password",
            [links](Call& call, Body<MailboxAsked> body) {
                links().forgot_password(call, body->email.text());
                return Accepted<Sent>{};
            },
            open_about("forgotPassword", "Have a link for a new password mailed")),
        http::post(
            "/auth/reset-password",
            [links](Call& call, Body<PasswordReset> body) {
                want_own_page(call);
                links().reset_password(call, *body);
                return NoContent{};
            },
            open_about("resetPassword", "Choose a new password by a mailed link")),
        http::post(
            "/auth/invitation",
            [links](Call& call, Body<MailedToken> body) {
                return links().invitation(call, body->token);
            },
            open_about("getInvitation", "Look up whom an invitation is for")),
        http::post(
            "/auth/accept-invitation",
            [links](Call& call, Body<InvitationAccepted> body) {
                want_own_page(call);
                links().accept_invitation(call, *body);
                return NoContent{};
            },
            open_about("acceptInvitation", "Choose a password as somebody invited")),
        http::post(
            "/auth/confirm-email",
            [links](Call& call, Body<MailedToken> body) {
                want_own_page(call);
                links().confirm_email(call, body->token);
                return NoContent{};
            },
            open_about("confirmEmail", "Confirm a new address by a mailed link")),
        http::post(
            "/auth/unlock",
            [links](Call& call, Body<MailedToken> body) {
                want_own_page(call);
                links().unlock(call, body->token);
                return NoContent{};
            },
            open_about("unlock", "Go on after wrong sign-ins, by a mailed link")),
    };
}

http::RouteTable user_routes(Accounts& accounts) {
    return {
        http::get(
            "/users",
            [&](Call& call, Params<UserFilter> filter) {
                auto page = accounts.users.list(call.transaction(), *filter);
                return Page<UserDetails>{std::move(page.users), std::move(page.next_cursor)};
            },
            about("listUsers", "List users", "users:read", {})),
        http::post(
            "/users",
            [&](Call& call, Body<NewInvitation> body) {
                return Created<UserDetails>{accounts.users.invite(
                    call.transaction(), audit::actor_of(call), *body, call.now())};
            },
            about("inviteUser", "Invite somebody", "users:write", {Refusal::conflict})),
        http::get(
            "/roles", [](Call&) { return role_table(); },
            about("getRoles", "Look up what each role includes", "users:read", {})),
        http::get(
            "/users/{id}",
            [&](Call& call, Path<UserId> id) {
                return accounts.users.get(call.transaction(), *id);
            },
            about("getUser", "Look up a user", "users:read")),
        http::patch(
            "/users/{id}",
            [&](Call& call, Path<UserId> id, Body<UserChange> body) {
                return accounts.users.change(call.transaction(), audit::actor_of(call), *id, *body,
                                             call.now());
            },
            about("changeUser", "Change a user's name, role or status", "users:write")),
        http::post(
            "/users/{id}/invite",
            [&](Call& call, Path<UserId> id) {
                accounts.users.invite_again(call.transaction(), audit::actor_of(call), *id,
                                            call.now());
                return NoContent{};
            },
            about("inviteAgain", "Mail an invitation again", "users:write")),
        http::post(
            "/users/{id}/sign-out",
            [&](Call& call, Path<UserId> id) {
                accounts.users.sign_out(call.transaction(), audit::actor_of(call), *id, call.now());
                return NoContent{};
            },
            about("signOutUser", "End all sessions of a user", "users:write")),
        http::post(
            "/users/{id}/reset-totp",
            [&](Call& call, Path<UserId> id) { return reset_totp(accounts, call, *id); },
            about("resetTotp", "Take away a user's second factor", "users:write")),
        http::post(
            "/users/{id}/view-as",
            [&](Call& call, Path<UserId> id) {
                return me(accounts, call, view_as(accounts.sessions, call, *id));
            },
            [] {
                http::About about_it = about("viewAs", "Look as a partner does", "users:view-as");
                about_it.idempotent = false;
                return about_it;
            }()),
    };
}

http::RouteTable key_routes(Accounts& accounts) {
    const auto secret = [](http::About about_it) {
        about_it.shows_secret = true;
        return about_it;
    };
    return {
        http::get(
            "/api-keys",
            [&](Call& call) {
                return Page<ApiKey>{accounts.api_keys.list(call), std::nullopt};
            },
            about("listApiKeys", "List one's API keys", "api-keys:own", {})),
        http::post(
            "/api-keys",
            [&](Call& call, Body<NewApiKey> body) {
                return Created<NewApiKeyView>{accounts.api_keys.create(call, *body)};
            },
            secret(about("createApiKey", "Make an API key", "api-keys:own", {Refusal::conflict}))),
        http::patch(
            "/api-keys/{id}",
            [&](Call& call, Path<ApiKeyId> id, Body<ApiKeyChange> body) {
                return accounts.api_keys.change(call, *id, *body);
            },
            about("changeApiKey", "Change an API key", "api-keys:own")),
        http::del(
            "/api-keys/{id}",
            [&](Call& call, Path<ApiKeyId> id) {
                accounts.api_keys.revoke(call, *id);
                return NoContent{};
            },
            about("revokeApiKey", "Revoke an API key", "api-keys:own")),
        http::post(
            "/api-keys/{id}/rotate",
            [&](Call& call, Path<ApiKeyId> id) { return accounts.api_keys.rotate(call, *id); },
            secret(about("rotateApiKey", "Give an API key another secret", "api-keys:own"))),
    };
}

}  // namespace referral::accounts
