-- What partners earn. Amounts are minor units of the program's currency, unless something else is said.

-- What one unit of a currency is worth in another from the start of a day (UTC) on, exactly as told. A
-- wrong rate is corrected by one of a later day: what was computed with it keeps it.
create table exchange_rates (
    id             bigint      generated always as identity primary key,
    from_currency  text        not null check (from_currency ~ '^[A-Z]{3}$'),
    to_currency    text        not null check (to_currency ~ '^[A-Z]{3}$'),
    day            date        not null,
    rate           text        not null check (rate ~ '^[0-9]+([.][0-9]+)?$' and
                                               char_length(rate) between 1 and 20),
    created_at     timestamptz not null,
    created_by     bigint      references users (id),
    constraint exchange_rates_day unique (from_currency, to_currency, day),
    check (from_currency <> to_currency)
);

-- A rule is the same promise in all its versions: what counts towards its caps, tiers and months goes
-- on from one to the next.
create table commission_rules (
    id          bigint      generated always as identity primary key,
    program_id  bigint      not null references programs (id),
    created_at  timestamptz not null,
    created_by  bigint      references users (id)
);

create index commission_rules_program_id on commission_rules (program_id, id);

-- What a rule pays from `effective_from` until its next version. Rows are only ever added.
create table commission_rule_versions (
    rule_id             bigint      not null references commission_rules (id),
    version             integer     not null check (version between 1 and 1000000),
    effective_from      timestamptz not null,
    is_retired          boolean     not null,  -- From here on the rule is for nothing.
    name                text        not null check (char_length(name) between 1 and 100),
    scope               text        not null
                        check (scope in ('program', 'group', 'code', 'enrolment')),
    scope_id            bigint      not null check (scope_id > 0),
    priority            integer     not null check (priority between -1000 and 1000),
    event_kind          text        not null,
    level               smallint    not null check (level between 1 and 3),
    conditions          jsonb,
    basis               text        not null
                        check (basis in ('revenue', 'margin', 'quantity', 'fixed', 'commission')),
    unit                text        not null,
    rate                bigint      not null check (rate >= 0),
    tiers               jsonb,
    min_amount          bigint      check (min_amount >= 0),
    max_amount          bigint      check (max_amount > 0),
    cap_customer        bigint      check (cap_customer > 0),
    cap_partner_period  bigint      check (cap_partner_period > 0),
    cap_period          text        not null
                        check (cap_period in ('week', 'month', 'quarter', 'year', 'always')),
    budget              bigint      check (budget > 0),
    duration_months     integer     check (duration_months between 1 and 1200),
    created_at          timestamptz not null,
    created_by          bigint      references users (id),
    primary key (rule_id, version),
    constraint commission_rule_versions_start unique (rule_id, effective_from)
);

select make_append_only('exchange_rates'), make_append_only('commission_rule_versions');

