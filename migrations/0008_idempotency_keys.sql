-- Answers of writes that came with an Idempotency-Key, stored in the transaction of the write. Keys
-- are hashed and answers sealed by the key that only the client has.
create table idempotency_keys (
    user_id       bigint      not null references users (id) on delete cascade,
    key_hash      bytea       not null check (octet_length(key_hash) = 32),
    request_hash  bytea       not null check (octet_length(request_hash) = 32),
    status        integer     not null check (status between 200 and 399),
    answer        bytea       not null check (octet_length(answer) <= 300000),
    created_at    timestamptz not null,
    expires_at    timestamptz not null check (expires_at > created_at),
    primary key (user_id, key_hash)
);

create index idempotency_keys_expires_at on idempotency_keys (expires_at);
