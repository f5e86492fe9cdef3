#pragma once

/// Every statement of conversions, decisions and their evidence. Besides its own tables this folder
/// reads referral_links (whose a code is), users and partners (whether a partner is the customer).

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "conversions/rows.hpp"
#include "platform/db/query.hpp"

namespace referral::conversions::sql {

using db::Nothing, db::Query;
using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;
using MaybeText = std::optional<std::string>;
using Owner = std::optional<std::int64_t>;

// Conversions.

/// id, facts in hexadecimal.
using KeyRow = std::tuple<ConversionId, std::string>;
inline constexpr Query<KeyRow(std::string, std::string, std::string, EventKind)> by_key{R"sql(
    select id, encode(facts_hash, 'hex') from conversions
    where source = $1 and external_id = $2 and line = $3 and kind = $4 and not is_undone
)sql"};

/// No row when there is one of the key: the unique index decides.
inline constexpr Query<ConversionId(
    ProgramId, EventKind, std::string, std::string, std::string, Instant, Instant, Currency,
    std::int64_t, std::int64_t, std::int64_t, Unit, std::optional<Mode>, std::string, CustomerId,
    std::string, schema::json::value, std::string, bool, MaybeText, MaybeText, MaybeText, MaybeText,
    bool, std::optional<std::int64_t>, bool, std::optional<std::int64_t>)>
    insert{R"sql(
    insert into conversions (program_id, kind, source, external_id, line, occurred_at, received_at,
                             currency, revenue, cost, quantity, unit, mode, lane, customer_id,
                             customer_country, metadata, facts_hash, program_is_given, click_id,
                             code, token, visitor, awaits_click, import_id, is_organic, created_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            decode($18, 'hex'), $19, $20, $21, $22, $23, $24, $25, $26, $27)
    on conflict (source, external_id, line, kind) where not is_undone do nothing
    returning id
)sql"};

inline constexpr Query<StoredConversion(ConversionId)> find{R"sql(
    select id, program_id, kind, source, external_id, line, occurred_at, received_at, currency,
           revenue, cost, quantity, unit, mode, lane, customer_id, customer_country, metadata,
           is_reversed, adjustments, program_is_given, click_id, code, token, visitor, awaits_click,
           import_id, is_undone, is_organic
    from conversions where id = $1
)sql"};

inline constexpr Query<CustomerId(ConversionId)> customer_of{R"sql(
    select customer_id from conversions where id = $1
)sql"};

/// Its customer is locked before, by everybody who changes it.
inline constexpr Query<StoredConversion(ConversionId)> lock{R"sql(
    select id, program_id, kind, source, external_id, line, occurred_at, received_at, currency,
           revenue, cost, quantity, unit, mode, lane, customer_id, customer_country, metadata,
           is_reversed, adjustments, program_is_given, click_id, code, token, visitor, awaits_click,
           import_id, is_undone, is_organic
    from conversions where id = $1 for update
)sql"};

/// Whether it was canceled or written off as a whole.
inline constexpr Query<bool(ConversionId)> is_over{R"sql(
    select exists (select from adjustments where conversion_id = $1 and is_reversal)
)sql"};

/// Adds changes; whether nothing is left of it now, and whether its key is free again.
inline constexpr Query<Nothing(ConversionId, std::int64_t, std::int64_t, std::int64_t, bool, bool)>
    change{R"sql(
    update conversions
    set revenue = revenue + $2, cost = cost + $3, quantity = quantity + $4,
        adjustments = adjustments + 1, is_reversed = $5, is_undone = is_undone or $6
    where id = $1
)sql"};

inline constexpr Query<Nothing(ConversionId, bool)> set_organic{R"sql(
    update conversions set is_organic = $2 where id = $1 and is_organic <> $2
)sql"};

inline constexpr Query<Nothing(ConversionId, ProgramId)> click_came{R"sql(
    update conversions set awaits_click = false, program_id = $2 where id = $1
)sql"};

inline constexpr Query<Nothing(ConversionId)> stop_waiting{R"sql(
    update conversions set awaits_click = false where id = $1
)sql"};

/// Whether the customer has later ones.
inline constexpr Query<bool(CustomerId, Instant, ConversionId)> has_later{R"sql(
    select exists (select from conversions
                   where customer_id = $1 and (occurred_at, id) > ($2::timestamptz, $3))
)sql"};

inline constexpr Query<std::tuple<ConversionId, Instant>(CustomerId, Instant, ConversionId,
                                                         std::int64_t)>
    of_customer{R"sql(
    select id, occurred_at from conversions
    where customer_id = $1 and (occurred_at, id) > ($2::timestamptz, $3) and not is_undone
    order by occurred_at, id limit $4
)sql"};

// Walks: program, after (occurred_at, id), before, limit.

inline constexpr Query<StoredConversion(ProgramId, Instant, ConversionId, std::optional<Instant>,
                                        std::int64_t)>
    walk{R"sql(
    select id, program_id, kind, source, external_id, line, occurred_at, received_at, currency,
           revenue, cost, quantity, unit, mode, lane, customer_id, customer_country, metadata,
           is_reversed, adjustments, program_is_given, click_id, code, token, visitor, awaits_click,
           import_id, is_undone, is_organic
    from conversions
    where program_id = $1 and (occurred_at, id) > ($2::timestamptz, $3)
      and ($4::timestamptz is null or occurred_at < $4)
    order by occurred_at, id limit $5
)sql"};

inline constexpr Query<StoredConversion(ProgramId, Instant, ConversionId, std::optional<Instant>,
                                        std::int64_t, CustomerId)>
    walk_of_customer{R"sql(
    select id, program_id, kind, source, external_id, line, occurred_at, received_at, currency,
           revenue, cost, quantity, unit, mode, lane, customer_id, customer_country, metadata,
           is_reversed, adjustments, program_is_given, click_id, code, token, visitor, awaits_click,
           import_id, is_undone, is_organic
    from conversions
    where customer_id = $6 and program_id = $1 and (occurred_at, id) > ($2::timestamptz, $3)
      and ($4::timestamptz is null or occurred_at < $4)
    order by occurred_at, id limit $5
)sql"};

/// program, customer, kind.
inline constexpr Query<std::optional<Instant>(ProgramId, CustomerId, EventKind)> first_qualifying{
    R"sql(
    select min(occurred_at) from conversions
    where program_id = $1 and customer_id = $2 and kind = $3 and not is_reversed and not is_undone
)sql"};

/// … before (occurred_at, id).
inline constexpr Query<bool(ProgramId, CustomerId, EventKind, Instant, ConversionId)> is_returning{
    R"sql(
    select exists (
        select from conversions
        where program_id = $1 and customer_id = $2 and kind = $3 and not is_reversed
          and not is_undone and (occurred_at, id) < ($4::timestamptz, $5))
)sql"};

inline constexpr Query<std::optional<Instant>(std::string, std::string, EventKind)> occurred_at{
    R"sql(
    select min(occurred_at) from conversions
    where source = $1 and external_id = $2 and kind = $3 and not is_reversed and not is_undone
)sql"};

// Adjustments.

inline constexpr Query<AdjustmentRow(ConversionId)> adjustments{R"sql(
    select id, kind, external_id, revenue_change, cost_change, quantity_change, occurred_at,
           received_at, reason
    from adjustments where conversion_id = $1 order by id limit 1000
)sql"};

/// Whether one of this external_id is there, and its facts in hexadecimal.
inline constexpr Query<std::string(ConversionId, std::string)> adjustment_by_key{R"sql(
    select encode(facts_hash, 'hex') from adjustments where conversion_id = $1 and external_id = $2
)sql"};

inline constexpr Query<Nothing(ConversionId, AdjustmentKind, std::string, std::int64_t,
                               std::int64_t, std::int64_t, bool, Instant, Instant, MaybeText,
                               std::string, std::optional<std::int64_t>)>
    insert_adjustment{R"sql(
    insert into adjustments (conversion_id, kind, external_id, revenue_change, cost_change,
                             quantity_change, is_reversal, occurred_at, received_at, reason,
                             facts_hash, created_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, decode($11, 'hex'), $12)
)sql"};

// Decisions.

inline constexpr Query<std::int64_t(ConversionId, Instant, Cause, Source, std::optional<Instant>,
                                    Trace, std::optional<std::int64_t>)>
    insert_attribution{R"sql(
    insert into attributions (conversion_id, decided_at, cause, source, locks_until, trace,
                              decided_by)
    values ($1, $2, $3, $4, $5, $6, $7)
    returning id
)sql"};

inline constexpr Query<DecisionRow(ConversionId)> decision{R"sql(
    select decided_at, cause, source, locks_until, trace, decided_by
    from attributions where conversion_id = $1 order by id desc limit 1
)sql"};

inline constexpr Query<DecisionRow(ConversionId)> decisions{R"sql(
    select decided_at, cause, source, locks_until, trace, decided_by
    from attributions where conversion_id = $1 order by id desc limit 100
)sql"};

inline constexpr Query<TraceRow(std::vector<ConversionId>)> traces{R"sql(
    select w.id as conversion_id, a.locks_until, a.trace
    from unnest($1::bigint[]) w(id)
    cross join lateral (select locks_until, trace from attributions
                        where conversion_id = w.id order by id desc limit 1) a
    limit 10000
)sql"};

inline constexpr Query<CreditRow(std::vector<ConversionId>)> credits{R"sql(
    select conversion_id, user_id, weight_ppm, source, link_id
    from attribution_credits where conversion_id = any ($1)
    order by conversion_id, position limit 100000
)sql"};

inline constexpr Query<Nothing(ConversionId)> delete_credits{R"sql(
    delete from attribution_credits where conversion_id = $1
)sql"};

/// In the order of the lists; 0: no link.
inline constexpr Query<Nothing(ConversionId, Numbers, Numbers, Texts, Numbers, Instant)>
    insert_credits{R"sql(
    insert into attribution_credits (conversion_id, position, user_id, weight_ppm, source, link_id,
                                     occurred_at)
    select $1, place - 1, user_id, weight_ppm, source, nullif(link_id, 0), $6
    from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[]) with ordinality
         w(user_id, weight_ppm, source, link_id, place)
)sql"};

