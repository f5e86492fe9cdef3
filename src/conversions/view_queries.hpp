#pragma once

/// Statements of lists and explanations. They also read users and customers, for names.

#include "conversions/views.hpp"
#include "platform/db/query.hpp"

namespace referral::conversions::sql {

using db::Nothing, db::Query;

/// A conversion as it is stored, and its customer's name.
struct ListedConversion : StoredConversion {
    std::optional<std::string> customer_name{};
};

}  // namespace referral::conversions::sql

namespace referral::schema {

template <>
struct Fields<conversions::sql::ListedConversion> {
    using T = conversions::sql::ListedConversion;
    static constexpr std::string_view name = "ListedConversion";
    static constexpr auto list = joined(Fields<conversions::StoredConversion>::list,
                                        FieldList{field("customer_name", &T::customer_name, "")});
};

}  // namespace referral::schema

namespace referral::conversions::sql {

/// id, owner.
inline constexpr Query<ListedConversion(ConversionId, std::optional<std::int64_t>)> shown{R"sql(
    select v.id, v.program_id, v.kind, v.source, v.external_id, v.line, v.occurred_at,
           v.received_at, v.currency, v.revenue, v.cost, v.quantity, v.unit, v.mode, v.lane,
           v.customer_id, v.customer_country, v.metadata, v.is_reversed, v.adjustments,
           v.program_is_given, v.click_id, v.code, v.token, v.visitor, v.awaits_click, v.import_id,
           v.is_undone, v.is_organic, coalesce(a.name, c.name) as customer_name
    from conversions v
    join customers c on c.id = v.customer_id
    left join accounts a on a.id = c.account_id
    where v.id = $1
      and ($2::bigint is null or exists (select from attribution_credits r
                                         where r.conversion_id = v.id and r.user_id = $2))
)sql"};

/// Statements of the two lists take: user, program, customer, kind, source, external_id, status,
/// import, from, to, the last row's time and id, limit.
using List = Query<ListedConversion(
    std::optional<std::int64_t>, std::optional<ProgramId>, std::optional<CustomerId>,
    std::optional<EventKind>, std::optional<std::string>, std::optional<std::string>,
    std::optional<Status>, std::optional<std::int64_t>, std::optional<Instant>,
    std::optional<Instant>, std::optional<Instant>, std::optional<ConversionId>, std::int64_t)>;

inline constexpr List list{R"sql(
    select v.id, v.program_id, v.kind, v.source, v.external_id, v.line, v.occurred_at,
           v.received_at, v.currency, v.revenue, v.cost, v.quantity, v.unit, v.mode, v.lane,
           v.customer_id, v.customer_country, v.metadata, v.is_reversed, v.adjustments,
           v.program_is_given, v.click_id, v.code, v.token, v.visitor, v.awaits_click, v.import_id,
           v.is_undone, v.is_organic, coalesce(a.name, c.name) as customer_name
    from conversions v
    join customers c on c.id = v.customer_id
    left join accounts a on a.id = c.account_id
    where $1::bigint is null
      and ($2::bigint is null or v.program_id = $2)
      and ($3::bigint is null or v.customer_id = $3)
      and ($4::text is null or v.kind = $4)
      and ($5::text is null or v.source = $5)
      and ($6::text is null or v.external_id = $6)
      and ($7::text is null or $7 = case when v.is_undone then 'undone'
                                         when v.is_reversed then 'reversed'
                                         when v.is_organic then 'organic' else 'attributed' end)
      and ($8::bigint is null or v.import_id = $8)
      and ($9::timestamptz is null or v.occurred_at >= $9)
      and ($10::timestamptz is null or v.occurred_at < $10)
      and ($12::bigint is null or (v.occurred_at, v.id) < ($11::timestamptz, $12))
    order by v.occurred_at desc, v.id desc
    limit $13
)sql"};

/// Those that a partner is credited for.
inline constexpr List list_of_partner{R"sql(
    select v.id, v.program_id, v.kind, v.source, v.external_id, v.line, v.occurred_at,
           v.received_at, v.currency, v.revenue, v.cost, v.quantity, v.unit, v.mode, v.lane,
           v.customer_id, v.customer_country, v.metadata, v.is_reversed, v.adjustments,
           v.program_is_given, v.click_id, v.code, v.token, v.visitor, v.awaits_click, v.import_id,
           v.is_undone, v.is_organic, coalesce(a.name, c.name) as customer_name
    from attribution_credits r
    join conversions v on v.id = r.conversion_id
    join customers c on c.id = v.customer_id
    left join accounts a on a.id = c.account_id
    where r.user_id = $1
      and ($2::bigint is null or v.program_id = $2)
      and ($3::bigint is null or v.customer_id = $3)
      and ($4::text is null or v.kind = $4)
      and ($5::text is null or v.source = $5)
      and ($6::text is null or v.external_id = $6)
      and ($7::text is null or $7 = case when v.is_undone then 'undone'
                                         when v.is_reversed then 'reversed'
                                         when v.is_organic then 'organic' else 'attributed' end)
      and ($8::bigint is null or v.import_id = $8)
      and ($9::timestamptz is null or r.occurred_at >= $9)
      and ($10::timestamptz is null or r.occurred_at < $10)
      and ($12::bigint is null or (r.occurred_at, r.conversion_id) < ($11::timestamptz, $12))
    order by r.occurred_at desc, r.conversion_id desc
    limit $13
)sql"};

/// With names.
struct NamedCredit : CreditRow {
    std::string user_name;
};

}  // namespace referral::conversions::sql

namespace referral::schema {

template <>
struct Fields<conversions::sql::NamedCredit> {
    using T = conversions::sql::NamedCredit;
    static constexpr std::string_view name = "NamedCredit";
    static constexpr auto list = joined(Fields<conversions::CreditRow>::list,
                                        FieldList{field("user_name", &T::user_name, "")});
};

}  // namespace referral::schema

namespace referral::conversions::sql {

/// Conversions, owner.
inline constexpr Query<NamedCredit(std::vector<ConversionId>, std::optional<std::int64_t>)>
    named_credits{R"sql(
    select r.conversion_id, r.user_id, r.weight_ppm, r.source, r.link_id, u.name as user_name
    from attribution_credits r join users u on u.id = r.user_id
    where r.conversion_id = any ($1) and ($2::bigint is null or r.user_id = $2)
    order by r.conversion_id, r.position limit 100000
)sql"};

// What "why not me?" is answered about: ids of conversions, the newest first, at most 20.

inline constexpr Query<ConversionId(std::string)> by_external_id{R"sql(
    select id from conversions where external_id = $1 and not is_undone order by id desc limit 20
)sql"};

/// Of the click itself, and of customers who were its visitor.
inline constexpr Query<ConversionId(std::string, std::string)> by_click{R"sql(
    select id from (
        (select id from conversions where click_id = $1::uuid and not is_undone
         order by id desc limit 20)
        union
        (select v.id from customer_visitors w join conversions v on v.customer_id = w.customer_id
         where w.visitor = $2::uuid and not v.is_undone order by v.id desc limit 20)) found
    order by id desc limit 20
)sql"};

/// Of customers that came by the link.
inline constexpr Query<ConversionId(LinkId)> by_link{R"sql(
    select id from (
        (select conversion_id as id from customer_touches where link_id = $1
         order by conversion_id desc limit 20)
        union
        (select r.conversion_id from attribution_credits r
         join referral_links l on l.id = $1 and l.user_id = r.user_id
         where r.link_id = $1 order by r.occurred_at desc limit 20)) found
    order by id desc limit 20
)sql"};

}  // namespace referral::conversions::sql
