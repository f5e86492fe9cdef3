#pragma once

/// The statements about commissions. Some read tables of others, and only read: when other
/// conversions of the same document occurred (conversions), what a list shows beside a commission
/// (users, conversions, programs) and what lets it be approved (programs, enrolments); asking for
/// them row by row would cost a hundred statements a page.

#include "commissions/commission_rows.hpp"
#include "commissions/schemas.hpp"
#include "platform/db/query.hpp"

namespace referral::commissions::sql {

using db::Nothing, db::Query;
using OptionalNumber = std::optional<std::int64_t>;
using OptionalText = std::optional<std::string>;
using conversions::ConversionId;

/// Advisory locks: a program's and partners', each in a range of numbers of its own.
inline constexpr Query<bool(ProgramId)> lock_dependent{R"sql(
    select pg_advisory_xact_lock(7100000000000000000 + $1::bigint) is not null
)sql"};

inline constexpr Query<std::int64_t(std::vector<UserId>)> lock_partners{R"sql(
    select count(*)
    from (
        select pg_advisory_xact_lock(7200000000000000000 + partner.id) is not null as locked
        from (select id from unnest($1::bigint[]) as p (id) order by id offset 0) partner
    ) locks
    where locked
)sql"};

/// All of the conversions that these are of.
inline constexpr Query<Member(std::vector<CommissionId>)> members{R"sql(
    select id, conversion_id, customer_id, user_id, credited_id, level, rule_id, occurred_at
    from commissions
    where conversion_id in (select c.conversion_id from commissions c where c.id = any ($1))
      and status <> 'canceled'
    limit 100000
)sql"};

inline constexpr Query<Member(RuleId, std::vector<std::int64_t>)> members_of_customers{R"sql(
    select id, conversion_id, customer_id, user_id, credited_id, level, rule_id, occurred_at
    from commissions
    where rule_id = $1 and customer_id = any ($2) and status <> 'canceled'
    limit 10000000
)sql"};

/// Partners ($2) between begins and ends.
inline constexpr Query<Member(RuleId, std::vector<std::int64_t>, std::vector<Instant>,
                              std::vector<Instant>)>
    members_of_partners{R"sql(
    select c.id, c.conversion_id, c.customer_id, c.user_id, c.credited_id, c.level, c.rule_id,
           c.occurred_at
    from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) as w (user_id, begins, ends)
    join commissions c on c.rule_id = $1 and c.user_id = w.user_id and c.occurred_at >= w.begins
                          and c.occurred_at < w.ends
    where c.status <> 'canceled'
    limit 10000000
)sql"};

inline constexpr Query<Member(RuleId)> members_of_rule{R"sql(
    select id, conversion_id, customer_id, user_id, credited_id, level, rule_id, occurred_at
    from commissions
    where rule_id = $1 and status <> 'canceled'
    limit 10000000
)sql"};

/// What levels 2 and 3 earn by conversions.
inline constexpr Query<Member(std::vector<std::int64_t>)> followers{R"sql(
    select id, conversion_id, customer_id, user_id, credited_id, level, rule_id, occurred_at
    from commissions
    where conversion_id = any ($1) and level > 1 and status <> 'canceled'
    limit 10000000
)sql"};

inline constexpr Query<CommissionId(ProgramId)> ids_of_program{R"sql(
    select id from commissions
    where program_id = $1 and status <> 'canceled'
    order by id
    limit 10000000
)sql"};

/// The budgets of a program ($2: of its rules; 0: its own).
inline constexpr Query<Budget(ProgramId, std::vector<RuleId>)> budgets{R"sql(
    select rule_id as rule, spent, unsplit, computed_with,
           exists (select from commissions c
                   where c.program_id = b.program_id and c.reason = 'budget'
                     and (b.rule_id = 0 or c.rule_id = b.rule_id)) as has_cut
    from commission_budgets b
    where program_id = $1 and rule_id = any ($2)
    limit 10000
)sql"};

/// What a rule (0: the program) paid for conversions that come before this one.
inline constexpr Query<std::int64_t(ProgramId, RuleId, Instant, ConversionId)> spent_before{R"sql(
    select coalesce(sum(computed), 0)::bigint from commissions
    where program_id = $1 and ($2 = 0 or rule_id = $2) and (occurred_at, conversion_id) < ($3, $4)
)sql"};

inline constexpr Query<bool(ProgramId, Instant, ConversionId)> has_later{R"sql(
    select exists (select from commissions
                   where program_id = $1 and (occurred_at, conversion_id) > ($2, $3)
                     and status <> 'canceled')
)sql"};

