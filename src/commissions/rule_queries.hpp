#pragma once

/// The statements about rules and exchange rates. Some read tables of others, and only read:
/// whether a scope is the program's (groups, enrolments, referral_links), and which rules are for
/// one partner.

#include "commissions/exchange_rates.hpp"
#include "commissions/rule_rows.hpp"
#include "platform/db/query.hpp"

namespace referral::commissions::sql {

using db::Nothing, db::Query;
using OptionalNumber = std::optional<std::int64_t>;

inline constexpr Query<RuleId(ProgramId, Instant, UserId)> insert_rule{R"sql(
    insert into commission_rules (program_id, created_at, created_by) values ($1, $2, $3)
    returning id
)sql"};

/// Locks the rule, so that its versions are added one after the other, and nobody computes with it
/// meanwhile.
inline constexpr Query<ProgramId(RuleId)> lock_rule{R"sql(
    select program_id from commission_rules where id = $1 for no key update
)sql"};

/// Locks rules that let conversions depend on each other, in the order of their ids.
inline constexpr Query<RuleId(std::vector<RuleId>)> lock_rules{R"sql(
    select id from commission_rules where id = any ($1) order by id limit 10000 for no key update
)sql"};

inline constexpr Query<Nothing(
    RuleId, std::int64_t, Instant, bool, std::string, ScopeKind, std::int64_t, std::int64_t,
    EventKind, std::int64_t, std::optional<schema::json::value>, Basis, Unit, std::int64_t,
    std::optional<StoredTiers>, OptionalNumber, OptionalNumber, OptionalNumber, OptionalNumber,
    Period, OptionalNumber, OptionalNumber, Instant, UserId)>
    insert_version{R"sql(
    insert into commission_rule_versions
        (rule_id, version, effective_from, is_retired, name, scope, scope_id, priority, event_kind,
         level, conditions, basis, unit, rate, tiers, min_amount, max_amount, cap_customer,
         cap_partner_period, cap_period, budget, duration_months, created_at, created_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24)
)sql"};

/// The newest first.
inline constexpr Query<StoredVersion(RuleId)> versions_of_rule{R"sql(
    select v.rule_id, v.version, r.program_id, p.currency, v.effective_from, v.is_retired, v.name,
           v.scope, v.scope_id, v.priority, v.event_kind, v.level, v.conditions, v.basis, v.unit,
           v.rate, v.tiers, v.min_amount, v.max_amount, v.cap_customer, v.cap_partner_period,
           v.cap_period, v.budget, v.duration_months, v.created_at, v.created_by
    from commission_rule_versions v
    join commission_rules r on r.id = v.rule_id
    join programs p on p.id = r.program_id
    where v.rule_id = $1
    order by v.version desc
    limit 1000
)sql"};

inline constexpr Query<StoredVersion(std::vector<RuleId>)> versions_of_rules{R"sql(
    select v.rule_id, v.version, r.program_id, p.currency, v.effective_from, v.is_retired, v.name,
           v.scope, v.scope_id, v.priority, v.event_kind, v.level, v.conditions, v.basis, v.unit,
           v.rate, v.tiers, v.min_amount, v.max_amount, v.cap_customer, v.cap_partner_period,
           v.cap_period, v.budget, v.duration_months, v.created_at, v.created_by
    from commission_rule_versions v
    join commission_rules r on r.id = v.rule_id
    join programs p on p.id = r.program_id
    where v.rule_id = any ($1)
    order by v.rule_id, v.version
    limit 100000
)sql"};

inline constexpr Query<StoredVersion(ProgramId)> versions_of_program{R"sql(
    select v.rule_id, v.version, r.program_id, p.currency, v.effective_from, v.is_retired, v.name,
           v.scope, v.scope_id, v.priority, v.event_kind, v.level, v.conditions, v.basis, v.unit,
           v.rate, v.tiers, v.min_amount, v.max_amount, v.cap_customer, v.cap_partner_period,
           v.cap_period, v.budget, v.duration_months, v.created_at, v.created_by
    from commission_rule_versions v
    join commission_rules r on r.id = v.rule_id
    join programs p on p.id = r.program_id
    where r.program_id = $1
    order by v.rule_id, v.version
    limit 100000
)sql"};

/// Of each rule of the program the version in force at $2, where it is for one of the scopes: kinds
/// and ids of $3 and $4.
inline constexpr Query<StoredVersion(ProgramId, Instant, std::vector<std::string>,
                                     std::vector<std::int64_t>)>
    versions_in_force{R"sql(
    select v.rule_id, v.version, r.program_id, p.currency, v.effective_from, v.is_retired, v.name,
           v.scope, v.scope_id, v.priority, v.event_kind, v.level, v.conditions, v.basis, v.unit,
           v.rate, v.tiers, v.min_amount, v.max_amount, v.cap_customer, v.cap_partner_period,
           v.cap_period, v.budget, v.duration_months, v.created_at, v.created_by
    from commission_rules r
    join programs p on p.id = r.program_id
    join commission_rule_versions v
        on v.rule_id = r.id and v.version = (
               select newest.version from commission_rule_versions newest
               where newest.rule_id = r.id and newest.effective_from <= $2
               order by newest.effective_from desc
               limit 1)
    where r.program_id = $1 and not v.is_retired
      and (v.scope, v.scope_id) in (select w.scope, w.scope_id
                                    from unnest($3::text[], $4::bigint[]) as w (scope, scope_id))
    limit 10000
)sql"};

/// Of each rule the version in force at $5, else the next; whose rule: $6, nothing for all.
inline constexpr Query<StoredVersion(std::optional<ProgramId>, std::optional<ScopeKind>,
                                     std::optional<EventKind>, std::optional<bool>, Instant,
                                     OptionalNumber, std::optional<RuleId>, std::int64_t)>
    list_rules{R"sql(
    select v.rule_id, v.version, r.program_id, p.currency, v.effective_from, v.is_retired, v.name,
           v.scope, v.scope_id, v.priority, v.event_kind, v.level, v.conditions, v.basis, v.unit,
           v.rate, v.tiers, v.min_amount, v.max_amount, v.cap_customer, v.cap_partner_period,
           v.cap_period, v.budget, v.duration_months, v.created_at, v.created_by
    from commission_rules r
    join programs p on p.id = r.program_id
    join commission_rule_versions v
        on v.rule_id = r.id and v.version = (
               select newest.version from commission_rule_versions newest
               where newest.rule_id = r.id
               order by newest.effective_from <= $5 desc,
                        case when newest.effective_from <= $5 then newest.effective_from end desc,
                        newest.effective_from
               limit 1)
    where ($1::bigint is null or r.program_id = $1)
      and ($2::text is null or v.scope = $2)
      and ($3::text is null or v.event_kind = $3)
      and ($4::boolean is null or v.is_retired = $4)
      and ($6::bigint is null or exists (
               select from enrolments e
               where e.program_id = r.program_id and e.user_id = $6 and e.status = 'approved'
                 and (v.scope = 'program' or
                      v.scope = 'group' and v.scope_id = e.group_id or
                      v.scope = 'enrolment' and v.scope_id = e.id or
                      v.scope = 'code' and exists (select from referral_links l
                                                   where l.id = v.scope_id and l.user_id = $6))))
      and ($7::bigint is null or r.id < $7)
    order by r.id desc
    limit $8
)sql"};

/// Whether a rule is for a partner: by its version in force at $3, else its newest.
inline constexpr Query<bool(RuleId, std::int64_t, Instant)> is_for_partner{R"sql(
    select exists (
        select
        from commission_rules r
        join enrolments e on e.program_id = r.program_id and e.user_id = $2
        cross join lateral (
            select newest.rule_id, newest.version, newest.effective_from, newest.is_retired,
                   newest.name,
               newest.scope, newest.scope_id, newest.priority, newest.event_kind, newest.level,
               newest.conditions, newest.basis, newest.unit, newest.rate, newest.tiers,
               newest.min_amount, newest.max_amount, newest.cap_customer,
               newest.cap_partner_period, newest.cap_period, newest.budget,
               newest.duration_months, newest.created_at, newest.created_by
            from commission_rule_versions newest
            where newest.rule_id = r.id
            order by newest.effective_from <= $3 desc, newest.effective_from desc
            limit 1
        ) v
        where r.id = $1 and e.status = 'approved'
          and (v.scope = 'program' or
               v.scope = 'group' and v.scope_id = e.group_id or
               v.scope = 'enrolment' and v.scope_id = e.id or
               v.scope = 'code' and exists (select from referral_links l
                                            where l.id = v.scope_id and l.user_id = $2)))
)sql"};

inline constexpr Query<bool(ScopeKind, std::int64_t, ProgramId)> scope_is_of_program{R"sql(
    select case $1::text
           when 'program' then $2::bigint = $3::bigint
           when 'group' then exists (select from groups where id = $2 and program_id = $3)
           when 'code' then exists (select from referral_links where id = $2 and program_id = $3)
           else exists (select from enrolments where id = $2 and program_id = $3) end
)sql"};

/// No row when there is one of that day.
inline constexpr Query<StoredRate(Currency, Currency, Day, ExchangeRate, Instant, UserId)>
    insert_rate{R"sql(
    insert into exchange_rates (from_currency, to_currency, day, rate, created_at, created_by)
    values ($1, $2, $3, $4, $5, $6)
    on conflict on constraint exchange_rates_day do nothing
    returning id, from_currency, to_currency, day, rate, created_at, created_by
)sql"};

inline constexpr Query<StoredRate(Currency, Currency, Day)> rate_of_day{R"sql(
    select id, from_currency, to_currency, day, rate, created_at, created_by
    from exchange_rates
    where from_currency = $1 and to_currency = $2 and day = $3
)sql"};

inline constexpr Query<ExchangeRate(Currency, Currency, Instant)> rate_at{R"sql(
    select rate
    from exchange_rates
    where from_currency = $1 and to_currency = $2
      and day <= ($3::timestamptz at time zone 'UTC')::date
    order by day desc
    limit 1
)sql"};

inline constexpr Query<StoredRate(std::optional<Currency>, std::optional<Currency>,
                                  std::optional<Day>, std::optional<RateId>, std::int64_t)>
    list_rates{R"sql(
    select id, from_currency, to_currency, day, rate, created_at, created_by
    from exchange_rates
    where ($1::text is null or from_currency = $1)
      and ($2::text is null or to_currency = $2)
      and ($3::date is null or (day, id) < ($3, $4))
    order by day desc, id desc
    limit $5
)sql"};

}  // namespace referral::commissions::sql
