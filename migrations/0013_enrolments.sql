-- Whom programs are for, and what they say of attribution, leads and money.
alter table programs
    add column half_life_days   integer not null default 7 check (half_life_days between 1 and 3650),
    add column acquisition      boolean not null default false,
    add column lock_days        integer check (lock_days between 1 and 36500),  -- NULL: no lock.
    add column protection_days  integer not null default 90 check (protection_days between 1 and 3650),
    add column budget           bigint  check (budget >= 0),           -- NULL: no end.
    add column four_eyes_above  bigint  check (four_eyes_above >= 0),  -- NULL: two eyes do.
    add column version          integer not null default 1,
    add column currency_fixed   boolean not null default false,
    add constraint programs_trigger_check check
        (trigger in ('lead', 'signup', 'booked', 'delivered', 'invoiced', 'paid', 'custom'));

update programs p set currency_fixed = true
where exists (select from ledger_transactions t where t.program_id = p.id);

-- What a program said about attribution, and since when: a conversion is judged by the version that
-- was in force when it occurred. Version 1 counts for all that occurred before it, too.
create table program_policies (
    program_id         bigint      not null references programs (id),
    version            integer     not null check (version > 0),
    effective_from     timestamptz not null,
    attribution_model  text        not null
                       check (attribution_model in ('last', 'first', 'linear', 'position', 'decay')),
    click_window_days  integer     not null,
    half_life_days     integer     not null,
    acquisition        boolean     not null,
    lock_days          integer,
    primary key (program_id, version)
);

insert into program_policies (program_id, version, effective_from, attribution_model,
                              click_window_days, half_life_days, acquisition, lock_days)
select id, version, created_at, attribution_model, click_window_days, half_life_days, acquisition,
       lock_days
from programs;

select make_append_only('program_policies');

-- By trigger, so that nobody who changes a program forgets it: its version and the policy of that
-- version always go together.
create function count_program_version() returns trigger language plpgsql as $$
begin
    if new.currency <> old.currency and old.currency_fixed then
        raise exception 'the currency of program % is fixed', old.id
            using errcode = 'check_violation', constraint = 'programs_currency_fixed';
    end if;
    new.version := old.version;
    if (new.attribution_model, new.click_window_days, new.half_life_days, new.acquisition,
        new.lock_days) is distinct from
       (old.attribution_model, old.click_window_days, old.half_life_days, old.acquisition,
        old.lock_days) then
        new.version := old.version + 1;
    end if;
    return new;
end
$$;

create trigger count_program_version before update on programs
    for each row execute function count_program_version();

create function keep_program_policy() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.version = old.version then return null; end if;
    insert into program_policies (program_id, version, effective_from, attribution_model,
                                  click_window_days, half_life_days, acquisition, lock_days)
    -- Never before the version that it replaces, whatever the clock says.
    select new.id, new.version,
           greatest(new.updated_at, (select max(p.effective_from) from program_policies p
                                     where p.program_id = new.id)),
           new.attribution_model, new.click_window_days, new.half_life_days, new.acquisition,
           new.lock_days;
    return null;
end
$$;

create trigger keep_program_policy after insert or update on programs
    for each row execute function keep_program_policy();

-- A program's partners that can have their own rules.
create table groups (
    id           bigint      generated always as identity primary key,
    program_id   bigint      not null references programs (id),
    name         text        not null check (char_length(name) between 1 and 100),
    description  text        check (char_length(description) between 1 and 500),
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    unique (id, program_id)
);

create unique index groups_name on groups (program_id, lower(name));

-- A partner in a program, as it is now.
create table enrolments (
    id          bigint      generated always as identity primary key,
    program_id  bigint      not null references programs (id),
    user_id     bigint      not null references users (id),
    group_id    bigint,
    status      text        not null
                check (status in ('applied', 'invited', 'approved', 'rejected', 'suspended', 'banned',
                                  'left')),
    reason      text        check (char_length(reason) between 1 and 500),  -- Of the status.
    since       timestamptz not null,                                       -- Of the status.
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    unique (program_id, user_id),
    foreign key (group_id, program_id) references groups (id, program_id)
);

create index enrolments_user_id on enrolments (user_id);
create index enrolments_created_at on enrolments (created_at desc, id desc);
create index enrolments_group_id on enrolments (group_id) where group_id is not null;

-- How it came to be so. `since`: when it was decided; `counts_from`: from when on it counts for
-- conversions, which of the first state can be earlier.
create table enrolment_changes (
    id             bigint      generated always as identity primary key,
    enrolment_id   bigint      not null references enrolments (id),
    since          timestamptz not null,
    counts_from    timestamptz not null check (counts_from <= since),
    status         text        not null
                   check (status in ('applied', 'invited', 'approved', 'rejected', 'suspended',
                                     'banned', 'left')),
    reason         text        check (char_length(reason) between 1 and 500),
    by             bigint      references users (id)  -- NULL: the program itself.
);

create index enrolment_changes_enrolment_id on enrolment_changes (enrolment_id, id);

-- Which group a partner was in, and from when on.
create table enrolment_groups (
    id            bigint      generated always as identity primary key,
    enrolment_id  bigint      not null references enrolments (id),
    counts_from   timestamptz not null,
    group_id      bigint      references groups (id),  -- NULL: in none any more.
    by            bigint      references users (id)
);

create index enrolment_groups_enrolment_id on enrolment_groups (enrolment_id, id);

-- Of partners who did not apply, less is known. Who referred a partner earns by its commissions.
alter table partners alter column country drop not null;
alter table partners add column referred_by bigint references users (id)
    check (referred_by <> user_id);

create index partners_referred_by on partners (referred_by) where referred_by is not null;

-- Who referred a partner, and from when on: what was earned before a change stays explained.
create table partner_referrers (
    id           bigint      generated always as identity primary key,
    user_id      bigint      not null references users (id),
    referred_by  bigint      references users (id),
    counts_from  timestamptz not null,
    by           bigint      references users (id)
);

create index partner_referrers_user_id on partner_referrers (user_id, id);

select make_append_only('enrolment_changes'), make_append_only('enrolment_groups'),
       make_append_only('partner_referrers');

-- Partners there are already: those who were invited get a profile, and all take part in the program
-- that was the only one until now, from the beginning.
insert into partners (user_id, kind, created_at, updated_at)
select u.id, 'person', u.created_at, u.created_at from users u
where u.role = 'partner' and not exists (select from partners p where p.user_id = u.id);

insert into enrolments (program_id, user_id, status, since, created_at, updated_at)
select p.id, u.id, 'approved', u.created_at, u.created_at, u.created_at
from users u, (select min(id) as id from programs) p
where u.role = 'partner' and p.id is not null
order by u.id;

insert into enrolment_changes (enrolment_id, since, counts_from, status)
select id, since, 'epoch', status from enrolments order by id;