inline constexpr Query<Nothing(ProgramId, OptionalNumber)> set_computed_with{R"sql(
    update commission_budgets set computed_with = $2 where program_id = $1 and rule_id = 0
)sql"};

/// Adds differences ($3) to what budgets of a program ($2: of rules; 0: its own) have spent; $4 as
/// `unsplit_max`.
inline constexpr Query<Nothing(ProgramId, std::vector<RuleId>, std::vector<std::int64_t>,
                               std::vector<std::int64_t>)>
    spend{R"sql(
    update commission_budgets b
    set spent = b.spent + d.difference, unsplit = greatest(b.unsplit, d.unsplit)
    from unnest($2::bigint[], $3::bigint[], $4::bigint[]) as d (rule_id, difference, unsplit)
    where b.program_id = $1 and b.rule_id = d.rule_id
)sql"};

/// Locked, in the order of their ids.
inline constexpr Query<CommissionRow(std::vector<CommissionId>)> rows{R"sql(
    select c.id, c.conversion_id, c.customer_id, c.user_id, c.credited_id, c.level, c.rule_id,
           c.rule_version, c.event_kind, c.occurred_at, c.facts_currency, c.revenue, c.cost,
           c.quantity, c.unit, c.is_reversed, c.exchange_rate, c.weights, c.own_weight, c.computed,
           c.manual, c.amount, c.reason, c.qualifies, c.counted, c.status, c.held_from,
           c.is_accrued,
           (select l.computed from commissions l
            where c.level > 1 and l.conversion_id = c.conversion_id
              and l.credited_id = c.credited_id and l.level = 1 and l.status <> 'canceled')
               as level_one
    from commissions c
    where c.id = any ($1)
    order by c.id
    limit 10000000
    for no key update of c
)sql"};

/// The same, only looked at.
inline constexpr Query<CommissionRow(std::vector<CommissionId>)> rows_to_read{R"sql(
    select c.id, c.conversion_id, c.customer_id, c.user_id, c.credited_id, c.level, c.rule_id,
           c.rule_version, c.event_kind, c.occurred_at, c.facts_currency, c.revenue, c.cost,
           c.quantity, c.unit, c.is_reversed, c.exchange_rate, c.weights, c.own_weight, c.computed,
           c.manual, c.amount, c.reason, c.qualifies, c.counted, c.status, c.held_from,
           c.is_accrued,
           (select l.computed from commissions l
            where c.level > 1 and l.conversion_id = c.conversion_id
              and l.credited_id = c.credited_id and l.level = 1 and l.status <> 'canceled')
               as level_one
    from commissions c
    where c.id = any ($1)
    order by c.id
    limit 10000000
)sql"};

/// All of a conversion, canceled ones too, the oldest first.
inline constexpr Query<OwnCommission(ConversionId)> of_conversion{R"sql(
    select id, user_id, credited_id, level, rule_id, rule_version, exchange_rate, currency, amount,
           status
    from commissions
    where conversion_id = $1
    order by id
    limit 10000
)sql"};

inline constexpr Query<CommissionId(ConversionId, ProgramId, conversions::CustomerId, UserId,
                                    UserId, std::int64_t, RuleId, std::int64_t, Currency, EventKind,
                                    Instant, Currency, std::int64_t, std::int64_t, std::int64_t,
                                    Unit, std::optional<ExchangeRate>, std::vector<std::int64_t>,
                                    std::int64_t, std::optional<Instant>, Instant, OptionalNumber)>
    insert{R"sql(
    insert into commissions (conversion_id, program_id, customer_id, user_id, credited_id, level,
                             rule_id, rule_version, currency, event_kind, occurred_at,
                             facts_currency, revenue, cost, quantity, unit, is_reversed,
                             exchange_rate, weights, own_weight, triggered_at, created_at,
                             created_by, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, false, $17, $18,
            $19, $20, $21, $22, $21)
    returning id
)sql"};

/// The facts as they stand now; `weights` and `own_weight` are those of the credit.
inline constexpr Query<Nothing(CommissionId, std::int64_t, std::int64_t, std::int64_t, Unit, bool,
                               std::vector<std::int64_t>, std::int64_t)>
    set_facts{R"sql(
    update commissions
    set revenue = $2, cost = $3, quantity = $4, unit = $5, is_reversed = $6, weights = $7,
        own_weight = $8
    where id = $1 and (revenue, cost, quantity, unit, is_reversed, weights, own_weight::bigint)
                      is distinct from ($2, $3, $4, $5, $6, $7, $8::bigint)
)sql"};

