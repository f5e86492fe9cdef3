#pragma once

/// Who did what: rows that are only ever added, chained by hashes, anchored outside the database.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/schema/json.hpp"

namespace referral::audit {

/// Who, and how they came.
struct Actor {
    std::optional<std::int64_t> user_id{};     ///< Nothing: nobody signed in, or a job.
    std::optional<std::int64_t> acting_as{};   ///< Whose eyes an administrator looks with.
    std::optional<std::int64_t> api_key_id{};  ///< By which key, when not by a session.
    std::optional<IpAddress> ip{};
    std::string request_id{};  ///< Empty: a job; then `job`.
    std::string job{};
};

/// What was done.
struct Entry {
    std::string_view action;  ///< "users.invite": noun.verb
    std::string object_type;  ///< "user"
    std::string object_id;    ///< "usr_…"; empty when there is no single one.
    /// The object as the API shows it. Of two objects only the members that differ are kept.
    std::optional<schema::json::value> before{}, after{};
    std::string reason{};  ///< In somebody's own words; cut at 1,000 bytes.
};

/// Adds a row in the caller's transaction, so that it is there exactly if what it tells of is.
/// Values of members that name a secret (see `names_a_secret`) are replaced by `kept_secret`.
void note(db::Transaction& tx, const Actor& actor, const Entry& entry, Instant now);

/// As `note`, in a transaction of its own: for what was refused, whose own transaction rolls back.
/// Throws db::Error; the caller decides whether that matters.
void note_apart(db::Pool& pool, const Actor& actor, const Entry& entry, Instant now);

/// The actor of a request.
Actor actor_of(const http::Call& call);

/// What stands in the place of a secret.
inline constexpr std::string_view kept_secret = "(secret)";

/// Whether a member of this name holds what must not be stored, as "password" and "totp_secret" do.
bool names_a_secret(std::string_view name);

}  // namespace referral::audit
