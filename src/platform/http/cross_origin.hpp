#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

namespace referral::http {

/// Which pages of other sites may read the API's answers (CORS, the Fetch standard): those of
/// listed origins, with an API key. Cookies are never let in: there is no
/// Access-Control-Allow-Credentials.
class CrossOrigin {
public:
    /// Origins as browsers write them: "https://app.example.com".
    explicit CrossOrigin(std::vector<std::string> origins);

    /// The answer to a preflight for a path with these methods ("GET, POST"); nothing when the
    /// request is none or its origin is not listed.
    std::optional<Response> preflight(const Request& request, std::string_view methods) const;

    /// Lets the request's origin read the answer, when it is listed.
    void add_headers(const Request& request, Response& response) const;

private:
    std::optional<std::string_view> listed_origin(const Request& request) const;

    const std::vector<std::string> origins_;
};

}  // namespace referral::http
