-- The outbox: a mail is a row, written with the change that causes it, and a job that sends it.
create table mails (
    id             bigint      generated always as identity primary key,
    to_address     text        not null check (char_length(to_address) between 3 and 254),
    template       text        not null check (char_length(template) between 1 and 64),
    -- What the template fills in. Null once it is no longer needed and may hold a token.
    details        jsonb       check (octet_length(details::text) <= 16384),
    secret         boolean     not null,
    dedupe_key     text        unique check (char_length(dedupe_key) between 1 and 200),
    state          text        not null default 'waiting'
                   check (state in ('waiting', 'sent', 'shown', 'failed')),
    attempts       integer     not null default 0 check (attempts >= 0),
    last_error     text        check (char_length(last_error) <= 500),
    -- While a worker talks to the server, until then nobody else does.
    sending_until  timestamptz,
    created_at     timestamptz not null,
    sent_at        timestamptz,
    check ((sent_at is not null) = (state in ('sent', 'shown'))),
    check (not (secret and state in ('sent', 'failed')) or details is null)
);

create index mails_created_at on mails (created_at);
