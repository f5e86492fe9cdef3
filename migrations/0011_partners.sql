-- What partners agree to. A new version is a new row; nobody's acceptance of an older one changes.
create table terms (
    version       integer     primary key check (version > 0),
    text          text        not null check (char_length(text) between 1 and 100000),
    published_at  timestamptz not null
);

insert into terms (version, text, published_at) values (1,
'1. You refer customers to us through your referral links. We record the visits to your links and the business that comes of them, and we pay commissions by the rules of the program you take part in.

2. You do not mislead anybody about who you are or what is offered, send no unwanted messages, and buy no advertising under our name.

3. You do not visit your own links, or have others or machines do so, to earn commissions. Commissions for such visits are not paid, or are taken back.

4. Keep your password and your keys to yourself, and tell us at once when you think that somebody else has them.

5. We keep what you tell us about yourself for as long as you are a partner and as long as the law asks afterwards. Visitors'' addresses are shortened after a time that we set.

6. You may leave at any time. We may end the partnership, at once when these terms are broken. Commissions earned until then are paid.', now());

-- Somebody who asks to become a partner. One address may ask more than once: only its owner, who can
-- open the mailed link, brings an application before anybody's eyes.
create table partner_applications (
    id             bigint      generated always as identity primary key,
    email          text        not null check (char_length(email) between 3 and 254),
    name           text        not null check (char_length(name) between 1 and 100),
    kind           text        not null check (kind in ('person', 'company')),
    company        text        check (char_length(company) between 1 and 100),
    country        text        not null check (country ~ '^[A-Z]{2}$'),
    website        text        check (char_length(website) <= 2048),
    audience       text        check (char_length(audience) between 1 and 1000),
    mc_number      text        check (mc_number ~ '^[0-9]{1,8}$'),
    dot_number     text        check (dot_number ~ '^[0-9]{1,8}$'),
    terms_version  integer     not null references terms (version),
    ip             inet        not null,  -- From where the terms were accepted.
    password_hash  text,                  -- Until it is decided.
    status         text        not null default 'unverified'
                   check (status in ('unverified', 'waiting', 'approved', 'rejected')),
    reason         text        check (char_length(reason) between 1 and 500),
    decided_by     bigint      references users (id),
    decided_at     timestamptz,
    user_id        bigint      references users (id),
    created_at     timestamptz not null,
    verified_at    timestamptz
);

create unique index partner_applications_waiting on partner_applications (lower(email))
    where status = 'waiting';
create index partner_applications_email on partner_applications (lower(email), created_at desc);
create index partner_applications_created_at on partner_applications (created_at desc, id desc);

-- What is known of a partner beside the user.
create table partners (
    user_id     bigint      primary key references users (id),
    kind        text        not null check (kind in ('person', 'company')),
    company     text        check (char_length(company) between 1 and 100),
    country     text        not null check (country ~ '^[A-Z]{2}$'),
    website     text        check (char_length(website) <= 2048),
    audience    text        check (char_length(audience) between 1 and 1000),
    mc_number   text        check (mc_number ~ '^[0-9]{1,8}$'),
    dot_number  text        check (dot_number ~ '^[0-9]{1,8}$'),
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

create table terms_acceptances (
    user_id      bigint      not null references users (id),
    version      integer     not null references terms (version),
    accepted_at  timestamptz not null,
    ip           inet        not null,
    primary key (user_id, version)
);

select make_append_only('terms'), make_append_only('terms_acceptances');
