-- Somebody who was invited and has no password yet is a user already: others can see and change them.
alter table users drop constraint users_status_check;
alter table users add constraint users_status_check check (status in ('invited', 'active', 'disabled'));

-- Devices remembered before this are strangers again.
alter table users add column devices_since timestamptz not null default 'epoch';

create index users_created_at on users (created_at desc, id desc);

-- An id, to name a session without its token; and an administrator who looks as a partner.
alter table sessions add column id bigint generated always as identity unique;
alter table sessions add column acting_for bigint references users (id);
alter table sessions add column acting_until timestamptz;
alter table sessions add constraint sessions_acting check ((acting_for is null) = (acting_until is null));

create index sessions_acting_for on sessions (acting_for) where acting_for is not null;

-- What mailed links carry. Only a hash is kept; a token works once, for one purpose, until it expires,
-- and a new one for the same subject replaces it. `subject` is a user's id, or a partner application's.
create table one_time_tokens (
    token_hash  bytea       primary key,
    purpose     text        not null check (purpose in ('reset-password', 'invitation', 'email-change',
                                                        'unlock', 'verify-email')),
    subject     bigint      not null,
    detail      text        not null check (char_length(detail) <= 254),
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    unique (purpose, subject)
);

create index one_time_tokens_expires_at on one_time_tokens (expires_at);

-- Wrong sign-ins in a row from devices that are not remembered, by a keyed hash of the address that was
-- typed: whether somebody has that address makes no difference.
create table sign_in_failures (
    email_hash  bytea       primary key,
    failures    integer     not null check (failures > 0),
    failed_at   timestamptz not null
);

create index sign_in_failures_failed_at on sign_in_failures (failed_at);

-- The secret that an authenticator has too, sealed. Without confirmed_at it is being set up.
create table second_factors (
    user_id       bigint      primary key references users (id),
    secret        bytea       not null,
    confirmed_at  timestamptz,
    last_step     bigint      not null default 0,
    created_at    timestamptz not null
);

create table second_factor_tries (
    user_id   bigint      not null references users (id),
    device    text        not null check (char_length(device) <= 64),
    tried_at  timestamptz not null
);

create index second_factor_tries_user_id on second_factor_tries (user_id, device, tried_at);
create index second_factor_tries_tried_at on second_factor_tries (tried_at);

create table recovery_codes (
    user_id    bigint not null references users (id),
    code_hash  bytea  not null,
    primary key (user_id, code_hash)
);

-- What programs come with. `key_id` is the part that may be seen; of the secret there is a hash, and of
-- the one before it for a day.
create table api_keys (
    id                     bigint      generated always as identity primary key,
    user_id                bigint      not null references users (id),
    name                   text        not null check (char_length(name) between 1 and 100),
    key_id                 text        collate "C" not null unique check (key_id ~ '^[0-9a-z]{8}$'),
    secret_hash            bytea       not null,
    previous_secret_hash   bytea,
    previous_secret_until  timestamptz,
    scopes                 text[]      not null check (cardinality(scopes) between 1 and 100),
    allowed_addresses      text[]      not null default '{}' check (cardinality(allowed_addresses) <= 50),
    created_at             timestamptz not null,
    expires_at             timestamptz,
    last_used_at           timestamptz,
    revoked_at             timestamptz
);

create index api_keys_user_id on api_keys (user_id, created_at desc, id desc);

-- What administrators set while the program runs; one row.
create table settings (
    one                  boolean     primary key default true check (one),
    branding_name        text        not null check (char_length(branding_name) between 1 and 60),
    branding_accent      text        not null check (branding_accent ~ '^#[0-9a-f]{6}$'),
    support_email        text        check (char_length(support_email) between 3 and 254),
    totp_required_roles  text[]      not null default '{}'
                         check (totp_required_roles <@ array['admin', 'manager', 'finance', 'analyst', 'partner']),
    applications_open    boolean     not null default true,
    updated_at           timestamptz not null
);

insert into settings (branding_name, branding_accent, updated_at)
values ('Logistics One Source', '#1f2937', now());
