-- Double entry. Amounts are minor units; a credit is positive, a debit negative, so that the balance
-- of a partner's account is what is owed to the partner. Rows are only ever added.

-- `grant_to_server` as in 0009, and one table more that the role that serves only reads: balances are
-- moved by entries, by nothing else.
create or replace function grant_to_server(server name) returns void language plpgsql as $$
declare
    here name := current_schema();
    entry record;
begin
    execute format('revoke create on schema %I from public, %I', here, server);
    execute format('revoke temporary on database %I from public, %I', current_database(), server);
    execute format('grant connect on database %I to %I', current_database(), server);
    execute format('grant usage on schema %I to %I', here, server);
    for entry in
        select c.oid::regclass as name,
               case when c.relname in ('schema_migrations', 'append_only_tables',
                                       'ledger_balances') then 'select'
                    when a.name is not null then 'select, insert'
                    else 'select, insert, update, delete' end as rights
        from pg_class c left join append_only_tables a on a.name = c.relname
        where c.relnamespace = here::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition
    loop
        execute format('revoke all on %s from public, %I', entry.name, server);
        execute format('grant %s on %s to %I', entry.rights, entry.name, server);
    end loop;
    for entry in
        select p.oid::regprocedure as name from pg_proc p
        where p.pronamespace = here::regnamespace and p.prosecdef
    loop
        execute format('revoke execute on function %s from public', entry.name);
        execute format('grant execute on function %s to %I', entry.name, server);
    end loop;
end
$$;

-- What is owed to partners stands by partner and currency, the other side by program and currency.
create table ledger_accounts (
    id          bigint      generated always as identity primary key,
    kind        text        not null,
    user_id     bigint      references users (id),
    program_id  bigint      references programs (id),
    currency    text        not null check (currency ~ '^[A-Z]{3}$'),
    check (case when kind in ('pending', 'held', 'payable', 'in_transit')
                then user_id is not null and program_id is null
                when kind in ('commission_expense', 'cash_clearing', 'bad_debt', 'fx_gain_loss')
                then user_id is null and program_id is not null
                else false end)
);

create unique index ledger_accounts_user on ledger_accounts (user_id, currency, kind)
    where user_id is not null;
create unique index ledger_accounts_program on ledger_accounts (program_id, currency, kind)
    where program_id is not null;

-- One business fact, and the partner, program and currency that all its entries are about. Which
-- accounts a posting moves money between is in ledger/postings.cpp.
create table ledger_transactions (
    id             bigint      generated always as identity primary key,
    posting        text        not null
                   check (posting in ('accrue', 'hold', 'release', 'approve', 'batch', 'settle',
                                      'fail', 'adjust', 'claw_back', 'write_off')),
    user_id        bigint      not null references users (id),
    program_id     bigint      not null references programs (id),
    currency       text        not null check (currency ~ '^[A-Z]{3}$'),
    commission_id  bigint,
    payout_id      bigint,
    posted_at      timestamptz not null,
    period         date        not null,  -- First day of the month of posted_at in the program's zone.
    note           text        check (char_length(note) between 1 and 500),
    check (commission_id is not null or
           posting not in ('accrue', 'approve', 'adjust', 'claw_back')),
    check ((payout_id is not null) = (posting in ('batch', 'settle', 'fail')))
);

-- A commission is accrued once; a payout is batched, settled and failed at most once. A payout of
-- commissions of several programs has one transaction for each.
create unique index ledger_transactions_accrued on ledger_transactions (commission_id)
    where posting = 'accrue';
create unique index ledger_transactions_paid
    on ledger_transactions (payout_id, program_id, currency, posting) where payout_id is not null;
create index ledger_transactions_commission_id on ledger_transactions (commission_id, id)
    where commission_id is not null;
create index ledger_transactions_user_id on ledger_transactions (user_id, id);
create index ledger_transactions_settled on ledger_transactions (user_id, currency)
    where posting = 'settle';
create index ledger_transactions_period on ledger_transactions (program_id, period);

create table ledger_entries (
    transaction_id  bigint   not null references ledger_transactions (id),
    number          smallint not null check (number between 1 and 100),
    account_id      bigint   not null references ledger_accounts (id),
    amount          bigint   not null check (amount <> 0),
    primary key (transaction_id, number)
);

create index ledger_entries_account_id on ledger_entries (account_id, transaction_id)
    include (amount);

-- What is owed, kept up by entries. Accounts of programs have no row here: every posting of a program
-- would wait for the same one; their balances are summed when somebody asks.
create table ledger_balances (
    account_id  bigint primary key references ledger_accounts (id),
    kind        text   not null,
    balance     bigint not null default 0,
    constraint ledger_balances_not_negative check (balance >= 0 or kind = 'payable')
) with (fillfactor = 70);

-- Months of a program that nothing is posted to any more, with what was there when they were closed.
create table ledger_closed_periods (
    program_id    bigint      not null references programs (id),
    period        date        not null check (extract(day from period) = 1),
    closed_at     timestamptz not null,
    closed_by     bigint      not null references users (id),
    transactions  bigint      not null,
    primary key (program_id, period)
);

