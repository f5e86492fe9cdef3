-- What has been spent of budgets, so that a sale need not add up all others. `rule_id` 0 is the
-- program's own budget.

create table commission_budgets (
    program_id     bigint not null references programs (id),
    rule_id        bigint not null,
    spent          bigint not null default 0,  -- The sum of commissions.computed.
    -- No conversion came to more than this above what is left of it once it is divided: whether the
    -- budget was enough is decided before it is.
    unsplit        bigint not null default 0,
    computed_with  bigint,  -- The program's budget when all its commissions were last like it.
    primary key (program_id, rule_id)
);

-- Which commissions a budget has cut.
create index commissions_cut on commissions (program_id, rule_id) where reason = 'budget';

-- As `unsplit_max` of commissions/group.cpp.
create function unsplit_max(weights bigint[], own smallint, amount bigint) returns bigint
    language sql immutable as $$
    select case when cardinality(weights) < 2 then 0
                when weights[own + 1] = 0 then 1000000000000000
                else least(ceil((amount + 1) * (select sum(w) from unnest(weights) w) /
                                weights[own + 1]) - amount, 1000000000000000)
           end::bigint
$$;

create function add_up_commission_budget(program bigint, rule bigint) returns void
    language sql as $$
    insert into commission_budgets (program_id, rule_id, spent, unsplit)
    select program, rule, coalesce(sum(computed), 0),
           coalesce(max(unsplit_max(weights, own_weight, computed)) filter (where qualifies), 0)
    from commissions
    where program_id = program and (rule = 0 or rule_id = rule)
    on conflict do nothing
$$;

-- A budget that comes later counts what was spent before it. Whoever is about to write a commission
-- waits, and whoever has is waited for: `Books::write` adds to each budget there is by then.
create function open_program_budget() returns trigger language plpgsql as $$
begin
    if new.budget is null then
        delete from commission_budgets where program_id = new.id and rule_id = 0;
    elsif not exists (select from commission_budgets
                      where program_id = new.id and rule_id = 0) then
        if tg_op = 'UPDATE' then
            lock table commissions in share row exclusive mode;
        end if;
        perform add_up_commission_budget(new.id, 0);
    end if;
    return null;
end
$$;

create trigger open_program_budget after insert or update of budget on programs
    for each row execute function open_program_budget();

create function open_rule_budget() returns trigger language plpgsql as $$
declare
    program bigint := (select program_id from commission_rules where id = new.rule_id);
begin
    if new.budget is not null and
       not exists (select from commission_budgets
                   where program_id = program and rule_id = new.rule_id) then
        if new.version > 1 then
            lock table commissions in share row exclusive mode;
        end if;
        perform add_up_commission_budget(program, new.rule_id);
    end if;
    return null;
end
$$;

create trigger open_rule_budget after insert on commission_rule_versions
    for each row execute function open_rule_budget();

select add_up_commission_budget(id, 0) from programs where budget is not null;

select add_up_commission_budget(r.program_id, r.id) from commission_rules r
where exists (select from commission_rule_versions v
              where v.rule_id = r.id and v.budget is not null);
