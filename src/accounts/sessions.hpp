#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/user.hpp"
#include "base/id.hpp"
#include "platform/crypto/hash.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/call.hpp"

namespace referral::accounts {

struct SessionTag {
    static constexpr std::string_view prefix = "ses";
};
using SessionId = Id<SessionTag>;

/// How sessions behave.
struct SessionSettings {
    crypto::Key key{};                  ///< CSRF tokens derive from it.
    std::chrono::minutes idle_max{60};  ///< Signed out after so long without a request.
    std::chrono::hours age_max{12};     ///< … and so long after signing in.
};

/// Knows users by the session cookie of their requests, and programs by their API key. A session's
/// token is 256 random bits; the database has its hash. Every request asks the database, so what
/// ends a session or a key is felt by the next request, on every machine.
class Sessions : public http::Gate {
public:
    explicit Sessions(SessionSettings settings);

    std::optional<http::Caller> admit(const http::Request& request, db::Transaction& tx,
                                      Instant now) override;

    /// Begins a session for the browser of the call, with a new token, and says who they are now.
    /// The session that the browser came with ends.
    http::Caller begin(http::Call& call, UserId user) const;

    /// Gives the caller's session another token: after what they may do has changed.
    void renew(http::Call& call) const;

    /// Ends the session of the call's request, and takes its cookie away.
    void end(http::Call& call) const;

    /// What writes of this session must bring in X-CSRF-Token. It stays the same when the session's
    /// token changes, so that an open page goes on working.
    std::string csrf_token(SessionId session, Instant created_at) const;

    const SessionSettings& settings() const { return settings_; }

private:
    std::optional<http::Caller> admit_token(std::string_view token, const http::Request& request,
                                            db::Transaction& tx, Instant now) const;

    const SessionSettings settings_;
    const crypto::Key csrf_key_;
};

/// Whether a browser says that the request was made by a page of another site. What is no browser
/// says nothing, and has no cookie that it was tricked into sending.
bool comes_from_elsewhere(const http::Request& request);

/// Ends all sessions of a user, but one; how many.
std::int64_t end_sessions(db::Transaction& tx, UserId user,
                          std::optional<SessionId> but = std::nullopt);

}  // namespace referral::accounts
