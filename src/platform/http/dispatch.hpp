#pragma once

#include <string>
#include <string_view>

#include "platform/crypto/hash.hpp"
#include "platform/db/pool.hpp"
#include "platform/http/call.hpp"
#include "platform/http/cross_origin.hpp"
#include "platform/http/fwd.hpp"

namespace referral::http {

/// Where the API lives.
inline constexpr std::string_view api_prefix = "/api/v1";

class RateLimits;

/// What dispatch can do without.
struct DispatchOptions {
    RateLimits* limits = nullptr;             ///< Outlives it. Null: nobody is limited.
    crypto::Key key{};                        ///< Seals what is stored for Idempotency-Key.
    std::vector<std::string> cors_origins{};  ///< Whose pages may read answers.
};

/// Finds a request's route and serves it: counts it, admits the caller, checks the permission, runs
/// the handler in a transaction, stores the answer for Idempotency-Key and turns every refusal and
/// failure into application/problem+json (RFC 9457).
class Dispatch {
public:
    Dispatch(RouteTable routes, Gate& gate, db::Pool& pool, Clock clock,
             DispatchOptions options = {});

    /// How large a body the request may have.
    std::size_t body_bytes_max(const Request& head) const noexcept;

    /// Whether a password is checked or hashed for it, as far as its path tells.
    bool is_costly(const Request& request) const noexcept;

    /// Serves a request whose path begins with api_prefix. A database connection that was lost
    /// before the commit began is no reason to fail: the handler is run again.
    Response serve(const Request& request) noexcept;

    const RouteTable& routes() const { return routes_; }

private:
    struct Match {
        const Route* route = nullptr;
        std::string_view path_value;
        std::string allow;  ///< Methods of the path, when the method is the trouble.
    };

    Match match(const Request& request) const;
    Response answer(const Match& found, const Request& request);
    Response attempt(const Match& found, const Request& request, bool& may_retry);
    Response serve(const Match& found, Call& call);
    void admit(const Route& route, Call& call);

    RouteTable routes_;
    Gate& gate_;
    db::Pool& pool_;
    Clock clock_;
    RateLimits* const limits_;
    const crypto::Key key_;
    const CrossOrigin cross_origin_;
};

/// A refusal as an answer.
Response problem_response(const Problem& problem, const Request& request);

/// The request's id as clients and logs see it: "req_…".
std::string request_id(const Request& request);

/// Header lines every answer carries: no sniffing, no framing, no scripts from elsewhere. `page`:
/// with what the screens need (their own scripts, styles, images and the API).
std::vector<Header> security_headers(const Request& request, bool page);

}  // namespace referral::http
