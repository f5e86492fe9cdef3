#include "platform/http/cross_origin.hpp"

#include <algorithm>

namespace referral::http {

namespace {

constexpr const char* headers_taken = "Authorization, Content-Type, Idempotency-Key";
constexpr const char* headers_shown =
    "Content-Disposition, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, "
    "Retry-After, X-Request-Id";
/// Seconds a browser may remember the answer: an origin taken off the list is out by then.
constexpr const char* remembered = "600";

}  // namespace

CrossOrigin::CrossOrigin(std::vector<std::string> origins) : origins_(std::move(origins)) {}

std::optional<std::string_view> CrossOrigin::listed_origin(const Request& request) const {
    const auto origin = request.header("Origin");
    if (!origin || std::ranges::find(origins_, *origin) == origins_.end()) return std::nullopt;
    return origin;
}

std::optional<Response> CrossOrigin::preflight(const Request& request,
                                               std::string_view methods) const {
    if (request.method() != Method::options || methods.empty()) return std::nullopt;
    if (!request.header("Access-Control-Request-Method") || !listed_origin(request))
        return std::nullopt;
    return Response{.status = 204,
                    .headers = {{"Access-Control-Allow-Methods", std::string(methods)},
                                {"Access-Control-Allow-Headers", headers_taken},
                                {"Access-Control-Max-Age", remembered}}};
}

void CrossOrigin::add_headers(const Request& request, Response& response) const {
    if (origins_.empty()) return;
    response.headers.push_back({"Vary", "Origin"});
    const auto origin = listed_origin(request);
    if (!origin) return;
    response.headers.push_back({"Access-Control-Allow-Origin", std::string(*origin)});
    response.headers.push_back({"Access-Control-Expose-Headers", headers_shown});
}

}  // namespace referral::http
