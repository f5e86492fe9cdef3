-- Parts of names and addresses are searched by their three-letter pieces.
create extension if not exists pg_trgm;

-- Referral links. `code_key` is the code as it is looked up: one case, o as 0, i and l as 1. A code
-- is never given to another link: an address once shared must not change hands.
create table referral_links (
    id               bigint      generated always as identity primary key,
    user_id          bigint      not null references users (id),
    program_id       bigint      not null references programs (id),
    code             text        not null check (code ~ '^[a-z0-9_-]{3,64}$'),
    code_key         text        collate "C" not null unique,  -- "C": serves searches by prefix.
    destination_url  text        not null check (destination_url ~ '^https?://' and
                                                 char_length(destination_url) <= 2048),
    name             text        check (char_length(name) between 1 and 100),
    status           text        not null default 'active'
                     check (status in ('active', 'paused', 'expired', 'disabled', 'banned')),
    starts_at        timestamptz,
    expires_at       timestamptz,
    visits_max       bigint      check (visits_max > 0),
    -- Unique clicks so far; kept only for links with visits_max.
    visits           bigint      not null default 0,
    password_hash    text,
    utm              jsonb,
    targets          jsonb       not null default '[]',
    pass_params      boolean     not null default false,
    metadata         jsonb       not null default '{}',
    created_at       timestamptz not null,
    updated_at       timestamptz not null
);

create index referral_links_user_id on referral_links (user_id, created_at desc, id desc);
create index referral_links_program_id on referral_links (program_id, created_at desc, id desc);
create index referral_links_created_at on referral_links (created_at desc, id desc);
create index referral_links_name on referral_links (lower(coalesce(name, '')), id);
create index referral_links_text on referral_links
    using gin (lower(coalesce(name, '') || ' ' || destination_url) gin_trgm_ops);
-- The few that are or may become something else than active, and those whose visits count.
create index referral_links_not_active on referral_links (created_at desc, id desc)
    where status <> 'active' or expires_at is not null or visits_max is not null;
create index referral_links_limited on referral_links (id) where visits_max is not null;

-- What a link does at a time, as people are told: one that ran out is expired.
create function link_status(status text, expires_at timestamptz, visits_max bigint, visits bigint,
                            at timestamptz) returns text language sql immutable parallel safe as $$
    select case when status in ('active', 'paused') and (expires_at <= at or visits >= visits_max)
                then 'expired' else status end
$$;

-- What changed, for the directories of codes that every process keeps in memory. A reader takes
-- everything not older than the oldest transaction that was running when it last looked, so that
-- a change whose transaction ends late is not missed (the numbers alone would skip it).
create table link_changes (
    id          bigint      generated always as identity primary key,
    xid         xid8        not null default pg_current_xact_id(),
    link_id     bigint,  -- NULL: the program changed.
    program_id  bigint,
    changed_at  timestamptz not null default now(),
    check ((link_id is null) <> (program_id is null))
);

create index link_changes_xid on link_changes (xid, id);

create function note_link_changes() returns trigger language plpgsql as $$
begin
    insert into link_changes (link_id) select id from changed_rows;
    return null;
end
$$;

create trigger referral_links_inserted after insert on referral_links
    referencing new table as changed_rows
    for each statement execute function note_link_changes();

create trigger referral_links_updated after update on referral_links
    referencing new table as changed_rows
    for each statement execute function note_link_changes();

create function note_program_changes() returns trigger language plpgsql as $$
begin
    insert into link_changes (program_id) values (new.id);
    return null;
end
$$;

create trigger programs_changed after insert or update on programs
    for each row execute function note_program_changes();