inline constexpr Query<std::int64_t(ConversionId, std::optional<UserId>, std::string,
                                    std::optional<std::int64_t>, Instant)>
    insert_override{R"sql(
    insert into attribution_overrides (conversion_id, user_id, reason, decided_by, decided_at)
    values ($1, $2, $3, $4, $5)
    returning id
)sql"};

using OverrideRow = std::tuple<std::optional<UserId>, std::string, Instant>;
inline constexpr Query<OverrideRow(ConversionId)> override_of{R"sql(
    select user_id, reason, decided_at from attribution_overrides
    where conversion_id = $1 order by id desc limit 1
)sql"};

// Locks.

inline constexpr Query<Nothing(ConversionId)> delete_locks{R"sql(
    delete from customer_locks where conversion_id = $1
)sql"};

/// conversion, customer, program, users, weights, links (0: none), from, until.
inline constexpr Query<Nothing(ConversionId, CustomerId, ProgramId, Numbers, Numbers, Numbers,
                               Instant, Instant)>
    insert_locks{R"sql(
    insert into customer_locks (conversion_id, customer_id, program_id, user_id, weight_ppm,
                                link_id, locked_from, locked_until)
    select $1, $2, $3, user_id, weight_ppm, nullif(link_id, 0), $7, $8
    from unnest($4::bigint[], $5::bigint[], $6::bigint[]) w(user_id, weight_ppm, link_id)
)sql"};

