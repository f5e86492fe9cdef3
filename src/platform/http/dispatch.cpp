#include "platform/http/dispatch.hpp"

#include <chrono>

#include "base/base32.hpp"
#include "base/check.hpp"
#include "platform/http/idempotency.hpp"
#include "platform/http/rate_limits.hpp"
#include "platform/http/route.hpp"
#include "platform/log/log.hpp"

namespace referral::http {

namespace {

namespace json = schema::json;

struct RefusalKind {
    Refusal refusal;
    int status;
    const char* word;
    const char* title;
};

constexpr RefusalKind kinds[] = {
    {Refusal::invalid, 422, "invalid", "Some fields are not right"},
    {Refusal::malformed, 400, "malformed", "The request cannot be read"},
    {Refusal::unauthenticated, 401, "unauthenticated", "Sign in first"},
    {Refusal::second_factor, 401, "second-factor", "A code is wanted"},
    {Refusal::forbidden, 403, "forbidden", "You may not do this"},
    {Refusal::not_found, 404, "not-found", "There is no such thing"},
    {Refusal::conflict, 409, "conflict", "This does not go with what is there"},
    {Refusal::too_large, 413, "too-large", "The request is too large"},
    {Refusal::too_many, 429, "too-many", "Too many requests"},
    {Refusal::unavailable, 503, "unavailable", "Not available at the moment"},
};

const RefusalKind& kind_of(Refusal refusal) {
    for (const RefusalKind& kind : kinds)
        if (kind.refusal == refusal) return kind;
    return kinds[0];
}

constexpr int attempts_max = 3;

const char* method_name(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::delete_:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            return "";
    }
    return "";
}

/// Whether `path` has the form of `pattern`, and what stands at its `{…}`.
bool matches(std::string_view pattern, std::string_view path, std::string_view& value) {
    const auto open = pattern.find('{');
    if (open == pattern.npos) return pattern == path;
    const std::string_view before = pattern.substr(0, open);
    const std::string_view after = pattern.substr(pattern.find('}') + 1);
    if (path.size() <= before.size() + after.size()) return false;
    if (!path.starts_with(before) || !path.ends_with(after)) return false;
    value = path.substr(before.size(), path.size() - before.size() - after.size());
    return value.find('/') == value.npos;
}

bool writes(const Request& request) {
    return request.method() != Method::get && request.method() != Method::head;
}

Response problem_json(const json::object& problem) {
    return Response::with(static_cast<int>(problem.at("status").as_int64()),
                          "application/problem+json", json::serialize(problem));
}

/// What no handler refused: the status says it all.
Response plain_problem(int status, const Request& request) {
    return problem_json({{"type", "about:blank"},
                         {"title", json::string(reason_phrase(status))},
                         {"status", status},
                         {"detail", ""},
                         {"errors", json::array()},
                         {"request_id", request_id(request)}});
}

Response unavailable(const Request& request, const char* why) {
    return problem_response(
        Problem(Refusal::unavailable, std::string(why) + " Try again in a moment."), request);
}

void log_request(const Request& request, int status, std::chrono::steady_clock::duration took) {
    log::info("request", "answered",
              {{"method", request.method_text()},
               {"path", request.path()},
               {"status", status},
               {"took_ms", std::chrono::duration<double, std::milli>(took).count()},
               {"client", request.client().text()}});
}

}  // namespace

Dispatch::Dispatch(RouteTable routes, Gate& gate, db::Pool& pool, Clock clock,
                   DispatchOptions options)
    : routes_(std::move(routes)),
      gate_(gate),
      pool_(pool),
      clock_(clock),
      limits_(options.limits),
      key_(options.key),
      cross_origin_(std::move(options.cors_origins)) {
    for (const Route& route : routes_) CHECK(RateLimits::knows(limit_class(route)));
}

std::size_t Dispatch::body_bytes_max(const Request& head) const noexcept {
    // Where a body means nothing it is read and ignored, so that the answer is about the request.
    const Match found = match(head);
    return found.route ? found.route->about.body_bytes_max : About().body_bytes_max;
}

bool Dispatch::is_costly(const Request& request) const noexcept {
    const Match found = match(request);
    return found.route && limit_class(*found.route) == "sign-in";
}

Dispatch::Match Dispatch::match(const Request& request) const {
    Match found;
    const std::string_view path = request.path().substr(api_prefix.size());
    const Method method = request.method() == Method::head ? Method::get : request.method();
    for (const Route& route : routes_) {
        std::string_view value;
        if (!matches(route.path, path, value)) continue;
        // "/links/suggestions" is no id: a path without a hole goes first.
        const bool exact = value.empty();
        if (route.method == method) {
            if (found.route && !exact) continue;
            found.route = &route;
            found.path_value = value;
            if (exact) return found;
        } else {
            if (!found.allow.empty()) found.allow += ", ";
            found.allow += method_name(route.method);
        }
    }
    return found;
}

