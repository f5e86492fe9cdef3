-- Two kinds of role use the database: its owner, who changes the schema, and the role that serves,
-- who reads and writes rows. What only an owner can do and the program does while it serves is done
-- by functions that run with the owner's rights.

-- Tables whose rows are only ever added; the role that serves may not change or delete them.
create table append_only_tables (
    name  text primary key
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: its rows are only ever added', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

-- Makes a table append-only, also for ordinary statements of its owner.
create function make_append_only(wanted regclass) returns void language plpgsql as $$
begin
    execute format('create trigger refuse_change before update or delete on %s
                    for each row execute function refuse_change()', wanted);
    execute format('create trigger refuse_truncate before truncate on %s
                    for each statement execute function refuse_change()', wanted);
    insert into append_only_tables select relname from pg_class where oid = wanted;
end
$$;

-- Gives the role that serves what it needs, table by table, and takes all else from it. Called after
-- the migrations by whoever applied them. Partitions are reached through their table.
create function grant_to_server(server name) returns void language plpgsql as $$
declare
    here name := current_schema();
    entry record;
begin
    execute format('revoke create on schema %I from public, %I', here, server);
    execute format('revoke temporary on database %I from public, %I', current_database(), server);
    execute format('grant connect on database %I to %I', current_database(), server);
    execute format('grant usage on schema %I to %I', here, server);
    for entry in
        select c.oid::regclass as name,
               case when c.relname in ('schema_migrations', 'append_only_tables') then 'select'
                    when a.name is not null then 'select, insert'
                    else 'select, insert, update, delete' end as rights
        from pg_class c left join append_only_tables a on a.name = c.relname
        where c.relnamespace = here::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition
    loop
        execute format('revoke all on %s from public, %I', entry.name, server);
        execute format('grant %s on %s to %I', entry.rights, entry.name, server);
    end loop;
    for entry in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = here::regnamespace and p.prosecdef
    loop
        execute format('revoke execute on function %s from public', entry.name);
        execute format('grant execute on function %s to %I', entry.name, server);
    end loop;
end
$$;

revoke execute on function make_append_only(regclass), grant_to_server(name) from public;

-- As in 0004, but with the owner's rights: the role that serves cannot make tables.
create or replace function make_click_partition(day date) returns void language plpgsql
security definer as $$
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

-- Who did what to which thing, how it was before and after. Nobody's name stands here that stands in
-- users already; secrets never do. One table, not partitions: what is kept for three years is small
-- beside the clicks, and old rows go in small pieces.
create table audit_logs (
    id           bigint      generated always as identity primary key,
    created_at   timestamptz not null,
    user_id      bigint,      -- Who; NULL: nobody signed in, or a job.
    acting_as    bigint,      -- Whose eyes an administrator looked with.
    api_key_id   bigint,      -- By which key, when not by a session.
    job          text        check (char_length(job) between 1 and 100),
    action       text        collate "C" not null
                 check (action ~ '^[a-z0-9_-]+\.[a-z0-9_-]+$' and char_length(action) <= 100),
    object_type  text        not null check (char_length(object_type) between 1 and 50),
    object_id    text        not null check (char_length(object_id) <= 200),
    before       jsonb,
    after        jsonb,
    reason       text        check (char_length(reason) between 1 and 1000),
    ip           inet,
    request_id   text        check (char_length(request_id) between 1 and 100)
);

create index audit_logs_created_at on audit_logs (created_at desc, id desc);
create index audit_logs_user_id on audit_logs (user_id, created_at desc, id desc);
create index audit_logs_action on audit_logs (action, created_at desc, id desc);
create index audit_logs_object on audit_logs (object_type, object_id, created_at desc, id desc);
create index audit_logs_request_id on audit_logs (request_id);

-- Rows that are not in the chain yet: noted in the transaction that adds them, taken away by the one
-- writer of the chain in the transaction that adds them there. However late a transaction ends, its
-- row is waiting here. A row of audit_logs that is neither here nor in the chain was smuggled in.
create table audit_unchained (
    audit_id  bigint primary key references audit_logs (id)
);

-- The chain, in the order in which rows were found committed. `row_hash` is SHA-256 of the row's
-- canonical form, `hash` that of the hash before, this row's numbers and row_hash: so the chain can
-- be followed when rows of long ago are no longer kept. No foreign key: the chain outlives its rows.
create table audit_chain (
    sequence    bigint      primary key check (sequence > 0),
    audit_id    bigint      not null unique,
    created_at  timestamptz not null,  -- The row's.
    row_hash    bytea       not null check (octet_length(row_hash) = 32),
    hash        bytea       not null check (octet_length(hash) = 32)
);

-- audit_logs refuses its deletes by the age of rows, so its trigger is another than the others'.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.created_at < now() - interval '1096 days' then return old; end if;
    raise exception '% of % is refused: its rows are kept for at least 1096 days as they are',
                    lower(tg_op), tg_table_name using errcode = 'insufficient_privilege';
end
$$;

select make_append_only('audit_chain'), make_append_only('audit_logs');
drop trigger refuse_change on audit_logs;
create trigger refuse_change before update or delete on audit_logs
    for each row execute function refuse_audit_change();

-- Deletes a piece of the rows older than `days`, never less than 1,096, that are in the chain; how
-- many there were.
create function expire_audit_logs(days integer) returns bigint language sql
security definer as $$
    with old as (
        select a.id from audit_logs a
        where a.created_at < now() - make_interval(days => greatest(days, 1096))
          and exists (select from audit_chain c where c.audit_id = a.id)
        order by a.created_at, a.id
        limit 10000
    ), gone as (
        delete from audit_logs a using old where a.id = old.id returning 1
    )
    select count(*) from gone
$$;

-- Functions with the owner's rights find their tables where they are, whatever path the caller set.
do $$
begin
    execute format('alter function make_click_partition(date) set search_path = %I, pg_temp',
                   current_schema());
    execute format('alter function expire_audit_logs(integer) set search_path = %I, pg_temp',
                   current_schema());
end
$$;
revoke execute on function make_click_partition(date), expire_audit_logs(integer) from public;
