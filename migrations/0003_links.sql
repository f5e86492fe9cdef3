-- Referral links. `code_key` is the code as it is looked up: one case, o as 0, i and l as 1. A code
-- is never given to another link: an address once shared must not change hands.
create table referral_links (
    id               bigint      generated always as identity primary key,
    user_id          bigint      not null references users (id),
    program_id       bigint      not null references programs (id),
    code             text        not null check (code ~ '^[a-z0-9_-]{3,64}$'),
    code_key         text        not null unique,
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

create index link_changes_xid on link_changes (xid);

create function note_link_changes() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into link_changes (link_id) select id from changed_rows;
    else
        -- A counted visit changes nothing that the directory of another process needs at once.
        insert into link_changes (link_id)
        select new_rows.id from changed_rows new_rows join old_rows using (id)
        where (to_jsonb(new_rows) - 'visits') is distinct from (to_jsonb(old_rows) - 'visits');
    end if;
    return null;
end
$$;

create trigger referral_links_inserted after insert on referral_links
    referencing new table as changed_rows
    for each statement execute function note_link_changes();

create trigger referral_links_updated after update on referral_links
    referencing new table as changed_rows old table as old_rows
    for each statement execute function note_link_changes();

create function note_program_changes() returns trigger language plpgsql as $$
begin
    insert into link_changes (program_id) values (new.id);
    return null;
end
$$;

create trigger programs_changed after insert or update on programs
    for each row execute function note_program_changes();