Response Dispatch::serve(const Request& request) noexcept {
    const auto started = std::chrono::steady_clock::now();
    const std::string id = request_id(request);
    const log::RequestScope scope(id);
    Response response = answer(match(request), request);
    for (Header& header : security_headers(request, false))
        response.headers.push_back(std::move(header));
    cross_origin_.add_headers(request, response);
    response.headers.push_back({"X-Request-Id", id});
    log_request(request, response.status, std::chrono::steady_clock::now() - started);
    return response;
}

Response Dispatch::answer(const Match& found, const Request& request) {
    if (found.route) {
        Response response;
        bool may_retry = true;
        for (int i = 0; i < attempts_max && may_retry; ++i)
            response = attempt(found, request, may_retry);
        return response;
    }
    if (found.allow.empty()) return problem_response(not_found("path"), request);
    if (auto preflight = cross_origin_.preflight(request, found.allow))
        return std::move(*preflight);
    Response response = plain_problem(405, request);
    response.headers.push_back({"Allow", found.allow});
    return response;
}

Response Dispatch::attempt(const Match& found, const Request& request, bool& may_retry) {
    may_retry = false;
    Call call(request, clock_(), pool_);
    Response response;
    try {
        response = serve(found, call);
    } catch (const Problem& problem) {
        response = problem_response(problem, request);
    } catch (const db::Error& error) {
        if (error.is_unavailable() || error.is_retryable()) {
            may_retry = !call.committing();
            log::warn("database_unavailable", "a request met no database",
                      {{"code", error.code()}, {"reason", error.what()}});
            response = unavailable(request, "The database is not reachable.");
        } else if (error.is_overdue()) {
            log::warn("request_overdue", "a request waited too long in the database",
                      {{"code", error.code()}, {"reason", error.what()}});
            response = unavailable(request, "The database has too much to do.");
        } else {
            log::error("request_failed", "the database refused a statement",
                       {{"code", error.code()}, {"reason", error.what()}});
            response = plain_problem(500, request);
        }
    } catch (const std::exception& error) {
        log::error("request_failed", "a handler failed", {{"reason", error.what()}});
        response = plain_problem(500, request);
    }
    call.add_limit_headers(response);
    return response;
}

/// One attempt, as long as nothing is refused or fails.
Response Dispatch::serve(const Match& found, Call& call) {
    const Route& route = *found.route;
    if (limits_) limits_->charge_address(call, limit_class(route));
    if (!route.about.permission.empty()) admit(route, call);
    std::optional<RepeatableWrite> write;
    if (takes_idempotency_key(route)) write = RepeatableWrite::begin(call, route, key_);
    if (write) {
        if (auto earlier = write->earlier_answer(call)) {
            call.finish(*earlier);
            return std::move(*earlier);
        }
    }
    Response response = route.serve(call, found.path_value);
    if (write) write->keep(call, response);
    call.finish(response);
    return response;
}

/// Finds out who asks, and whether they may.
void Dispatch::admit(const Route& route, Call& call) {
    const Request& request = call.request();
    const auto caller = gate_.admit(request, call.transaction(), call.now());
    if (!caller) throw Problem(Refusal::unauthenticated, "Sign in first.");
    call.set_caller(*caller);
    if (limits_) limits_->charge_caller(call, limit_class(route));
    if (!caller->may(route.about.permission))
        throw Problem(Refusal::forbidden, "Your role does not include this.");
    if (caller->acting_for && writes(request) && !route.about.while_acting)
        throw Problem(Refusal::forbidden, "You look as somebody else: nothing is changed.");
}

Response problem_response(const Problem& problem, const Request& request) {
    const RefusalKind& kind = kind_of(problem.refusal());
    json::array errors;
    for (const FieldError& error : problem.errors())
        errors.push_back({{"field", error.field}, {"message", error.message}});
    Response response = problem_json({{"type", std::string("/problems/") + kind.word},
                                      {"title", kind.title},
                                      {"status", kind.status},
                                      {"detail", problem.detail()},
                                      {"errors", errors},
                                      {"request_id", request_id(request)}});
    if (kind.status == 503) response.headers.push_back({"Retry-After", "1"});
    return response;
}

std::string request_id(const Request& request) { return "req_" + base32::encode(request.id()); }

std::vector<Header> security_headers(const Request& request, bool page) {
    static constexpr const char* for_pages =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'";
    static constexpr const char* for_data = "default-src 'none'; frame-ancestors 'none'";
    std::vector<Header> headers{
        {"Content-Security-Policy", page ? for_pages : for_data},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "geolocation=(), camera=(), microphone=(), payment=()"},
    };
    if (!page) headers.push_back({"Cache-Control", "no-store"});
    if (request.secure())
        headers.push_back({"Strict-Transport-Security", "max-age=31536000; includeSubDomains"});
    return headers;
}

}  // namespace referral::http
