#pragma once

/// Every SQL statement of the slice. Besides its own tables it joins referral_links read-only, for
/// the codes and UTM parameters of clicks, and counts their visits.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "platform/db/query.hpp"
#include "platform/db/sql.hpp"

namespace referral::clicks::sql {

using db::Nothing;
using db::Query;
using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;
using Instants = std::vector<Instant>;

// Nodes.

/// node, epoch, instance, directory.
constexpr Query<std::int64_t(std::int64_t, std::int64_t, std::string, std::string)> register_node{
    R"sql(
    insert into journal_nodes (node, epoch, instance, directory, seen_at)
    values ($1, $2, $3, $4, now())
    on conflict (node) do update
    set epoch = excluded.epoch, instance = excluded.instance, directory = excluded.directory,
        seen_at = excluded.seen_at
    where journal_nodes.instance = excluded.instance
       or journal_nodes.directory = excluded.directory
       or journal_nodes.seen_at < now() - interval '10 seconds'
    returning id
    )sql"};

// Positions.

/// epoch, shard, segment, begun_at, loaded
using PositionRow = std::tuple<std::int64_t, std::int64_t, std::int64_t, Instant, std::int64_t>;
/// Those of a node's segments from (epoch, segment) on, of all shards.
constexpr Query<PositionRow(std::int64_t, std::int64_t, std::int64_t)> positions{R"sql(
    select epoch, shard, segment, begun_at, loaded from journal_positions
    where node_id = $1 and (epoch > $2 or epoch = $2 and segment >= $3)
    limit 1000000
    )sql"};

/// node_id, epoch, shard, segment, begun_at, loaded, instance. Gives when the server was started.
constexpr Query<Instant(std::int64_t, std::int64_t, std::int64_t, std::int64_t, Instant,
                        std::int64_t, std::string)>
    begin_position{R"sql(
    insert into journal_positions (node_id, epoch, shard, segment, begun_at, loaded)
    select $1, $2, $3, $4, $5, $6
    where exists (select from journal_nodes where id = $1 and instance = $7)
    on conflict do nothing
    returning pg_postmaster_start_time()
    )sql"};

/// As above, and the position expected.
constexpr Query<Instant(std::int64_t, std::int64_t, std::int64_t, std::int64_t, Instant,
                        std::int64_t, std::string, std::int64_t)>
    move_position{R"sql(
    update journal_positions set loaded = $6
    where node_id = $1 and epoch = $2 and shard = $3 and segment = $4 and begun_at = $5
      and loaded = $8
      and exists (select from journal_nodes where id = $1 and instance = $7)
    returning pg_postmaster_start_time()
    )sql"};

/// node_id, epoch, shard, segment, begun_at, position, record in hexadecimal, reason.
constexpr Query<Nothing(std::int64_t, std::int64_t, std::int64_t, std::int64_t, Instant,
                        std::int64_t, std::string, std::string)>
    quarantine{R"sql(
    insert into journal_quarantine (node_id, epoch, shard, segment, begun_at, position, record,
                                    reason, quarantined_at)
    values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, now())
    on conflict do nothing
    )sql"};

constexpr Query<Instant()> server_started_at{"select pg_postmaster_start_time()"};

constexpr Query<std::optional<std::string>(Day)> make_partition{
    "select make_click_partition($1)::text"};

// Dimensions. `find` gives the place in the list and the id of those that are there.

using FoundRow = std::tuple<std::int64_t, std::int64_t>;

constexpr Query<FoundRow(Texts)> find_user_agents{R"sql(
    select w.place, u.id
    from unnest($1::text[]) with ordinality w(text, place)
    join user_agents u on md5(u.text) = md5(w.text)
    )sql"};
constexpr Query<Nothing(Texts, Texts, Texts, Texts)> add_user_agents{R"sql(
    insert into user_agents (text, device_type, browser, os)
    select text, device_type, browser, os
    from unnest($1::text[], $2::text[], $3::text[], $4::text[])
         with ordinality w(text, device_type, browser, os, place)
    order by place
    on conflict do nothing
    )sql"};

constexpr Query<FoundRow(Texts, Texts, Texts)> find_places{R"sql(
    select w.place, p.id
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality w(country, region, city, place)
    join places p using (country, region, city)
    )sql"};