/// user, weight, from, until, link: those of the earliest conversion that locked the customer,
/// where that was before this one.
using LockRow = std::tuple<UserId, std::int64_t, Instant, Instant, std::optional<LinkId>>;
inline constexpr Query<LockRow(CustomerId, ProgramId, Instant, ConversionId)> locks{R"sql(
    select user_id, weight_ppm, locked_from, locked_until, link_id
    from customer_locks
    where conversion_id = (
        select conversion_id from customer_locks
        where customer_id = $1 and program_id = $2
          and (locked_from, conversion_id) < ($3::timestamptz, $4)
        order by locked_from, conversion_id limit 1)
    order by user_id limit 100
)sql"};

/// Whom other customers of the same company are locked to: user, since.
inline constexpr Query<std::tuple<UserId, Instant>(customers::AccountId, CustomerId, ProgramId,
                                                   Instant)>
    colleagues{R"sql(
    select l.user_id, min(l.locked_from)
    from customers c join customer_locks l on l.customer_id = c.id
    where c.account_id = $1 and c.id <> $2 and l.program_id = $3 and l.locked_from <= $4
    group by l.user_id order by 2, 1 limit 10
)sql"};

/// Programs by whose lock the customer is somebody's, the newest lock first.
inline constexpr Query<ProgramId(CustomerId, Instant)> locked_program{R"sql(
    select program_id from customer_locks
    where customer_id = $1 and locked_from <= $2 and locked_until > $2
    order by locked_from desc, conversion_id desc limit 1
)sql"};

