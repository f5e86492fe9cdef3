-- Offers that partners enrol in. Amounts are minor units of the program's currency.
create table programs (
    id                        bigint      generated always as identity primary key,
    name                      text        not null unique check (char_length(name) between 1 and 100),
    kind                      text        not null
                              check (kind in ('shipper', 'carrier', 'driver', 'agent', 'generic')),
    currency                  text        not null check (currency ~ '^[A-Z]{3}$'),
    timezone                  text        not null,
    attribution_model         text        not null
                              check (attribution_model in ('last', 'first', 'linear', 'position', 'decay')),
    click_window_days         integer     not null check (click_window_days between 1 and 3650),
    duplicate_window_seconds  integer     not null check (duplicate_window_seconds between 0 and 86400),
    trigger                   text        not null,
    hold_days                 integer     not null check (hold_days between 0 and 3650),
    minimum_payout            bigint      not null check (minimum_payout >= 0),
    allowed_hosts             text[]      not null default '{}',
    fallback_url              text,
    status                    text        not null default 'active' check (status in ('active', 'closed')),
    created_at                timestamptz not null,
    updated_at                timestamptz not null
);