constexpr Query<Nothing(Texts, Texts, Texts)> add_places{R"sql(
    insert into places (country, region, city)
    select country, region, city
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality w(country, region, city, place)
    order by place
    on conflict do nothing
    )sql"};

constexpr Query<FoundRow(Texts, Texts)> find_referrers{R"sql(
    select w.place, r.id
    from unnest($1::text[], $2::text[]) with ordinality w(host, path, place)
    join referrers r on md5(r.host || r.path) = md5(w.host || w.path)
    )sql"};
constexpr Query<Nothing(Texts, Texts)> add_referrers{R"sql(
    insert into referrers (host, path)
    select host, path
    from unnest($1::text[], $2::text[]) with ordinality w(host, path, place)
    order by place
    on conflict do nothing
    )sql"};

constexpr Query<FoundRow(Texts, Texts, Texts, Texts, Texts)> find_utms{R"sql(
    select w.place, u.id
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         with ordinality w(source, medium, campaign, term, content, place)
    join utms u on md5(u.source || chr(1) || u.medium || chr(1) || u.campaign || chr(1) ||
                       u.term || chr(1) || u.content) =
                   md5(w.source || chr(1) || w.medium || chr(1) || w.campaign || chr(1) ||
                       w.term || chr(1) || w.content)
    )sql"};
constexpr Query<Nothing(Texts, Texts, Texts, Texts, Texts)> add_utms{R"sql(
    insert into utms (source, medium, campaign, term, content)
    select source, medium, campaign, term, content
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         with ordinality w(source, medium, campaign, term, content, place)
    order by place
    on conflict do nothing
    )sql"};

constexpr Query<Nothing(Numbers, Texts)> add_networks{R"sql(
    insert into networks (asn, name)
    select asn, name from unnest($1::bigint[], $2::text[]) w(asn, name) order by asn
    on conflict do nothing
    )sql"};

/// id, code, and the UTM parameters or null.
using LinkRow =
    std::tuple<std::int64_t, std::string, std::optional<std::string>, std::optional<std::string>,
               std::optional<std::string>, std::optional<std::string>, std::optional<std::string>>;
constexpr Query<LinkRow(Numbers)> links{R"sql(
    select id, code, utm->>'source', utm->>'medium', utm->>'campaign', utm->>'term',
           utm->>'content'
    from referral_links where id = any($1::bigint[])
    limit 100000
    )sql"};

// Counts.

/// Columns by position; then the loader.
constexpr Query<Nothing(Numbers, Instants, Numbers, Numbers, std::int64_t)> count_links{R"sql(
    insert into link_click_counts (link_id, bucket, class, shard, clicks)
    select link_id, bucket, class, $5, clicks
    from unnest($1::bigint[], $2::timestamptz[], $3::smallint[], $4::bigint[])
         w(link_id, bucket, class, clicks)
    on conflict (link_id, bucket, class, shard)
    do update set clicks = link_click_counts.clicks + excluded.clicks
    )sql"};

constexpr Query<Nothing(Numbers, Numbers, Instants, Numbers, Numbers, Numbers, std::int64_t)>
    count_programs{R"sql(
    insert into program_click_counts (program_id, dimension, bucket, value_id, class, shard, clicks)
    select program_id, dimension, bucket, value_id, class, $7, clicks
    from unnest($1::bigint[], $2::smallint[], $3::timestamptz[], $4::integer[], $5::smallint[],
                $6::bigint[]) w(program_id, dimension, bucket, value_id, class, clicks)
    on conflict (program_id, dimension, bucket, value_id, class, shard)
    do update set clicks = program_click_counts.clicks + excluded.clicks
    )sql"};

constexpr Query<Nothing(Numbers, Numbers, Numbers, Instants)> count_totals{R"sql(
    insert into link_totals (link_id, clicks, unique_clicks, last_clicked_at)
    select link_id, clicks, unique_clicks, last_clicked_at
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[])
         w(link_id, clicks, unique_clicks, last_clicked_at)
    on conflict (link_id)
    do update set clicks = link_totals.clicks + excluded.clicks,
                  unique_clicks = link_totals.unique_clicks + excluded.unique_clicks,
                  last_clicked_at = greatest(link_totals.last_clicked_at, excluded.last_clicked_at)
    )sql"};

