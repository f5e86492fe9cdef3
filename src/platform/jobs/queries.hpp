#pragma once

#include "platform/db/query.hpp"
#include "platform/db/sql.hpp"
#include "platform/jobs/jobs.hpp"

namespace referral::jobs::sql {

using db::Nothing, db::Query;

/// No row when one of the kind with the key waits already.
inline constexpr Query<JobId(std::string, schema::json::value, std::optional<std::string>, Instant,
                             Instant)>
    insert{R"sql(
    insert into jobs (kind, payload, unique_key, run_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $5)
    on conflict (kind, unique_key) where state = 'waiting' and unique_key is not null do nothing
    returning id
)sql"};

}  // namespace referral::jobs::sql
