"""The ledger's tables refuse what is wrong, whoever writes it; what is changed in spite of them is
found at night."""
import json
import re
import time

from commissions.shared import Offer, done, equal, eventually, expect, proven, site, suite
from harness.postgres import SERVING_ROLE
from harness.suite import LONG

# Rows that the program only adds, and a column of each.
ADDED_TO = {"ledger_accounts": "kind", "ledger_transactions": "note", "ledger_entries": "amount",
            "ledger_closed_periods": "closed_at", "ledger_chain": "hash",
            "commission_changes": "reason", "commission_approvals": "amount",
            "exchange_rates": "rate", "commission_rule_versions": "name", "audit_logs": "reason"}
TRANSACTIONS = 500_000 if LONG else 1_000
# A partner's pending account, another's, and the expense of the first one's program.
PLACES = """
    select p.id as account_id, p.user_id, o.id as others, e.id as expense, e.program_id
    from ledger_accounts p
    join ledger_transactions t on t.user_id = p.user_id and t.currency = p.currency
    join ledger_accounts e on e.program_id = t.program_id and e.currency = p.currency
                          and e.kind = 'commission_expense'
    join ledger_accounts o on o.user_id <> p.user_id and o.kind = 'pending'
    where p.kind = 'pending' and p.currency = 'USD' limit 1"""


def sold():
    """An offer under which something was earned and posted."""
    offer = Offer()
    offer.rule(basis="revenue", rate_ppm=100000)
    offer.sell("100.00")
    return offer


def codes(sql, **options):
    """The SQLSTATE of each statement that is refused."""
    told = site().program.postgres.psql(sql, "-v", "VERBOSITY=verbose", **options).stderr
    return re.findall(r"ERROR:  (\w{5}):", told)


@suite.test
def what_was_posted_is_only_added_to():  # L-08
    sold()
    statements = [statement for table, column in ADDED_TO.items() for statement in (
        f"update {table} set {column} = {column}", f"delete from {table}",
        f"truncate {table} cascade")]
    statements += ["update ledger_balances set balance = balance + 1",
                   "delete from ledger_balances", "truncate ledger_balances",
                   "insert into ledger_balances (account_id, kind, balance) values (0, 'held', 1)"]
    equal(codes(";\n".join(statements), role=SERVING_ROLE), ["42501"] * len(statements))
    # The owner has the right, and the tables' own word against it.
    by_owner = [f"truncate {table} cascade" for table in ADDED_TO]
    by_owner += [f"delete from {table}" for table in ("ledger_transactions", "ledger_entries",
                                                      "commission_changes")]
    equal(len(codes(";\n".join(by_owner))), len(by_owner))
    proven()


@suite.test
def what_does_not_balance_is_not_committed():  # L-09
    sold()
    sold()
    (mine, user, others, expense, program), = site().rows(PLACES)

    def post(*entries, currency="USD"):
        values = ", ".join(f"({number}, {account}, {amount})"
                           for number, (account, amount) in enumerate(entries, 1))
        return codes(f"""
            with added as (
                insert into ledger_transactions (posting, user_id, program_id, currency,
                                                 commission_id, posted_at)
                values ('adjust', {user}, {program}, '{currency}', 1000000000, now()) returning id)
            insert into ledger_entries (transaction_id, number, account_id, amount)
            select added.id, e.* from added, (values {values}) e""", role=SERVING_ROLE)

    for name, entries in {
            "one side": [(expense, -5)], "one cent": [(expense, -5), (mine, 4)],
            "another partner's": [(expense, -5), (others, 5)], "nothing": [(expense, 0), (mine, 0)],
            "more than there is": [(expense, 99_999_999), (mine, -99_999_999)]}.items():
        equal(post(*entries)[:1], ["23514"], name)
    equal(post((expense, -5), (mine, 5), currency="EUR"), ["23514"], "of another currency")
    proven()


def fill(number):
    """Adds transactions of two entries as if they had been posted, until they are in the chain."""
    site().rows(f"""
        set session_replication_role = replica;
        create temporary table places as {PLACES};
        with added as (
            insert into ledger_transactions (posting, user_id, program_id, currency, commission_id,
                                             posted_at, period)
            select 'accrue', user_id, program_id, 'USD', 1000000000 + n, now(),
                   date_trunc('month', now() at time zone 'UTC')
            from generate_series(1, {number}) n, places
            returning id, commission_id),
        entries as (
            insert into ledger_entries (transaction_id, number, account_id, amount)
            select a.id, side.n, case side.n when 1 then p.expense else p.account_id end,
                   (a.commission_id % 1000 + 1) * case side.n when 1 then -1 else 1 end
            from added a, places p, (values (1), (2)) side (n))
        insert into ledger_unchained select id from added;
        update ledger_balances b set balance = (select sum(e.amount) from ledger_entries e
                                                where e.account_id = b.account_id)
        where account_id = (select account_id from places);
        analyze ledger_transactions, ledger_entries""")
    eventually(lambda: site().one("select count(*) from ledger_unchained") == "0",
               "all are in the chain", seconds=600)


def tamper(statement):
    """What somebody does who owns the database and switches the triggers off."""
    site().rows(f"set session_replication_role = replica; {statement}")


def prove_at_night():
    """Runs the job as it is run at night; what it died of, or nothing."""
    (number,), = site().rows("""
        insert into jobs (kind, run_at, created_at, updated_at)
        values ('ledger.prove', now(), now(), now()) returning id""")
    ended = f"select count(*) from jobs where id = {number} and state <> 'dead'"
    eventually(lambda: site().one(ended) == "0", "the job has ended", seconds=300)
    dead = site().rows(f"delete from jobs where id = {number} returning last_error")
    return dead[0][0] if dead else None


@suite.test
def one_cent_among_many_is_found_at_night():  # L-10
    sold()
    sold()
    fill(TRANSACTIONS)
    equal(prove_at_night(), None, "before anything was done")
    wrong = site().one("select max(id) - 500 from ledger_transactions")
    place = site().one(f"select sequence from ledger_chain where transaction_id = {wrong}")
    tamper(f"update ledger_entries set amount = amount + 1 "
           f"where transaction_id = {wrong} and amount > 0")

    began = time.monotonic()
    told = prove_at_night()
    took = time.monotonic() - began

    equal(told, "the ledger is broken: I1, I6, I8")
    lines = [json.loads(line) for line in site().program.output().splitlines()
             if '"ledger_broken"' in line]
    found = {line["invariant"]: (line["wrong"], line["first"]) for line in lines}
    equal((found["I1"], found["I8"]), ((1, wrong), (1, f"sequence {place}")), "what is named")
    equal(found["I6"][0], 1, "balances that are wrong")
    proof = done(site().finance.get("/ledger/proof"))
    equal((proof["intact"], [each["name"] for each in proof["invariants"] if not each["holds"]]),
          (False, ["I1", "I6", "I8"]))
    expect(took < 60, f"{took:.1f} s")
    print(f"   one cent among {2 * TRANSACTIONS} entries found in {took:.1f} s", flush=True)
    tamper(f"update ledger_entries set amount = amount - 1 "
           f"where transaction_id = {wrong} and amount > 0")
    equal(prove_at_night(), None, "as it was")
