-- Who signs in. The role decides what somebody may do; partners see only what is theirs.
create table users (
    id               bigint      generated always as identity primary key,
    email            text        not null check (char_length(email) between 3 and 254),
    password_hash    text,
    name             text        not null check (char_length(name) between 1 and 100),
    role             text        not null
                     check (role in ('admin', 'manager', 'finance', 'analyst', 'partner')),
    status           text        not null default 'active' check (status in ('active', 'disabled')),
    timezone         text        not null default 'UTC',
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    last_sign_in_at  timestamptz
);

create unique index users_email on users (lower(email));

-- Browser sessions. Only a hash of the cookie's token is kept: a copy of the table opens nothing.
create table sessions (
    token_hash  bytea       primary key,
    user_id     bigint      not null references users (id),
    created_at  timestamptz not null,
    seen_at     timestamptz not null,
    expires_at  timestamptz not null,
    ip          inet        not null,
    user_agent  text        not null check (char_length(user_agent) <= 255)
);

create index sessions_user_id on sessions (user_id);
create index sessions_expires_at on sessions (expires_at);
