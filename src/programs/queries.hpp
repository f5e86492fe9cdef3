#pragma once

#include "platform/db/query.hpp"
#include "programs/schemas.hpp"

namespace referral::programs::sql {

using db::Nothing, db::Query;

inline constexpr Query<Program(ProgramId)> get{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, half_life_days, acquisition, lock_days, protection_days,
           trigger, hold_days, minimum_payout, budget, four_eyes_above, allowed_hosts, fallback_url,
           status, version, currency_fixed, created_at, updated_at
    from programs where id = $1
)sql"};

inline constexpr Query<Program(ProgramId)> lock{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, half_life_days, acquisition, lock_days, protection_days,
           trigger, hold_days, minimum_payout, budget, four_eyes_above, allowed_hosts, fallback_url,
           status, version, currency_fixed, created_at, updated_at
    from programs where id = $1
    for no key update
)sql"};

inline constexpr Query<Program()> first{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, half_life_days, acquisition, lock_days, protection_days,
           trigger, hold_days, minimum_payout, budget, four_eyes_above, allowed_hosts, fallback_url,
           status, version, currency_fixed, created_at, updated_at
    from programs order by id limit 1
)sql"};

inline constexpr Query<Program()> list{R"sql(
    select id, name, kind, currency, timezone, attribution_model, click_window_days,
           duplicate_window_seconds, half_life_days, acquisition, lock_days, protection_days,
           trigger, hold_days, minimum_payout, budget, four_eyes_above, allowed_hosts, fallback_url,
           status, version, currency_fixed, created_at, updated_at
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

inline constexpr Query<std::int64_t()> count{R"sql(
    select count(*) from programs
)sql"};

/// No row when the name is taken.
inline constexpr Query<ProgramId(
    Line<100>, Kind, Currency, Timezone, AttributionModel, std::int64_t, std::int64_t, std::int64_t,
    bool, std::optional<std::int64_t>, std::int64_t, EventKind, std::int64_t, std::int64_t,
    std::optional<std::int64_t>, std::optional<std::int64_t>, std::vector<HostPattern>,
    std::optional<Url>, Instant)>
    insert{R"sql(
    insert into programs (name, kind, currency, timezone, attribution_model, click_window_days,
                          duplicate_window_seconds, half_life_days, acquisition, lock_days,
                          protection_days, trigger, hold_days, minimum_payout, budget,
                          four_eyes_above, allowed_hosts, fallback_url, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $19)
    on conflict (name) do nothing
    returning id
)sql"};

/// All that may be decided of a program.
inline constexpr Query<ProgramId(
    ProgramId, Line<100>, Kind, Currency, Timezone, AttributionModel, std::int64_t, std::int64_t,
    std::int64_t, bool, std::optional<std::int64_t>, std::int64_t, EventKind, std::int64_t,
    std::int64_t, std::optional<std::int64_t>, std::optional<std::int64_t>,
    std::vector<HostPattern>, std::optional<Url>, ProgramStatus, Instant)>
    write{R"sql(
    update programs
    set name = $2, kind = $3, currency = $4, timezone = $5, attribution_model = $6,
        click_window_days = $7, duplicate_window_seconds = $8, half_life_days = $9,
        acquisition = $10, lock_days = $11, protection_days = $12, trigger = $13, hold_days = $14,
        minimum_payout = $15, budget = $16, four_eyes_above = $17, allowed_hosts = $18,
        fallback_url = $19, status = $20, updated_at = $21
    where id = $1
    returning id
)sql"};

inline constexpr Query<Nothing(ProgramId)> fix_currency{R"sql(
    update programs set currency_fixed = true where id = $1 and not currency_fixed
)sql"};

inline constexpr Query<AttributionPolicy(ProgramId, Instant)> policy_at{R"sql(
    select version, attribution_model as model, click_window_days, half_life_days, acquisition,
           lock_days, effective_from
    from program_policies
    where program_id = $1 and (effective_from <= $2 or version = 1)
    order by version desc limit 1
)sql"};

inline constexpr Query<AttributionPolicy(ProgramId)> policies{R"sql(
    select version, attribution_model as model, click_window_days, half_life_days, acquisition,
           lock_days, effective_from
    from program_policies
    where program_id = $1
    order by version desc limit 1000
)sql"};

}  // namespace referral::programs::sql