/// Locks in order, so that two loaders never wait for each other in a circle.
constexpr Query<std::int64_t(Numbers)> lock_links{R"sql(
    select id from referral_links where id = any($1::bigint[]) order by id
    limit 100000 for no key update
    )sql"};
constexpr Query<Nothing(Numbers, Numbers)> count_visits{R"sql(
    update referral_links set visits = referral_links.visits + w.visits
    from unnest($1::bigint[], $2::bigint[]) w(id, visits)
    where referral_links.id = w.id
    )sql"};

/// node_id, day, epoch, shard.
constexpr Query<std::tuple<std::int64_t, std::string>(std::int64_t, Day, std::int64_t,
                                                      std::int64_t)>
    day_digest{R"sql(
    select journalled, encode(digest, 'hex') from journal_days
    where node_id = $1 and day = $2 and epoch = $3 and shard = $4
    )sql"};

/// … journalled now, digest in hexadecimal, journalled before.
constexpr Query<Nothing(std::int64_t, Day, std::int64_t, std::int64_t, std::int64_t, std::string,
                        std::int64_t)>
    count_day{R"sql(
    insert into journal_days (node_id, day, epoch, shard, journalled, digest)
    values ($1, $2, $3, $4, $5, decode($6, 'hex'))
    on conflict (day, node_id, epoch, shard)
    do update set journalled = excluded.journalled, digest = excluded.digest
    where journal_days.journalled = $7
    )sql"};

// Upkeep.

/// Up to where addresses are cut down, or else the oldest click's time, or nothing.
constexpr Query<std::optional<Instant>()> address_frontier{R"sql(
    select coalesce((select truncated_until from click_address_frontier),
                    (select min(clicked_at) from link_clicks))
    )sql"};
/// The first click from $1 on and before $2.
constexpr Query<std::optional<Instant>(Instant, Instant)> first_click{R"sql(
    select min(clicked_at) from link_clicks where clicked_at >= $1 and clicked_at < $2
    )sql"};
constexpr Query<Nothing(Instant, Instant)> truncate_addresses{R"sql(
    update link_clicks
    set visitor_ip = network(set_masklen(visitor_ip,
                                         case family(visitor_ip) when 4 then 24 else 48 end))
    where clicked_at >= $1 and clicked_at < $2
      and masklen(visitor_ip) = case family(visitor_ip) when 4 then 32 else 128 end
    )sql"};
constexpr Query<Nothing(Instant)> move_address_frontier{R"sql(
    insert into click_address_frontier (truncated_until) values ($1)
    on conflict (one) do update set truncated_until = excluded.truncated_until
    where click_address_frontier.truncated_until < excluded.truncated_until
    )sql"};

// Lists.

/// The columns of a click as it is shown.
struct ClickRow {
    std::string id;
    std::int64_t link_id = 0;
    std::optional<std::string> code;
    std::int64_t program_id = 0;
    std::int64_t user_id = 0;
    Instant clicked_at{};
    std::int64_t click_class = 0;
    std::optional<std::string> country, region, city, device_type, browser, os, referrer, network;
    std::optional<std::string> source, medium, campaign, term, content;
    std::string visitor;
    std::optional<std::string> visitor_ip;
};

