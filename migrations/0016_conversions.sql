-- Facts from the business with a value. The columns of facts never change but by adjustments: they
-- are sums of the conversion and its adjustments, so that nobody has to add them up.
create table conversions (
    id                bigint      generated always as identity primary key,
    program_id        bigint      not null references programs (id),
    kind              text        not null check (kind in ('lead', 'signup', 'booked', 'delivered',
                                                           'invoiced', 'paid', 'custom')),
    source            text        not null check (char_length(source) between 1 and 50),
    external_id       text        not null check (char_length(external_id) between 1 and 200),
    line              text        not null check (char_length(line) <= 50),  -- '': all of it.
    occurred_at       timestamptz not null,
    received_at       timestamptz not null,
    currency          text        not null check (currency ~ '^[A-Z]{3}$'),
    revenue           bigint      not null,  -- Minor units; so cost.
    cost              bigint      not null,
    quantity          bigint      not null,  -- Thousandths.
    unit              text        not null check (unit in ('load', 'mile', 'truck', 'pallet', 'teu')),
    mode              text        check (mode in ('ftl', 'ltl', 'intermodal', 'parcel', 'air', 'ocean',
                                                  'warehouse')),
    lane              text        not null check (char_length(lane) <= 200),
    customer_id       bigint      not null references customers (id),
    customer_country  text        not null check (customer_country ~ '^([A-Z]{2})?$'),
    metadata          jsonb       not null check (jsonb_typeof(metadata) = 'object' and
                                                  pg_column_size(metadata) <= 16384),
    facts_hash        bytea       not null check (octet_length(facts_hash) = 32),
    is_reversed       boolean     not null default false,
    adjustments       bigint      not null default 0 check (adjustments >= 0),
    -- Whether the program was said, or follows from what the customer came by.
    program_is_given  boolean     not null,
    -- What was said of how the customer came, as it was said.
    click_id          uuid,
    code              text        check (char_length(code) <= 64),
    token             text        check (char_length(token) <= 2000),
    visitor           uuid,
    -- A click id that was not stored yet when the conversion came.
    awaits_click      boolean     not null default false,
    import_id         bigint,
    -- Of an import that was taken back: the key is free again.
    is_undone         boolean     not null default false,
    is_organic        boolean     not null,
    created_by        bigint      references users (id),
    check (not is_undone or is_reversed)
);

create unique index conversions_key on conversions (source, external_id, line, kind)
    where not is_undone;
create index conversions_occurred_at on conversions (occurred_at desc, id desc);
create index conversions_program_id on conversions (program_id, occurred_at, id);
create index conversions_customer_id on conversions (customer_id, occurred_at, id);
create index conversions_qualifying on conversions (customer_id, program_id, kind, occurred_at, id)
    where not is_reversed and not is_undone;
create index conversions_external_id on conversions (external_id, id);
create index conversions_click_id on conversions (click_id) where click_id is not null;
create index conversions_import_id on conversions (import_id, id) where import_id is not null;
create index conversions_organic on conversions (occurred_at desc, id desc) where is_organic;

-- Later changes. Only ever added.
create table adjustments (
    id               bigint      generated always as identity primary key,
    conversion_id    bigint      not null references conversions (id),
    kind             text        not null
                     check (kind in ('refund', 'short_pay', 'cost_change', 'cancel', 'claim',
                                     'write_off', 'correction')),
    external_id      text        not null check (char_length(external_id) between 1 and 200),
    revenue_change   bigint      not null,
    cost_change      bigint      not null,
    quantity_change  bigint      not null,
    is_reversal      boolean     not null,  -- Nothing is left of the conversion from here on.
    occurred_at      timestamptz not null,
    received_at      timestamptz not null,
    reason           text        check (char_length(reason) between 1 and 500),
    facts_hash       bytea       not null check (octet_length(facts_hash) = 32),
    created_by       bigint      references users (id),
    unique (conversion_id, external_id)
);

-- Decisions, every one that was made: the newest of a conversion is in force. Only ever added.
create table attributions (
    id             bigint      generated always as identity primary key,
    conversion_id  bigint      not null references conversions (id),
    decided_at     timestamptz not null,
    cause          text        not null
                   check (cause in ('conversion', 'click', 'override', 'recalculation', 'undo')),
    source         text        not null,
    locks_until    timestamptz,
    trace          jsonb       not null,
    decided_by     bigint      references users (id)
);

create index attributions_conversion_id on attributions (conversion_id, id);

-- Whose a conversion is now, in the order of touches. `occurred_at` as in conversions: partners list
-- theirs by it.
create table attribution_credits (
    conversion_id  bigint      not null references conversions (id),
    position       smallint    not null check (position >= 0),
    user_id        bigint      not null references users (id),
    weight_ppm     bigint      not null check (weight_ppm between 1 and 1000000),
    source         text        not null,
    link_id        bigint      references referral_links (id),
    occurred_at    timestamptz not null,
    primary key (conversion_id, position)
);

