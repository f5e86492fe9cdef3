#pragma once

#include "platform/db/query.hpp"
#include "platform/db/sql.hpp"

namespace referral::audit::sql {

using db::Nothing, db::Query;
using Json = std::optional<schema::json::value>;
using OptionalText = std::optional<std::string>;
using OptionalNumber = std::optional<std::int64_t>;

/// The row, and its place in the queue for the chain.
inline constexpr Query<Nothing(Instant, OptionalNumber, OptionalNumber, OptionalNumber,
                               OptionalText, std::string, std::string, std::string, Json, Json,
                               OptionalText, std::optional<IpAddress>, OptionalText)>
    insert{R"sql(
    with added as (
        insert into audit_logs (created_at, user_id, acting_as, api_key_id, job, action, object_type,
                                object_id, before, after, reason, ip, request_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        returning id
    )
    insert into audit_unchained (audit_id) select id from added
)sql"};

}  // namespace referral::audit::sql
