-- Texts that repeat in clicks, each kept once.
create table user_agents (
    id           integer generated always as identity primary key,
    text         text    not null check (char_length(text) <= 255),
    device_type  text    not null,
    browser      text    not null,
    os           text    not null
);
create unique index user_agents_text on user_agents (md5(text));

create table places (
    id       integer generated always as identity primary key,
    country  text    not null,
    region   text    not null,
    city     text    not null,
    unique (country, region, city)
);

create table networks (
    asn   bigint primary key,
    name  text   not null
);

create table referrers (
    id    integer generated always as identity primary key,
    host  text    not null,
    path  text    not null
);
create unique index referrers_text on referrers (md5(host || path));

create table utms (
    id        integer generated always as identity primary key,
    source    text    not null,
    medium    text    not null,
    campaign  text    not null,
    term      text    not null,
    content   text    not null
);
create unique index utms_text on utms (md5(source || chr(1) || medium || chr(1) || campaign ||
                                           chr(1) || term || chr(1) || content));

-- Machines that journal clicks. `instance` is the running process that may load the node's journal;
-- another one takes over only from the same directory, or when this one has not been seen for long.
create table journal_nodes (
    id         smallint    generated always as identity primary key,
    node       bigint      not null unique,
    epoch      bigint      not null,
    instance   uuid        not null,
    directory  text        not null,
    seen_at    timestamptz not null
);

-- How far each segment is loaded: moved in the transaction that stores its rows, so that a click is
-- stored exactly once however often its segment is read. `begun_at` tells segments apart that two
-- copies of one journal numbered alike.
create table journal_positions (
    node_id   smallint    not null references journal_nodes (id),
    epoch     bigint      not null,
    shard     integer     not null,
    segment   bigint      not null,
    begun_at  timestamptz not null,
    loaded    bigint      not null check (loaded >= 0),
    primary key (node_id, epoch, shard, segment, begun_at)
);

-- Records of the journal that are no clicks, or that the tables refuse; kept for people to look at.
create table journal_quarantine (
    node_id         smallint    not null references journal_nodes (id),
    epoch           bigint      not null,
    shard           integer     not null,
    segment         bigint      not null,
    begun_at        timestamptz not null,
    position        bigint      not null,
    record          bytea       not null,
    reason          text        not null,
    quarantined_at  timestamptz not null,
    primary key (node_id, epoch, shard, segment, begun_at, position)
);

-- What was read from the journal, by day of the click: a count and a chained SHA-256 of the clicks'
-- ids and classes in the journal's order.
create table journal_days (
    node_id    smallint not null references journal_nodes (id),
    day        date     not null,
    epoch      bigint   not null,
    shard      integer  not null,
    journalled bigint   not null,
    digest     bytea    not null,
    primary key (day, node_id, epoch, shard)
);

-- One row a request for a link. The key carries the link and the time: by the link clicks are spread
-- over machines, by the time over partitions (a month each, made ahead).
create table link_clicks (
    referral_link_id  bigint      not null,  -- 0: no such code.
    clicked_at        timestamptz not null,
    id                uuid        not null,
    user_id           bigint      not null,  -- Whose link; 0: nobody's.
    program_id        bigint      not null,
    node_id           smallint    not null,
    class             smallint    not null,
    flags             smallint    not null,  -- clicks/record.hpp
    visitor           uuid        not null,
    visitor_ip        inet,
    user_agent_id     integer,
    place_id          integer,
    asn               bigint,
    referrer_id       integer,
    utm_id            integer,
    metadata          jsonb,  -- code: what was asked for, of orphans.
    primary key (referral_link_id, clicked_at, id)
) partition by range (clicked_at);

create index link_clicks_clicked_at on link_clicks (clicked_at desc, id desc);
create index link_clicks_user_id on link_clicks (user_id, clicked_at desc, id desc);

-- Makes the partition of the month that holds `day`, unless it is there. It is attached rather than
-- created in place: that lock lets clicks be stored and read meanwhile.
create function make_click_partition(day date) returns void language plpgsql as $$
declare
    first timestamptz := date_trunc('month', day::timestamp) at time zone 'UTC';
    last timestamptz := (date_trunc('month', day::timestamp) + interval '1 month') at time zone 'UTC';
    child text := 'link_clicks_' || to_char(date_trunc('month', day::timestamp), 'YYYY_MM');
begin
    -- Not to_regclass: it answers from a cache that the lock does not refresh.
    if exists (select from pg_class where relname = child) then return; end if;
    perform pg_advisory_xact_lock(hashtext('make_click_partition'));
    if exists (select from pg_class where relname = child) then return; end if;
    execute format('create table %I (like link_clicks including defaults including constraints)',
                   child);
    execute format('alter table link_clicks attach partition %I for values from (%L) to (%L)',
                   child, first, last);
end
$$;

-- Clicks counted by quarter of an hour, the smallest step that the days of every time zone are made
-- of. `shard` is the loader that counted: two loaders never wait for each other's rows.
create table link_click_counts (
    link_id  bigint      not null,
    bucket   timestamptz not null,
    class    smallint    not null,
    shard    smallint    not null,
    clicks   bigint      not null,
    primary key (link_id, bucket, class, shard)
) with (fillfactor = 80);

-- The same for whole programs, by dimension: 0 all, 1 place, 2 user agent, 3 referrer, 4 utm.
create table program_click_counts (
    program_id  bigint      not null,
    bucket      timestamptz not null,
    dimension   smallint    not null,
    value_id    integer     not null,
    class       smallint    not null,
    shard       smallint    not null,
    clicks      bigint      not null,
    primary key (program_id, dimension, bucket, value_id, class, shard)
) with (fillfactor = 80);

create table link_totals (
    link_id          bigint      primary key,
    clicks           bigint      not null,
    unique_clicks    bigint      not null,
    last_clicked_at  timestamptz not null
) with (fillfactor = 70);

-- Up to where visitors' addresses have been cut down; one row.
create table click_address_frontier (
    one              boolean     primary key default true check (one),
    truncated_until  timestamptz not null
);
