#include "accounts/sessions.hpp"

#include "accounts/api_keys.hpp"
#include "accounts/permissions.hpp"
#include "accounts/queries.hpp"
#include "accounts/session_queries.hpp"
#include "accounts/tokens.hpp"
#include "platform/crypto/encoding.hpp"

namespace referral::accounts {

namespace {

/// Seen times are written at most this often: a page of ten requests is one write, not ten.
constexpr std::chrono::minutes seen_step{1};

/// A cookie that only https and no sub-domain can set (RFC 6265bis, section 4.1.3), when the
/// request came that way.
std::string_view cookie_name(const http::Request& request) {
    return request.secure() ? "__Host-session" : "session";
}

std::string cookie(const http::Request& request, std::string_view token,
                   std::chrono::seconds age_max) {
    std::string line(cookie_name(request));
    line += '=';
    line += token;
    line += "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(age_max.count());
    if (request.secure()) line += "; Secure";
    return line;
}

bool writes(const http::Request& request) {
    return request.method() != http::Method::get && request.method() != http::Method::head;
}

http::Caller caller_of(const LiveSession& session) {
    http::Caller caller{.user_id = session.user_id.value, .session_id = session.id.value};
    if (session.acting_for) {
        caller.user_id = session.acting_for->value;
        caller.acting_for = session.user_id.value;
        caller.permissions = permissions_to_look(Role::partner);
    } else {
        caller.permissions =
            session.must_set_up_totp ? permissions_to_set_up() : permissions(session.role);
        caller.sees_all = sees_all(session.role);
    }
    return caller;
}

}  // namespace

bool comes_from_elsewhere(const http::Request& request) {
    if (const auto site = request.header("Sec-Fetch-Site"))
        return *site != "same-origin" && *site != "none";
    const auto origin = request.header("Origin");
    if (!origin) return false;
    const auto scheme_end = origin->find("://");
    return scheme_end == origin->npos || origin->substr(scheme_end + 3) != request.host();
}

Sessions::Sessions(SessionSettings settings)
    : settings_(settings), csrf_key_(crypto::derived(settings.key, "csrf")) {}

std::optional<http::Caller> Sessions::admit(const http::Request& request, db::Transaction& tx,
                                            Instant now) {
    if (const auto authorization = request.header("Authorization"))
        return admit_key(*authorization, request.client(), tx, now);
    const auto token = request.cookie(cookie_name(request));
    if (!token) return std::nullopt;
    return admit_token(*token, request, tx, now);
}

std::optional<http::Caller> Sessions::admit_token(std::string_view token,
                                                  const http::Request& request, db::Transaction& tx,
                                                  Instant now) const {
    const auto session =
        tx.maybe(sql::find_session, token_hash(token), now, now - settings_.idle_max);
    if (!session) return std::nullopt;
    if (writes(request)) {
        const auto csrf = request.header("X-CSRF-Token").value_or("");
        if (comes_from_elsewhere(request) ||
            !crypto::equal(csrf, csrf_token(session->id, session->created_at)))
            throw Problem(Refusal::forbidden,
                          "The page is out of date or of another site: X-CSRF-Token is not right.");
    }
    if (now - session->seen_at >= seen_step) tx.run_for_effect(sql::see_session, session->id, now);
    return caller_of(*session);
}

http::Caller Sessions::begin(http::Call& call, UserId user) const {
    db::Transaction& tx = call.transaction();
    const http::Request& request = call.request();
    const std::string token = new_token();
    const std::string agent = cleaned(cut(request.header("User-Agent").value_or(""), 200));
    const Instant now = call.now();
    tx.one(sql::insert_session, token_hash(token), user, now, now + settings_.age_max,
           request.client(), agent);
    tx.run_for_effect(sql::delete_oldest_sessions, user);
    // What the browser came with is replaced; whoever has a copy of it loses it, too.
    if (const auto before = request.cookie(cookie_name(request)))
        tx.run_for_effect(sql::delete_session_of, token_hash(*before));
    tx.run_for_effect(sql::note_sign_in, user, now);
    call.add_header("Set-Cookie", cookie(request, token, settings_.age_max));
    return caller_of(tx.one(sql::find_session, token_hash(token), now, now - settings_.idle_max));
}

void Sessions::renew(http::Call& call) const {
    const std::string token = new_token();
    const SessionId session{call.caller().session_id};
    if (call.transaction().run_for_effect(sql::renew_session, session, token_hash(token)) != 0)
        call.add_header("Set-Cookie", cookie(call.request(), token, settings_.age_max));
}

void Sessions::end(http::Call& call) const {
    const SessionId session{call.caller().session_id};
    const UserId whose{call.caller().acting_for.value_or(call.caller().user_id)};
    call.transaction().run_for_effect(sql::delete_session, whose, session);
    call.add_header("Set-Cookie", cookie(call.request(), "", std::chrono::seconds(0)));
}

std::string Sessions::csrf_token(SessionId session, Instant created_at) const {
    const std::string text =
        std::to_string(session.value) + ':' + std::to_string(created_at.time_since_epoch().count());
    return crypto::to_base64url(crypto::blake2b(csrf_key_, crypto::bytes_of(text)));
}

std::int64_t end_sessions(db::Transaction& tx, UserId user, std::optional<SessionId> but) {
    return tx.run_for_effect(sql::delete_sessions, user, but);
}

}  // namespace referral::accounts