create index attribution_credits_user_id
    on attribution_credits (user_id, occurred_at desc, conversion_id desc);

-- Weights of the credited sum to a whole, or nobody is credited; looked at when the transaction ends.
create function check_attribution_credits() returns trigger language plpgsql as $$
declare
    wanted bigint := coalesce(new.conversion_id, old.conversion_id);
    total bigint;
begin
    select sum(weight_ppm) into total from attribution_credits where conversion_id = wanted;
    if total <> 1000000 then
        raise exception 'the weights of conversion % sum to %', wanted, total
            using errcode = 'check_violation', constraint = 'attribution_credits_whole';
    end if;
    return null;
end
$$;

create constraint trigger check_attribution_credits after insert or update or delete
    on attribution_credits deferrable initially deferred
    for each row execute function check_attribution_credits();

-- An administrator's word on whose a conversion is; the newest holds. Only ever added.
create table attribution_overrides (
    id             bigint      generated always as identity primary key,
    conversion_id  bigint      not null references conversions (id),
    user_id        bigint      references users (id),  -- NULL: nobody's.
    reason         text        not null check (char_length(reason) between 1 and 500),
    decided_by     bigint      references users (id),
    decided_at     timestamptz not null
);

create index attribution_overrides_conversion_id on attribution_overrides (conversion_id, id);

-- How customers came, for all their later conversions: a code, a token or a click with each
-- conversion that told one; and the visitors that they were.
create table customer_touches (
    conversion_id  bigint      not null references conversions (id),
    source         text        not null check (source in ('code', 'token', 'click_id')),
    customer_id    bigint      not null references customers (id),
    program_id     bigint      not null references programs (id),
    user_id        bigint      not null references users (id),
    link_id        bigint,
    made_at        timestamptz not null,
    click_id       uuid,
    class          smallint,
    note           text        not null,
    primary key (conversion_id, source)
);

create index customer_touches_customer_id on customer_touches (customer_id, program_id, made_at);
create index customer_touches_link_id on customer_touches (link_id, conversion_id desc);

create table customer_visitors (
    customer_id  bigint      not null references customers (id),
    visitor      uuid        not null,
    seen_at      timestamptz not null,  -- The first time.
    primary key (customer_id, visitor)
);

create index customer_visitors_visitor on customer_visitors (visitor);

-- Whose a customer is by the conversion that locked it; of several conversions the earliest holds.
create table customer_locks (
    customer_id    bigint      not null references customers (id),
    program_id     bigint      not null references programs (id),
    user_id        bigint      not null references users (id),
    weight_ppm     bigint      not null check (weight_ppm between 1 and 1000000),
    locked_from    timestamptz not null,
    locked_until   timestamptz not null check (locked_until > locked_from),
    conversion_id  bigint      not null references conversions (id),
    link_id        bigint      references referral_links (id),
    primary key (conversion_id, user_id)
);

create index customer_locks_customer_id
    on customer_locks (customer_id, program_id, locked_from, conversion_id);

-- Clicks of a visitor that earn: few columns, few rows. Partitions get it with the table.
create index link_clicks_visitor on link_clicks using hash (visitor) where class = 1;

-- Secrets that sign postbacks, sealed.
create table postback_keys (
    id            bigint      generated always as identity primary key,
    key           text        not null unique,
    program_id    bigint      not null references programs (id),
    name          text        not null check (char_length(name) between 1 and 100),
    secret        bytea       not null,
    revenue_max   bigint      check (revenue_max > 0),  -- Minor units of the program's currency.
    created_by    bigint      not null references users (id),
    created_at    timestamptz not null,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);

-- Files of conversions.
create table imports (
    id          bigint      generated always as identity primary key,
    name        text        not null check (char_length(name) between 1 and 200),
    file_hash   bytea       not null check (octet_length(file_hash) = 32),
    bytes       bigint      not null,
    columns     text[]      not null,
    mapping     jsonb       not null,
    defaults    jsonb       not null,
    program_id  bigint      references programs (id),
    status      text        not null check (status in ('checking', 'checked', 'committing',
                                                       'committed', 'undoing', 'undone')),
    rows        bigint      not null,
    created_by  bigint      not null references users (id),
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

create index imports_created_at on imports (created_at desc, id desc);

create table import_rows (
    import_id      bigint  not null references imports (id),
    number         bigint  not null check (number > 0),  -- The line in the file; the names are 1.
    fields         text[]  not null,
    status         text    not null default 'waiting'
                   check (status in ('waiting', 'good', 'same', 'bad', 'made', 'undone')),
    errors         jsonb   not null default '[]',
    conversion_id  bigint  references conversions (id),
    primary key (import_id, number)
);

create index import_rows_status on import_rows (import_id, status, number);

alter table conversions add foreign key (import_id) references imports (id);

select make_append_only('adjustments'), make_append_only('attributions'),
       make_append_only('attribution_overrides');