/// The commission is nobody's any more: attribution credits others.
inline constexpr Query<Nothing(CommissionId)> set_reversed{R"sql(
    update commissions set is_reversed = true where id = $1 and not is_reversed
)sql"};

inline constexpr Query<Nothing(CommissionId, std::int64_t, std::int64_t, std::int64_t,
                               std::optional<Reason>, bool, std::int64_t, Status,
                               std::optional<Status>, bool, Instant)>
    set_result{R"sql(
    update commissions
    set computed = $2, manual = $3, amount = $4, reason = $5, qualifies = $6, counted = $7,
        status = $8, held_from = $9, is_accrued = $10, updated_at = $11,
        approved_at = case when $8 = 'approved' and status = 'pending' then $11
                           else approved_at end
    where id = $1
)sql"};

inline constexpr Query<Nothing(CommissionId, std::string, std::optional<Status>, Status,
                               std::int64_t, std::int64_t, Instant, OptionalNumber, OptionalText)>
    insert_change{R"sql(
    insert into commission_changes (commission_id, action, status_before, status, amount_before,
                                    amount, changed_at, user_id, reason)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

/// When commissions of a document (program, source, external_id) become due: when their own
/// conversion occurred, if it is of the kind $4 or makes its own way ($5); else when the first of
/// that kind did; else their own if it comes later in a document's life ($6).
inline constexpr Query<Nothing(ProgramId, std::string, std::string, EventKind,
                               std::vector<std::string>, std::vector<std::string>)>
    find_triggers{R"sql(
    update commissions c
    set triggered_at = found.triggered_at
    from (
        select mine.id,
               case when own.kind = $4 or own.kind = any ($5) then own.occurred_at
                    else coalesce((select min(t.occurred_at) from conversions t
                                   where t.external_id = $3 and t.source = $2
                                     and t.program_id = $1 and t.kind = $4 and not t.is_reversed
                                     and not t.is_undone),
                                  case when own.kind = any ($6) then own.occurred_at end)
                    end as triggered_at
        from conversions own
        join commissions mine on mine.conversion_id = own.id
        where own.external_id = $3 and own.source = $2 and own.program_id = $1
          and mine.status in ('pending', 'held')
    ) found
    where c.id = found.id and c.triggered_at is distinct from found.triggered_at
)sql"};

// For actions.

/// Where a commission belongs, for whoever locks before reading; whose: $2, nothing for all.
inline constexpr Query<std::tuple<ProgramId, UserId, RuleId>(CommissionId, OptionalNumber)> place{
    R"sql(
    select program_id, user_id, rule_id from commissions
    where id = $1 and ($2::bigint is null or user_id = $2)
)sql"};

/// Who had a hand in a commission: who reported its conversion, and who changed it.
inline constexpr Query<bool(CommissionId, UserId)> had_a_hand_in{R"sql(
    select exists (select from commissions c join conversions v on v.id = c.conversion_id
                   where c.id = $1 and v.created_by = $2)
        or exists (select from commission_changes h
                   where h.commission_id = $1 and h.user_id = $2
                     and h.action in ('hold', 'release', 'adjust', 'claw_back'))
)sql"};

/// No row when the same person approved the same amount before.
inline constexpr Query<CommissionId(CommissionId, UserId, std::int64_t, Instant)> insert_approval{
    R"sql(
    insert into commission_approvals (commission_id, user_id, amount, approved_at)
    values ($1, $2, $3, $4)
    on conflict do nothing
    returning commission_id
)sql"};

inline constexpr Query<std::int64_t(CommissionId, std::int64_t)> count_approvals{R"sql(
    select count(*) from commission_approvals where commission_id = $1 and amount = $2
)sql"};

/// Commissions of a program whose days are over ($2: triggers until then), behind $3; above $4 two
/// people decide. Locked; those that somebody works on are left for the next time.
inline constexpr Query<CommissionId(ProgramId, Instant, CommissionId, OptionalNumber, std::int64_t)>
    due{R"sql(
    select c.id
    from commissions c
    join enrolments e on e.program_id = c.program_id and e.user_id = c.user_id
    where c.program_id = $1 and c.status = 'pending' and c.triggered_at <= $2 and c.id > $3
      and ($4::bigint is null or c.amount <= $4)
      and e.status = 'approved'
    order by c.id
    limit $5
    for no key update of c skip locked
)sql"};

// For readers.

inline constexpr Query<CommissionListRow(CommissionId, OptionalNumber)> get{R"sql(
    select c.id, c.conversion_id, c.program_id, p.name as program_name, c.customer_id, c.user_id,
           u.name as user_name, c.credited_id, w.name as credited_name, c.level, c.rule_id,
           c.rule_version, v.name as rule_name, c.event_kind, o.source, o.external_id,
           c.occurred_at, c.currency, c.amount, c.computed, c.manual, c.reason, c.status,
           c.held_from, c.triggered_at, c.approved_at, c.created_at, c.updated_at, p.hold_days,
           p.trigger, p.four_eyes_above, e.status = 'approved' as is_enrolled,
           (select count(*) from commission_approvals a
            where a.commission_id = c.id and a.amount = c.amount) as approvals
    from commissions c
    join programs p on p.id = c.program_id
    join users u on u.id = c.user_id
    join users w on w.id = c.credited_id
    join conversions o on o.id = c.conversion_id
    join commission_rule_versions v on v.rule_id = c.rule_id and v.version = c.rule_version
    left join enrolments e on e.program_id = c.program_id and e.user_id = c.user_id
    where c.id = $1 and ($2::bigint is null or c.user_id = $2)
)sql"};

/// Owner, status, partner, program, conversion, rule, customer, occurred from and before, the last
/// id of the page before, and how many.
inline constexpr Query<CommissionListRow(
    OptionalNumber, std::optional<Status>, std::optional<UserId>, std::optional<ProgramId>,
    std::optional<ConversionId>, std::optional<RuleId>, std::optional<conversions::CustomerId>,
    std::optional<Instant>, std::optional<Instant>, std::optional<CommissionId>, std::int64_t)>
    list{R"sql(
    select c.id, c.conversion_id, c.program_id, p.name as program_name, c.customer_id, c.user_id,
           u.name as user_name, c.credited_id, w.name as credited_name, c.level, c.rule_id,
           c.rule_version, v.name as rule_name, c.event_kind, o.source, o.external_id,
           c.occurred_at, c.currency, c.amount, c.computed, c.manual, c.reason, c.status,
           c.held_from, c.triggered_at, c.approved_at, c.created_at, c.updated_at, p.hold_days,
           p.trigger, p.four_eyes_above, e.status = 'approved' as is_enrolled,
           (select count(*) from commission_approvals a
            where a.commission_id = c.id and a.amount = c.amount) as approvals
    from commissions c
    join programs p on p.id = c.program_id
    join users u on u.id = c.user_id
    join users w on w.id = c.credited_id
    join conversions o on o.id = c.conversion_id
    join commission_rule_versions v on v.rule_id = c.rule_id and v.version = c.rule_version
    left join enrolments e on e.program_id = c.program_id and e.user_id = c.user_id
    where ($1::bigint is null or c.user_id = $1)
      and ($2::text is null or c.status = $2)
      and ($3::bigint is null or c.user_id = $3)
      and ($4::bigint is null or c.program_id = $4)
      and ($5::bigint is null or c.conversion_id = $5)
      and ($6::bigint is null or c.rule_id = $6)
      and ($7::bigint is null or c.customer_id = $7)
      and ($8::timestamptz is null or c.occurred_at >= $8)
      and ($9::timestamptz is null or c.occurred_at < $9)
      and ($10::bigint is null or c.id < $10)
    order by c.id desc
    limit $11
)sql"};

inline constexpr Query<CommissionChange(CommissionId)> changes{R"sql(
    select h.id, h.action, h.status_before, h.status, h.amount_before, h.amount, c.currency,
           h.changed_at, h.user_id, u.name as user_name, h.reason
    from commission_changes h
    join commissions c on c.id = h.commission_id
    left join users u on u.id = h.user_id
    where h.commission_id = $1
    order by h.id
    limit 1000
)sql"};

/// Sums by status, for a caller ($1) or all, of a program or all.
inline constexpr Query<CommissionSum(OptionalNumber, std::optional<UserId>,
                                     std::optional<ProgramId>)>
    sums{R"sql(
    select currency, status, count(*) as commissions, coalesce(sum(amount), 0)::bigint as amount
    from commissions
    where ($1::bigint is null or user_id = $1)
      and ($2::bigint is null or user_id = $2)
      and ($3::bigint is null or program_id = $3)
    group by currency, status
    order by currency, status
    limit 1000
)sql"};

}  // namespace referral::commissions::sql
