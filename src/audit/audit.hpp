#pragma once

/// Who did what: rows that are only ever added, chained by hashes, anchored outside the database.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/anchors.hpp"
#include "audit/chain.hpp"
#include "audit/verify.hpp"
#include "base/id.hpp"
#include "base/ip_address.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/db/transaction.hpp"
#include "platform/http/fwd.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/schema/cursor.hpp"
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

struct AuditTag {
    static constexpr std::string_view prefix = "aud";
};
using AuditId = Id<AuditTag>;

/// Users and keys as their own slices name them, which stand above this one.
struct ActorTag {
    static constexpr std::string_view prefix = "usr";
};
using ActorId = Id<ActorTag>;
struct ApiKeyTag {
    static constexpr std::string_view prefix = "key";
};
using ApiKeyId = Id<ApiKeyTag>;

/// A row as the API shows it.
struct AuditLog {
    AuditId id;
    Instant created_at;
    std::optional<ActorId> user_id;
    std::optional<std::string> user_name;
    std::optional<ActorId> acting_as;
    std::optional<ApiKeyId> api_key_id;
    std::optional<std::string> job;
    std::string action;
    std::string object_type;
    std::string object_id;
    std::optional<schema::json::value> before, after;
    std::optional<std::string> reason;
    std::optional<std::string> ip;
    std::optional<std::string> request_id;
    std::optional<std::int64_t> sequence;  ///< Nothing: not in the chain yet.
};

/// Which rows are listed.
struct AuditFilter {
    std::optional<ActorId> user_id{};
    std::optional<Line<100>> action{};  ///< What the action begins with.
    std::optional<Line<50>> object_type{};
    std::optional<Line<200>> object_id{};
    std::optional<Instant> from{}, to{};  ///< from <= created_at < to
    std::optional<Line<100>> request_id{};
    std::optional<schema::Whole<1, 200>> limit{};  ///< 50 when absent.
    std::optional<schema::Cursor> cursor{};
};

/// A page of rows, the newest first, and where the next one begins.
struct AuditPage {
    std::vector<AuditLog> rows;
    std::optional<std::string> next_cursor;
};

/// Refuses: not_found.
AuditLog get(db::Transaction& tx, AuditId id);

/// Refuses: invalid (a cursor that is none of a page's).
AuditPage list(db::Transaction& tx, const AuditFilter& filter);

/// Rows as CSV with a line of names, the newest first: at most 50,000, and no more once they have
/// 16 MiB. `limit` is of no meaning. `next_cursor` says where what is left begins.
struct Export {
    std::string csv;
    std::optional<std::string> next_cursor;
};
Export export_csv(db::Transaction& tx, AuditFilter filter);

/// What is done now and then. `kept` is asked for AUDIT_KEEP_DAYS.
jobs::JobTable tasks(std::function<std::chrono::days()> kept);
std::vector<jobs::Schedule> schedules();

/// The list, the export and the proof. `anchors` must outlive them.
http::RouteTable routes(const Anchors& anchors);

}  // namespace referral::audit
