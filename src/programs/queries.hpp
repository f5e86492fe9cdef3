#pragma once

#include "platform/db/query.hpp"
#include "programs/schemas.hpp"

namespace referral::programs::sql {

using db::Nothing, db::Query;

inline constexpr Query<Program(ProgramId)> get{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, trigger, hold_days, minimum_payout, allowed_hosts,
           fallback_url, status, created_at, updated_at
    from programs where id = $1
)sql"};

inline constexpr Query<Program(ProgramId)> lock{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, trigger, hold_days, minimum_payout, allowed_hosts,
           fallback_url, status, created_at, updated_at
    from programs where id = $1
    for update
)sql"};

inline constexpr Query<Program()> first{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, trigger, hold_days, minimum_payout, allowed_hosts,
           fallback_url, status, created_at, updated_at
    from programs order by id limit 1
)sql"};

inline constexpr Query<Program()> list{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, trigger, hold_days, minimum_payout, allowed_hosts,
           fallback_url, status, created_at, updated_at
    from programs order by id limit 1000
)sql"};

inline constexpr Query<Nothing(Instant)> insert_default{R"sql(
    insert into programs (name, kind, currency, timezone, attribution_model, click_window_days,
                          duplicate_window_seconds, trigger, hold_days, minimum_payout,
                          created_at, updated_at)
    select 'default', 'generic', 'USD', 'UTC', 'last', 90, 3600, 'delivered', 30, 5000, $1, $1
    where not exists (select 1 from programs)
    on conflict (name) do nothing
)sql"};

inline constexpr Query<Nothing(ProgramId, std::optional<Line<100>>, std::optional<Timezone>,
                               std::optional<std::vector<HostPattern>>, bool, std::optional<Url>,
                               std::optional<schema::Whole<1, 3'650>>,
                               std::optional<schema::Whole<0, 86'400>>, Instant)>
    change{R"sql(
    update programs
    set name = coalesce($2, name), timezone = coalesce($3, timezone),
        allowed_hosts = coalesce($4, allowed_hosts),
        fallback_url = case when $5 then $6 else fallback_url end,
        click_window_days = coalesce($7, click_window_days),
        duplicate_window_seconds = coalesce($8, duplicate_window_seconds),
        updated_at = $9
    where id = $1
)sql"};

}  // namespace referral::programs::sql