// Evidence.

/// id, user, program, code of a link.
using LinkRow = std::tuple<LinkId, UserId, ProgramId, std::string>;
inline constexpr Query<LinkRow(std::string)> link_by_code{R"sql(
    select id, user_id, program_id, code from referral_links where code_key = $1
)sql"};

inline constexpr Query<LinkRow(LinkId, Owner)> link_by_id{R"sql(
    select id, user_id, program_id, code from referral_links
    where id = $1 and ($2::bigint is null or user_id = $2)
)sql"};

inline constexpr Query<LinkRow(std::string, Owner)> own_link_by_code{R"sql(
    select id, user_id, program_id, code from referral_links
    where code_key = $1 and ($2::bigint is null or user_id = $2)
)sql"};

inline constexpr Query<Nothing(ConversionId, Source, CustomerId, ProgramId, UserId,
                               std::optional<LinkId>, Instant, MaybeText,
                               std::optional<std::int64_t>, std::string)>
    insert_touch{R"sql(
    insert into customer_touches (conversion_id, source, customer_id, program_id, user_id, link_id,
                                  made_at, click_id, class, note)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict do nothing
)sql"};

inline constexpr Query<Nothing(ConversionId)> delete_touches{R"sql(
    delete from customer_touches where conversion_id = $1
)sql"};

inline constexpr Query<Nothing(CustomerId, Texts, Instant)> insert_visitors{R"sql(
    insert into customer_visitors (customer_id, visitor, seen_at)
    select $1, visitor, $3 from unnest($2::uuid[]) w(visitor)
    on conflict (customer_id, visitor) do update
    set seen_at = least(customer_visitors.seen_at, excluded.seen_at)
    where customer_visitors.seen_at > excluded.seen_at
)sql"};

/// Of the customer in the program until then: the newest 50 and the oldest.
inline constexpr Query<TouchRow(CustomerId, ProgramId, Instant)> touches{R"sql(
    (select conversion_id, source, program_id, user_id, link_id, made_at, click_id, class, note
     from customer_touches
     where customer_id = $1 and program_id = $2 and made_at <= $3
     order by made_at desc limit 50)
    union
    (select conversion_id, source, program_id, user_id, link_id, made_at, click_id, class, note
     from customer_touches
     where customer_id = $1 and program_id = $2 and made_at <= $3
     order by made_at limit 1)
)sql"};

inline constexpr Query<TouchRow(ConversionId)> touches_of{R"sql(
    select conversion_id, source, program_id, user_id, link_id, made_at, click_id, class, note
    from customer_touches where conversion_id = $1 order by source limit 3
)sql"};

/// The newest 20 that were seen by then.
inline constexpr Query<std::string(CustomerId, Instant)> visitors{R"sql(
    select visitor::text from customer_visitors where customer_id = $1 and seen_at <= $2
    order by seen_at desc limit 20
)sql"};

/// user, address, MC number: what tells whether a partner is the customer.
using PartnerRow = std::tuple<UserId, accounts::Email, MaybeText>;
inline constexpr Query<PartnerRow(std::vector<UserId>)> partners{R"sql(
    select u.id, u.email, p.mc_number
    from users u left join partners p on p.user_id = u.id
    where u.id = any ($1) limit 1000
)sql"};

}  // namespace referral::conversions::sql