/// owner, link, user, program, class, from, to, country, device type; the last click's time and id;
/// limit.
constexpr Query<ClickRow(
    std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>,
    std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<Instant>,
    std::optional<Instant>, std::optional<std::string>, std::optional<std::string>,
    std::optional<Instant>, std::optional<std::string>, std::int64_t)>
    list{R"sql(
    select c.id, c.referral_link_id as link_id, coalesce(l.code, c.metadata->>'code') as code,
           c.program_id, c.user_id, c.clicked_at, c.class,
           nullif(p.country, '') as country, nullif(p.region, '') as region,
           nullif(p.city, '') as city, a.device_type, nullif(a.browser, '') as browser,
           nullif(a.os, '') as os, r.host || r.path as referrer, n.name as network,
           u.source, u.medium, u.campaign, u.term, u.content,
           c.visitor, host(c.visitor_ip) as visitor_ip
    from link_clicks c
    left join referral_links l on l.id = c.referral_link_id
    left join places p on p.id = c.place_id
    left join user_agents a on a.id = c.user_agent_id
    left join referrers r on r.id = c.referrer_id
    left join networks n on n.asn = c.asn
    left join utms u on u.id = c.utm_id
    where ($1::bigint is null or c.user_id = $1)
      and ($2::bigint is null or c.referral_link_id = $2)
      and ($3::bigint is null or c.user_id = $3)
      and ($4::bigint is null or c.program_id = $4)
      and ($5::smallint is null or c.class = $5)
      and ($6::timestamptz is null or c.clicked_at >= $6)
      and ($7::timestamptz is null or c.clicked_at < $7)
      and ($8::text is null or p.country = $8)
      and ($9::text is null or a.device_type = $9)
      and ($10::timestamptz is null or (c.clicked_at, c.id) < ($10, $11::uuid))
    order by c.clicked_at desc, c.id desc
    limit $12
    )sql"};

// Live counters: people's clicks and unique ones since midnight in a time zone ($1 now, $2 zone).

using TodayRow = std::tuple<std::int64_t, std::int64_t>;
constexpr Query<TodayRow(Instant, std::string)> today{R"sql(
    select coalesce(sum(clicks) filter (where class in (1, 2, 3, 4)), 0)::bigint,
           coalesce(sum(clicks) filter (where class = 1), 0)::bigint
    from program_click_counts
    where program_id in (select id from programs) and dimension = 0
      and bucket >= date_trunc('day', $1::timestamptz at time zone $2) at time zone $2
    )sql"};
constexpr Query<TodayRow(Instant, std::string, std::int64_t)> today_of_owner{R"sql(
    select coalesce(sum(clicks) filter (where class in (1, 2, 3, 4)), 0)::bigint,
           coalesce(sum(clicks) filter (where class = 1), 0)::bigint
    from link_click_counts
    where link_id in (select id from referral_links where user_id = $3)
      and bucket >= date_trunc('day', $1::timestamptz at time zone $2) at time zone $2
    )sql"};

// Proof.

/// node id, node, epoch, shard, journalled, digest in hexadecimal.
using ProofDayRow =
    std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string>;
constexpr Query<ProofDayRow(Day)> proof_days{R"sql(
    select d.node_id, n.node, d.epoch, d.shard, d.journalled, encode(d.digest, 'hex')
    from journal_days d join journal_nodes n on n.id = d.node_id
    where d.day = $1
    order by d.node_id, d.epoch, d.shard
    limit 1000000
    )sql"};

/// node id, class, rows of the day that begins at $1 and ends at $2.
constexpr Query<std::tuple<std::int64_t, std::int64_t, std::int64_t>(Instant, Instant)> proof_rows{
    R"sql(
    select node_id, class, count(*) from link_clicks
    where clicked_at >= $1 and clicked_at < $2
    group by node_id, class
    limit 1000000
    )sql"};

}  // namespace referral::clicks::sql

namespace referral::schema {

template <>
struct Fields<clicks::sql::ClickRow> {
    using T = clicks::sql::ClickRow;
    static constexpr std::string_view name = "ClickRow";
    static constexpr auto list = FieldList{field("id", &T::id, ""),
                                           field("link_id", &T::link_id, ""),
                                           field("code", &T::code, ""),
                                           field("program_id", &T::program_id, ""),
                                           field("user_id", &T::user_id, ""),
                                           field("clicked_at", &T::clicked_at, ""),
                                           field("class", &T::click_class, ""),
                                           field("country", &T::country, ""),
                                           field("region", &T::region, ""),
                                           field("city", &T::city, ""),
                                           field("device_type", &T::device_type, ""),
                                           field("browser", &T::browser, ""),
                                           field("os", &T::os, ""),
                                           field("referrer", &T::referrer, ""),
                                           field("network", &T::network, ""),
                                           field("source", &T::source, ""),
                                           field("medium", &T::medium, ""),
                                           field("campaign", &T::campaign, ""),
                                           field("term", &T::term, ""),
                                           field("content", &T::content, ""),
                                           field("visitor", &T::visitor, ""),
                                           field("visitor_ip", &T::visitor_ip, "")};
};

}  // namespace referral::schema
