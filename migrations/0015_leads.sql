-- Deals that partners register before there is a sale: whoever's is accepted is credited with what the
-- company brings while it is protected. Until it is accepted nothing is known of it but what the
-- partner says: a rejected lead must make nobody a customer.
create table leads (
    id               bigint      generated always as identity primary key,
    program_id       bigint      not null references programs (id),
    user_id          bigint      not null references users (id),  -- Whose it is.
    company          text        not null check (char_length(company) between 1 and 200),
    name             text        check (char_length(name) between 1 and 100),
    email            text        check (char_length(email) between 3 and 254),
    mailbox          text        check (char_length(mailbox) between 3 and 254),
    phone            text        check (char_length(phone) between 1 and 40),
    domain           text        check (char_length(domain) between 3 and 253),
    mc_number        text        check (mc_number ~ '^[0-9]{1,8}$'),
    dot_number       text        check (dot_number ~ '^[0-9]{1,8}$'),
    country          text        check (country ~ '^[A-Z]{2}$'),
    note             text        check (char_length(note) between 1 and 1000),
    status           text        not null
                     check (status in ('waiting', 'accepted', 'rejected', 'converted', 'expired')),
    reason           text        check (char_length(reason) between 1 and 500),
    registered_at    timestamptz not null,
    protected_until  timestamptz check (protected_until > registered_at),
    customer_id      bigint      references customers (id),
    account_id       bigint      references accounts (id),
    decided_by       bigint      references users (id),
    decided_at       timestamptz,
    converted_at     timestamptz,
    created_by       bigint      not null references users (id),
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    check ((email is null) = (mailbox is null)),
    check (coalesce(mailbox, domain, mc_number, dot_number) is not null),
    check ((protected_until is not null) = (status in ('accepted', 'converted', 'expired')))
);

create index leads_created_at on leads (created_at desc, id desc);
create index leads_user_id on leads (user_id, created_at desc, id desc);
create index leads_waiting on leads (created_at desc, id desc) where status = 'waiting';
create index leads_ending on leads (protected_until) where status = 'accepted';

-- Each conversion asks whether somebody registered its customer, by all that names a company.
create index leads_customer_id on leads (customer_id) where customer_id is not null;
create index leads_account_id on leads (account_id) where account_id is not null;
create index leads_mailbox on leads (mailbox) where mailbox is not null;
create index leads_domain on leads (domain) where domain is not null;
create index leads_mc_number on leads (mc_number) where mc_number is not null;
create index leads_dot_number on leads (dot_number) where dot_number is not null;
