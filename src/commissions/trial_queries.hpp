#pragma once

/// The statements about trials. They read conversions, attribution_credits and partner_referrers,
/// which are others' tables, and only read: a million conversions one by one, with their traces,
/// would take ten times as long.

#include "commissions/trial_rows.hpp"
#include "platform/db/query.hpp"

namespace referral::commissions::sql {

using db::Nothing, db::Query;

inline constexpr Query<TrialId(ProgramId, schema::json::value, std::optional<RuleId>, Instant,
                               Instant, Instant, accounts::UserId)>
    insert_trial{R"sql(
    insert into commission_trials (program_id, rule, replaces, occurred_from, occurred_to,
                                   created_at, created_by)
    values ($1, $2, $3, $4, $5, $6, $7)
    returning id
)sql"};

inline constexpr Query<StoredTrial(TrialId)> get_trial{R"sql(
    select id, program_id, rule, replaces, occurred_from, occurred_to, status, progress_done,
           progress_total, result, error, created_at, created_by, ended_at
    from commission_trials where id = $1
)sql"};

inline constexpr Query<Nothing(TrialId, TrialStatus, std::int64_t, std::int64_t,
                               std::optional<schema::json::value>, std::optional<std::string>,
                               std::optional<Instant>)>
    set_trial{R"sql(
    update commission_trials
    set status = $2, progress_done = $3, progress_total = $4, result = $5, error = $6,
        ended_at = $7
    where id = $1
)sql"};

inline constexpr Query<std::int64_t(ProgramId, Instant, Instant)> count_past{R"sql(
    select count(*) from conversions
    where program_id = $1 and occurred_at >= $2 and occurred_at < $3 and not is_undone
)sql"};

/// Behind ($2, $3), before $4; metadata only if $5.
inline constexpr Query<PastConversion(ProgramId, Instant, std::int64_t, Instant, bool)> past{
    R"sql(
    select v.id, v.kind, v.occurred_at, v.currency, v.revenue, v.cost, v.quantity, v.unit, v.mode,
           v.lane, v.customer_id, v.customer_country,
           case when $5 then v.metadata::text end as metadata, v.is_reversed,
           coalesce(c.partners, '{}') as partners, coalesce(c.weights, '{}') as weights,
           coalesce(c.links, '{}') as links
    from (
        select id, kind, occurred_at, currency, revenue, cost, quantity, unit, mode, lane,
               customer_id, customer_country, metadata, is_reversed
        from conversions
        where program_id = $1 and (occurred_at, id) > ($2, $3) and occurred_at < $4
          and not is_undone
        order by occurred_at, id
        limit 5000
    ) v
    left join lateral (
        select array_agg(a.user_id order by a.position) as partners,
               array_agg(a.weight_ppm order by a.position) as weights,
               array_agg(coalesce(a.link_id, 0) order by a.position) as links
        from attribution_credits a
        where a.conversion_id = v.id
    ) c on true
    order by v.occurred_at, v.id
    limit 5000
)sql"};

/// Who had a qualifying conversion before.
inline constexpr Query<std::int64_t(ProgramId, EventKind, Instant)> known_customers{R"sql(
    select distinct customer_id
    from conversions
    where program_id = $1 and kind = $2 and occurred_at < $3 and not is_reversed
      and not is_undone
    limit 10000000
)sql"};

/// Who referred whom, and from when on.
inline constexpr Query<std::tuple<UserId, std::optional<UserId>, Instant>()> referrers{R"sql(
    select user_id, referred_by, counts_from from partner_referrers order by id limit 10000000
)sql"};

inline constexpr Query<std::tuple<Currency, Day, ExchangeRate>(Currency)> rates_to{R"sql(
    select from_currency, day, rate from exchange_rates
    where to_currency = $1
    order by day
    limit 1000000
)sql"};

inline constexpr Query<std::tuple<UserId, std::string>(std::vector<UserId>)> user_names{R"sql(
    select id, name from users where id = any ($1) limit 10000
)sql"};

}  // namespace referral::commissions::sql
