#include "accounts/accounts.hpp"
#include "accounts/permissions.hpp"
#include "accounts/queries.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"

namespace referral::accounts {

namespace {

/// A cookie that only https and no sub-domain can set (RFC 6265bis, section 4.1.3), when the
/// request came that way.
std::string_view cookie_name(const http::Request& request) {
    return request.secure() ? "__Host-session" : "session";
}

std::string hash_of(std::string_view token) { return crypto::to_hex(crypto::sha256(token)); }

/// Seen times are written at most this often: a page of ten requests is one write, not ten.
constexpr std::chrono::minutes seen_step{1};

bool writes(const http::Request& request) {
    return request.method() != http::Method::get && request.method() != http::Method::head;
}

/// Whether a browser says that the request was made by a page of another site. What is no browser
/// says nothing, and has no cookie that it was tricked into sending.
bool comes_from_elsewhere(const http::Request& request) {
    if (const auto site = request.header("Sec-Fetch-Site"))
        return *site != "same-origin" && *site != "none";
    const auto origin = request.header("Origin");
    if (!origin) return false;
    const auto scheme_end = origin->find("://");
    return scheme_end == origin->npos || origin->substr(scheme_end + 3) != request.host();
}

}  // namespace

Sessions::Sessions(SessionSettings settings)
    : settings_(settings), nobodys_hash_(crypto::hash_password(Secret(crypto::random_token()))) {}

std::optional<http::Caller> Sessions::admit(const http::Request& request, db::Transaction& tx,
                                            Instant now) {
    const auto token = request.cookie(cookie_name(request));
    if (!token) return std::nullopt;
    const std::string hash = hash_of(*token);
    const auto found = tx.maybe(sql::find_session, hash, now, now - settings_.idle_max);
    if (!found) return std::nullopt;
    const auto& [user, role, seen_at] = *found;
    if (writes(request)) {
        const auto csrf = request.header("X-CSRF-Token").value_or("");
        if (comes_from_elsewhere(request) || !crypto::equal(csrf, csrf_token_for(*token)))
            throw Problem(Refusal::forbidden,
                          "The page is out of date or of another site: X-CSRF-Token is not right.");
    }
    if (now - seen_at >= seen_step) tx.run_for_effect(sql::see_session, hash, now);
    return http::Caller{
        .user_id = user.value, .permissions = permissions(role), .sees_all = sees_all(role)};
}

std::optional<SignedIn> Sessions::sign_in(db::Transaction& tx, const std::string& email,
                                          const Secret& password, const http::Request& request,
                                          Instant now) {
    if (comes_from_elsewhere(request))
        throw Problem(Refusal::forbidden, "Sign-in must come from this site's own page.");
    const auto found = tx.maybe(sql::password_hash, email);
    const auto stored = found ? std::get<1>(*found) : std::nullopt;
    bool good = false, outdated = false;
    {
        const auto pass = password_checks_.enter();
        good = crypto::matches(stored.value_or(nobodys_hash_), password) && stored;
        outdated = good && crypto::needs_rehash(*stored);
        if (outdated)
            tx.run_for_effect(sql::set_password_hash, std::get<0>(*found),
                              crypto::hash_password(password));
    }
    if (!good) return std::nullopt;

    const UserId id = std::get<0>(*found);
    const std::string token = crypto::random_token(32);
    const std::string agent = cleaned(cut(request.header("User-Agent").value_or(""), 200));
    tx.run_for_effect(sql::insert_session, hash_of(token), id, now, now + settings_.age_max,
                      request.client(), agent);
    tx.run_for_effect(sql::note_sign_in, id, now);
    return SignedIn{tx.one(sql::find, id), token, csrf_token_for(token), settings_.age_max};
}

void Sessions::sign_out(db::Transaction& tx, const http::Request& request) {
    if (const auto token = request.cookie(cookie_name(request)))
        tx.run_for_effect(sql::delete_session, hash_of(*token));
}

std::string Sessions::csrf_token(const http::Request& request) const {
    return csrf_token_for(request.cookie(cookie_name(request)).value_or(""));
}

std::string Sessions::csrf_token_for(std::string_view session_token) const {
    const crypto::Key key = crypto::derived(settings_.key, "csrf");
    return crypto::to_base64url(crypto::blake2b(key, crypto::bytes_of(session_token)));
}

void forget_ended_sessions(db::Pool& pool, Instant now) {
    db::Transaction tx(pool);
    tx.run_for_effect(sql::delete_ended_sessions, now);
    tx.commit();
}

}  // namespace referral::accounts