-- The chain of hashes, as that of the audit logs.
create table ledger_unchained (
    transaction_id  bigint primary key references ledger_transactions (id)
);

create table ledger_chain (
    sequence        bigint      primary key check (sequence > 0),
    transaction_id  bigint      not null unique references ledger_transactions (id),
    posted_at       timestamptz not null,
    row_hash        bytea       not null check (octet_length(row_hash) = 32),
    hash            bytea       not null check (octet_length(hash) = 32)
);

select make_append_only('ledger_accounts'), make_append_only('ledger_transactions'),
       make_append_only('ledger_entries'), make_append_only('ledger_closed_periods'),
       make_append_only('ledger_chain');

create function open_ledger_balance() returns trigger language plpgsql security definer as $$
begin
    if new.user_id is not null then
        insert into ledger_balances (account_id, kind) values (new.id, new.kind);
    end if;
    return null;
end
$$;

create trigger open_ledger_balance after insert on ledger_accounts
    for each row execute function open_ledger_balance();

-- Moves the balance. Pending, held and in transit never fall below 0 (the table's own check); payable
-- only by taking back what was earned; what is written off is a debt of the partner.
create function move_ledger_balance() returns trigger language plpgsql security definer as $$
declare
    moved record;
    reason text;
begin
    update ledger_balances set balance = balance + new.amount
    where account_id = new.account_id returning kind, balance into moved;
    if moved.kind is distinct from 'payable' then return null; end if;
    select t.posting into reason from ledger_transactions t where t.id = new.transaction_id;
    if moved.balance < 0 and new.amount < 0 and reason not in ('claw_back', 'adjust') or
       moved.balance > 0 and reason = 'write_off' then
        raise exception '% of transaction % is more than there is', reason, new.transaction_id
            using errcode = 'check_violation', constraint = 'ledger_balances_not_negative';
    end if;
    return null;
end
$$;

create trigger move_ledger_balance after insert on ledger_entries
    for each row execute function move_ledger_balance();

do $$
begin
    execute format('alter function open_ledger_balance() set search_path = %I, pg_temp',
                   current_schema());
    execute format('alter function move_ledger_balance() set search_path = %I, pg_temp',
                   current_schema());
end
$$;
revoke execute on function open_ledger_balance(), move_ledger_balance() from public;

-- Every transaction has entries, in one currency, on accounts of its partner and program, that sum
-- to 0; looked at when the database transaction ends.
create function check_ledger_transaction() returns trigger language plpgsql as $$
declare
    wanted bigint := case tg_table_name when 'ledger_entries' then (to_jsonb(new)->>'transaction_id')
                                        else (to_jsonb(new)->>'id') end;
    t ledger_transactions;
    total numeric;
    entries bigint;
    strangers bigint;
begin
    select * into t from ledger_transactions where id = wanted;
    select sum(e.amount), count(*),
           count(*) filter (where a.currency <> t.currency or a.user_id <> t.user_id or
                                  a.program_id <> t.program_id)
    into total, entries, strangers
    from ledger_entries e join ledger_accounts a on a.id = e.account_id
    where e.transaction_id = wanted;
    if entries < 2 or total <> 0 or strangers > 0 then
        raise exception 'ledger transaction % is not balanced: % entries, sum %, % of other accounts',
                        wanted, entries, total, strangers
            using errcode = 'check_violation', constraint = 'ledger_transactions_balanced';
    end if;
    return null;
end
$$;

create constraint trigger check_ledger_transaction after insert on ledger_transactions
    deferrable initially deferred for each row execute function check_ledger_transaction();
create constraint trigger check_ledger_transaction after insert on ledger_entries
    deferrable initially deferred for each row execute function check_ledger_transaction();

-- Both sides lock the period, so that a transaction either is counted by whoever closes it, or finds
-- it closed.
create function find_ledger_period() returns trigger language plpgsql as $$
begin
    new.period := date_trunc('month', new.posted_at at time zone
                             (select timezone from programs where id = new.program_id));
    perform pg_advisory_xact_lock_shared(hashtext('ledger_periods'),
                                         hashtext(new.program_id || ' ' || new.period));
    if exists (select from ledger_closed_periods c
               where c.program_id = new.program_id and c.period = new.period) then
        raise exception 'the period % of program % is closed', new.period, new.program_id
            using errcode = 'check_violation', constraint = 'ledger_transactions_period_open';
    end if;
    return new;
end
$$;

create trigger find_ledger_period before insert on ledger_transactions
    for each row execute function find_ledger_period();

create function close_ledger_period() returns trigger language plpgsql as $$
begin
    if new.closed_at < (new.period + interval '1 month') at time zone
                       (select timezone from programs where id = new.program_id) then
        raise exception 'the period % of program % is not over', new.period, new.program_id
            using errcode = 'check_violation', constraint = 'ledger_closed_periods_over';
    end if;
    perform pg_advisory_xact_lock(hashtext('ledger_periods'),
                                  hashtext(new.program_id || ' ' || new.period));
    select count(*) into new.transactions from ledger_transactions t
    where t.program_id = new.program_id and t.period = new.period;
    return new;
end
$$;

create trigger close_ledger_period before insert on ledger_closed_periods
    for each row execute function close_ledger_period();
