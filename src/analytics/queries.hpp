#pragma once

/// Reads clicks', links', users' and programs' tables: the one slice that may, and only read.

#include "analytics/analytics.hpp"
#include "platform/db/query.hpp"

namespace referral::analytics::sql {

using accounts::UserId, db::Query, links::LinkId, programs::ProgramId;

using ClassCodes = std::vector<std::int64_t>;

/// The instant at which a day begins in a zone.
inline constexpr Query<Instant(Day, Timezone)> start_of_day{
    "select $1::date::timestamp at time zone $2"};

inline constexpr Query<Day(Instant, Timezone)> day_of{
    "select ($1::timestamptz at time zone $2)::date"};

inline constexpr Query<std::tuple<std::int64_t, std::int64_t>(
    std::optional<LinkId>, std::optional<UserId>, std::optional<ProgramId>, Instant, Instant)>
    by_class{R"sql(
    select class, sum(clicks)::bigint
    from counted_clicks($1, $2, $3, $4, $5)
    group by class limit 100
)sql"};

inline constexpr Query<std::int64_t(std::optional<LinkId>, std::optional<UserId>,
                                    std::optional<ProgramId>)>
    count_links{R"sql(
    select count(*) from referral_links
    where ($1::bigint is null or id = $1) and ($2::bigint is null or user_id = $2)
      and ($3::bigint is null or program_id = $3)
)sql"};

/// Whether a link is a user's; a null user owns all.
inline constexpr Query<bool(LinkId, std::optional<UserId>)> link_is_visible{R"sql(
    select exists (select 1 from referral_links
                   where id = $1 and ($2::bigint is null or user_id = $2))
)sql"};

/// Steps of absolute time: hours, also those that a change of the clocks repeats.
inline constexpr Query<Point(std::optional<LinkId>, std::optional<UserId>, std::optional<ProgramId>,
                             Instant, Instant, Timezone, ClassCodes, std::int64_t, std::int64_t)>
    by_hour{R"sql(
    with steps as (
        select generate_series(date_trunc('hour', $4::timestamptz, $6),
                               $5::timestamptz - interval '1 microsecond',
                               interval '1 hour') as step
    ), counts as (
        select date_trunc('hour', bucket, $6) as step,
               sum(clicks) filter (where class = any($7::bigint[]))::bigint as clicks,
               sum(clicks) filter (where class = $8)::bigint as unique_clicks,
               sum(clicks) filter (where class = $9)::bigint as bots
        from counted_clicks($1, $2, $3, $4, $5) group by 1
    )
    select to_char(step at time zone $6, 'YYYY-MM-DD"T"HH24:MI:SS')
           || case when (step at time zone $6) < (step at time zone 'UTC')
                   then '-' else '+' end
           || to_char(greatest((step at time zone $6) - (step at time zone 'UTC'),
                               (step at time zone 'UTC') - (step at time zone $6)),
                      'HH24:MI') as at,
           coalesce(clicks, 0) as clicks, coalesce(unique_clicks, 0) as unique_clicks,
           coalesce(bots, 0) as bots
    from steps left join counts using (step) order by step limit 5001
)sql"};

/// Steps of the calendar: $10 is day, week or month.
inline constexpr Query<Point(std::optional<LinkId>, std::optional<UserId>, std::optional<ProgramId>,
                             Instant, Instant, Timezone, ClassCodes, std::int64_t, std::int64_t,
                             std::string)>
    by_calendar{R"sql(
    with steps as (
        select generate_series(date_trunc($10, $4::timestamptz at time zone $6),
                               ($5::timestamptz - interval '1 microsecond') at time zone $6,
                               ('1 ' || $10)::interval) as local
    ), counts as (
        select date_trunc($10, bucket at time zone $6) as local,
               sum(clicks) filter (where class = any($7::bigint[]))::bigint as clicks,
               sum(clicks) filter (where class = $8)::bigint as unique_clicks,
               sum(clicks) filter (where class = $9)::bigint as bots
        from counted_clicks($1, $2, $3, $4, $5) group by 1
    ), placed as (
        select local, local at time zone $6 as step, clicks, unique_clicks, bots
        from steps left join counts using (local)
    )
    select to_char(step at time zone $6, 'YYYY-MM-DD"T"HH24:MI:SS')
           || case when (step at time zone $6) < (step at time zone 'UTC')
                   then '-' else '+' end
           || to_char(greatest((step at time zone $6) - (step at time zone 'UTC'),
                               (step at time zone 'UTC') - (step at time zone $6)),
                      'HH24:MI') as at,
           coalesce(clicks, 0) as clicks, coalesce(unique_clicks, 0) as unique_clicks,
           coalesce(bots, 0) as bots
    from placed order by local limit 5001
)sql"};

/// One slice (key, label, clicks, unique clicks), and the sums of all slices.
using SliceRow =
    std::tuple<std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

/// link, user, program, from, to, people's classes, the unique class, how many slices, by what.
using BreakdownQuery =
    Query<SliceRow(std::optional<LinkId>, std::optional<UserId>, std::optional<ProgramId>, Instant,
                   Instant, ClassCodes, std::int64_t, std::int64_t, std::string)>;

/// By what clicks themselves tell: $9 is country, region, city, device_type, browser, os, referrer,
/// utm_source, utm_medium or utm_campaign.
inline constexpr BreakdownQuery by_value{R"sql(
    with named as (
        select case $9::text when 'country' then p.country when 'region' then p.region
                       when 'city' then p.city when 'device_type' then a.device_type
                       when 'browser' then a.browser when 'os' then a.os
                       when 'referrer' then r.host when 'utm_source' then u.source
                       when 'utm_medium' then u.medium else u.campaign end as label,
               case $9::text when 'region' then p.country || '/'
                       when 'city' then p.country || '/' || p.region || '/' else '' end as above,
               v.class, v.clicks
        from clicks_by_value(
                 case when $9 in ('country', 'region', 'city') then 1
                      when $9 in ('device_type', 'browser', 'os') then 2
                      when $9 = 'referrer' then 3 else 4 end, $1, $2, $3, $4, $5) v
        left join places p on $9 in ('country', 'region', 'city') and p.id = v.value_id
        left join user_agents a on $9 in ('device_type', 'browser', 'os') and a.id = v.value_id
        left join referrers r on $9 = 'referrer' and r.id = v.value_id
        left join utms u on $9 like 'utm%' and u.id = v.value_id
    ), slices as (
        select case when coalesce(label, '') = '' then '' else above || label end as key,
               coalesce(label, '') as label,
               coalesce(sum(clicks) filter (where class = any($6::bigint[])), 0) as clicks,
               coalesce(sum(clicks) filter (where class = $7), 0) as unique_clicks
        from named group by 1, 2
    )
    select key, label, clicks::bigint, unique_clicks::bigint, (sum(clicks) over ())::bigint,
           (sum(unique_clicks) over ())::bigint
    from slices where clicks > 0 order by clicks desc, key limit $8
)sql"};

/// By whose links they are on: $9 is link, program or user. The key is the row's number.
inline constexpr BreakdownQuery by_owner{R"sql(
    with slices as (
        select case $9::text when 'link' then l.id when 'program' then l.program_id
                       else l.user_id end as id,
               sum(c.clicks) filter (where c.class = any($6::bigint[])) as clicks,
               coalesce(sum(c.clicks) filter (where c.class = $7), 0) as unique_clicks
        from link_click_counts c join referral_links l on l.id = c.link_id
        where c.bucket >= $4 and c.bucket < $5 and ($1::bigint is null or c.link_id = $1)
          and ($2::bigint is null or l.user_id = $2) and ($3::bigint is null or l.program_id = $3)
        group by 1
    ), ranked as (
        select id, clicks, unique_clicks, sum(clicks) over () as all_clicks,
               sum(unique_clicks) over () as all_unique
        from slices where clicks > 0 order by clicks desc, id limit $8
    )
    select r.id::text,
           coalesce(case $9::text when 'link' then (select code from referral_links where id = r.id)
                                  when 'program' then (select name from programs where id = r.id)
                                  else (select name from users where id = r.id) end, ''),
           clicks::bigint, unique_clicks::bigint, all_clicks::bigint, all_unique::bigint
    from ranked r order by clicks desc, r.id
)sql"};

}  // namespace referral::analytics::sql