-- What one partner earns by one conversion under one rule. The facts stand here as they were computed
-- with, which is as they stand in the conversion: every change of those comes through here.
create table commissions (
    id              bigint      generated always as identity primary key,
    conversion_id   bigint      not null references conversions (id),
    program_id      bigint      not null references programs (id),
    customer_id     bigint      not null references customers (id),
    user_id         bigint      not null references users (id),  -- Who earns it.
    credited_id     bigint      not null references users (id),  -- Level 1: the same.
    level           smallint    not null check (level between 1 and 3),
    rule_id         bigint      not null,
    rule_version    integer     not null,
    currency        text        not null check (currency ~ '^[A-Z]{3}$'),

    event_kind      text        not null,
    occurred_at     timestamptz not null,
    facts_currency  text        not null check (facts_currency ~ '^[A-Z]{3}$'),
    revenue         bigint      not null,  -- Minor units of facts_currency, as is cost.
    cost            bigint      not null,
    quantity        bigint      not null,  -- Thousandths of `unit`.
    unit            text        not null,
    is_reversed     boolean     not null,
    exchange_rate   text,                  -- Nothing: the currencies are the same.
    weights         bigint[]    not null,  -- How attribution divides it, and which part is meant.
    own_weight      smallint    not null check (own_weight >= 0),

    computed        bigint      not null default 0 check (computed >= 0),  -- By the rule.
    manual          bigint      not null default 0,                        -- By people, on top.
    amount          bigint      not null default 0 check (amount >= 0),    -- What is posted.
    reason          text,       -- Why it is less than the rate says.
    qualifies       boolean     not null default false,
    counted         bigint      not null default 0,  -- What it adds to the volume of tiers.

    status          text        not null default 'pending'
                    check (status in ('pending', 'approved', 'in_payout', 'paid', 'held',
                                      'rejected', 'canceled')),
    held_from       text        check (held_from in ('pending', 'approved')),
    is_accrued      boolean     not null default false,
    triggered_at    timestamptz,  -- When what makes it due occurred.
    approved_at     timestamptz,
    created_at      timestamptz not null,
    created_by      bigint      references users (id),
    updated_at      timestamptz not null,
    foreign key (rule_id, rule_version) references commission_rule_versions (rule_id, version),
    check ((status = 'held') = (held_from is not null)),
    check (status not in ('rejected', 'canceled') or amount = 0),
    check (level > 1 or credited_id = user_id)
);

-- A conversion has one commission for each partner it is credited to and level, beside canceled ones.
create unique index commissions_once on commissions (conversion_id, credited_id, level)
    where status <> 'canceled';
create index commissions_conversion_id on commissions (conversion_id, id);
create index commissions_program_id on commissions (program_id, id);
create index commissions_user_id on commissions (user_id, id);
create index commissions_customer on commissions (rule_id, customer_id, occurred_at);
create index commissions_partner on commissions (rule_id, user_id, occurred_at);
create index commissions_order on commissions (program_id, occurred_at, conversion_id);
create index commissions_due on commissions (program_id, triggered_at, id)
    where status = 'pending' and triggered_at is not null;
create index commissions_status on commissions (status, id)
    where status in ('pending', 'held');

-- What happened to a commission, the oldest first. Rows are only ever added.
create table commission_changes (
    id             bigint      generated always as identity primary key,
    commission_id  bigint      not null references commissions (id),
    action         text        not null check (action ~ '^[a-z_]+$' and char_length(action) <= 30),
    status_before  text,
    status         text        not null,
    amount_before  bigint      not null,
    amount         bigint      not null,
    changed_at     timestamptz not null,
    user_id        bigint      references users (id),  -- NULL: nobody signed in, or a job.
    reason         text        check (char_length(reason) between 1 and 500)
);

create index commission_changes_commission_id on commission_changes (commission_id, id);

-- Who approved which amount, where two must.
create table commission_approvals (
    commission_id  bigint      not null references commissions (id),
    user_id        bigint      not null references users (id),
    amount         bigint      not null,
    approved_at    timestamptz not null,
    primary key (commission_id, amount, user_id)
);

select make_append_only('commission_changes'), make_append_only('commission_approvals');

-- What a rule that is not in force would have paid, computed by a job.
create table commission_trials (
    id              bigint      generated always as identity primary key,
    program_id      bigint      not null references programs (id),
    rule            jsonb       not null,
    replaces        bigint      references commission_rules (id),
    occurred_from   timestamptz not null,
    occurred_to     timestamptz not null,
    status          text        not null default 'waiting'
                    check (status in ('waiting', 'running', 'done', 'failed')),
    progress_done   bigint      not null default 0,
    progress_total  bigint      not null default 0,
    result          jsonb,
    error           text        check (char_length(error) <= 1000),
    created_at      timestamptz not null,
    created_by      bigint      references users (id),
    ended_at        timestamptz,
    check (occurred_from < occurred_to)
);

create index commission_trials_created_at on commission_trials (created_at);
