-- The companies behind customers.
create table accounts (
    id              bigint      generated always as identity primary key,
    name            text        not null check (char_length(name) between 1 and 200),
    mc_number       text        check (mc_number ~ '^[0-9]{1,8}$'),
    dot_number      text        check (dot_number ~ '^[0-9]{1,8}$'),
    tms_id          text        check (char_length(tms_id) between 1 and 100),
    country         text        check (country ~ '^[A-Z]{2}$'),
    first_known_at  timestamptz not null,  -- Moves back only.
    created_at      timestamptz not null,
    updated_at      timestamptz not null
);

create unique index accounts_mc_number on accounts (mc_number);
create unique index accounts_dot_number on accounts (dot_number);
create unique index accounts_tms_id on accounts (tms_id);
create index accounts_created_at on accounts (created_at desc, id desc);
create index accounts_name on accounts using gin (lower(name) gin_trgm_ops);

-- A domain belongs to one account; those of free mail to none.
create table account_domains (
    domain      text        primary key check (char_length(domain) between 3 and 253),
    account_id  bigint      not null references accounts (id),
    created_at  timestamptz not null
);

create index account_domains_account_id on account_domains (account_id);

-- Who was referred. `mailbox` is the address as customers are recognised by it: one case, without
-- what mailboxes ignore.
create table customers (
    id             bigint      generated always as identity primary key,
    account_id     bigint      references accounts (id),
    external_id    text        check (char_length(external_id) between 1 and 200),
    email          text        check (char_length(email) between 3 and 254),
    mailbox        text        check (char_length(mailbox) between 3 and 254),
    name           text        check (char_length(name) between 1 and 100),
    phone          text        check (char_length(phone) between 1 and 40),
    country        text        check (country ~ '^[A-Z]{2}$'),
    first_seen_at  timestamptz not null,  -- Moves back only.
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    check (external_id is not null or mailbox is not null),
    check ((email is null) = (mailbox is null))
);

create unique index customers_external_id on customers (external_id);
-- Of those whom only their mailbox tells apart.
create unique index customers_mailbox_alone on customers (mailbox) where external_id is null;
create index customers_mailbox on customers (mailbox) where mailbox is not null;
create index customers_account_id on customers (account_id, id) where account_id is not null;
create index customers_created_at on customers (created_at desc, id desc);
