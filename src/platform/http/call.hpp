#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

namespace referral::http {

/// Who asks, as the gate found out.
struct Caller {
    std::int64_t user_id = 0;
    std::int64_t session_id = 0;             ///< 0 with an API key.
    std::optional<std::int64_t> api_key_id;  ///< What the request came with instead of a session.
    /// The administrator who looks at everything as `user_id`, a partner, would. Every write is
    /// then refused, unless About says `while_acting`.
    std::optional<std::int64_t> acting_for;
    /// What the caller's role allows, as "links:write".
    std::vector<std::string_view> permissions;
    /// Whether everybody's rows are visible, or only the caller's own.
    bool sees_all = false;

    bool may(std::string_view permission) const;
};

/// Finds out who asks. Implemented by the slice that knows users.
class Gate {
public:
    virtual ~Gate() = default;

    /// The caller, or nothing when the request names nobody. Refuses: forbidden, when a browser's
    /// session would write without its CSRF token or from another site.
    virtual std::optional<Caller> admit(const Request& request, db::Transaction& tx,
                                        Instant now) = 0;
};

/// A request being served: what its handler may ask, and say beside its answer.
class Call {
public:
    Call(const Request& request, Instant now, db::Pool& pool)
        : request_(request), now_(now), pool_(pool) {}

    const Request& request() const { return request_; }
    Instant now() const { return now_; }

    /// The request's transaction, begun when first asked for; committed when the handler returns.
    db::Transaction& transaction();

    /// Who asks; a route that is open to all has none.
    const Caller& caller() const;
    bool has_caller() const { return caller_.has_value(); }
    void set_caller(Caller caller) { caller_ = caller; }

    /// Whose rows a statement may touch: the caller's, or nothing for all.
    std::optional<std::int64_t> owner() const;

    /// Adds a header line to the answer; a refusal does not have it.
    void add_header(std::string name, std::string value);

    /// Has `action` called once the transaction is committed. It must not throw.
    void after_commit(std::function<void()> action);

    /// Adds items to RateLimit-Policy and RateLimit of the answer, also of a refusal.
    void note_limit(std::string_view policy, std::string_view state);

    /// Has a refusal say in Retry-After when to try again; the longest counts.
    void note_retry_after(std::chrono::seconds wait);

    /// For dispatch: commits, runs the actions, and adds the header lines to `response`.
    void finish(Response& response);
    bool committing() const { return committing_; }
    /// The lines added so far.
    const std::vector<Header>& headers() const { return headers_; }
    /// For dispatch: adds the lines about limits to any answer.
    void add_limit_headers(Response& response) const;

private:
    const Request& request_;
    const Instant now_;
    db::Pool& pool_;
    std::optional<db::Transaction> transaction_;
    std::optional<Caller> caller_;
    std::vector<Header> headers_;
    std::string limit_policies_, limit_states_;
    std::chrono::seconds retry_after_{0};
    std::vector<std::function<void()>> actions_;
    bool committing_ = false;
};

}  // namespace referral::http
