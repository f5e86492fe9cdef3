#include "app/site.hpp"

#include <algorithm>

#include "platform/db/transaction.hpp"

namespace referral::app {

namespace {

constexpr db::Query<std::int32_t()> alive{"select 1"};

http::Response status_answer(const http::Request& request, int status, std::string_view word) {
    http::Response response = http::Response::with(status, "application/json",
                                                   "{\"status\":\"" + std::string(word) + "\"}");
    for (http::Header& header : http::security_headers(request, false))
        response.headers.push_back(std::move(header));
    if (status == 503) response.headers.push_back({"Retry-After", "1"});
    return response;
}

bool is_api(std::string_view path) {
    return path.starts_with(http::api_prefix) &&
           (path.size() == http::api_prefix.size() || path[http::api_prefix.size()] == '/');
}

/// The tables may still be those of an older version.
http::Response still_starting(const http::Request& request) {
    http::Response response = http::problem_response(
        Problem(Refusal::unavailable, "The program is starting. Try again in a moment."), request);
    for (http::Header& header : http::security_headers(request, false))
        response.headers.push_back(std::move(header));
    response.headers.push_back({"X-Request-Id", http::request_id(request)});
    return response;
}

bool reads(const http::Request& request) {
    return request.method() == http::Method::get || request.method() == http::Method::head;
}

}  // namespace

std::size_t Site::body_bytes_max(const http::Request& head) const noexcept {
    if (is_api(head.path())) return dispatch_.body_bytes_max(head);
    const auto extra = std::ranges::find(extras_, head.path(), &Extra::path);
    return extra == extras_.end() ? 0 : extra->body_bytes_max;
}

bool Site::is_costly(const http::Request& request) const noexcept {
    if (is_api(request.path())) return dispatch_.is_costly(request);
    const auto extra = std::ranges::find(extras_, request.path(), &Extra::path);
    return extra != extras_.end() && extra->is_costly;
}

std::optional<http::Response> Site::instant(const http::Request& request) noexcept {
    const std::string_view path = request.path();
    if (path == "/healthz") return status_answer(request, 200, "alive");
    if (path == "/readyz" && request.query().empty())
        return progress_.redirects ? status_answer(request, 200, "ready")
                                   : status_answer(request, 503, "starting");
    if (is_api(path) && !progress_.database) return still_starting(request);
    if (is_api(path) || !reads(request)) return std::nullopt;
    if (path == "/") {
        http::Response response{.status = 302, .headers = http::security_headers(request, true)};
        response.headers.push_back({"Location", "/dashboard/"});
        return response;
    }
    return files_.answer(request);
}

http::Response Site::handle(const http::Request& request) noexcept {
    if (is_api(request.path())) return dispatch_.serve(request);
    if (request.path() == "/readyz") return ready_for_api(request);
    for (const Extra& extra : extras_)
        if (extra.path == request.path()) return extra.serve(request);
    return page_not_found(request);
}

http::Response Site::page_not_found(const http::Request& request) const {
    http::Response response =
        http::Response::with(404, "text/html; charset=utf-8",
                             std::string(files_.text("public/404.html")
                                             .value_or("<!doctype html><title>404</title>"
                                                       "<h1>There is no such page.</h1>")));
    for (http::Header& header : http::security_headers(request, true))
        response.headers.push_back(std::move(header));
    return response;
}

http::Response Site::ready_for_api(const http::Request& request) const {
    if (!progress_.database) return status_answer(request, 503, "starting");
    try {
        db::Transaction tx(pool_);
        tx.one(alive);
        return status_answer(request, 200, "ready");
    } catch (const std::exception&) {
        return status_answer(request, 503, "no database");
    }
}

http::Response MetricsSite::handle(const http::Request& request) noexcept {
    if (request.path() != "/metrics") return http::Response::refusal(404);
    return http::Response::with(200, metrics::content_type, registry_.text());
}

}  // namespace referral::app
