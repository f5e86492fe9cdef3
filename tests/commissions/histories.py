"""L-01, L-11: random histories of a program that is killed. What was answered happened once, what
was refused did not, every amount is what its facts earn, and all given back leaves nothing."""
import collections
import graphlib
import os
import random
import signal
import threading
from decimal import Decimal
from fractions import Fraction

from commissions.crowd import LINKED, MARGIN, SECOND, SHARE, Crowd, Market, client
from commissions.shared import Offer, done, equal, eventually, expect, proven, site, suite
from harness.suite import LONG

SEED = int(os.environ.get("REFERRAL_HISTORY_SEED", "20261127"))
KILLS = 30 if LONG else 3
# Answers between two kills.
BETWEEN = (40, 100)
# Clocks of two requests at once are not compared closer.
MOMENT = "5 seconds"
SPENDERS, SPENT = (200, 100) if LONG else (60, 30)


def kill_and_start(turn):
    """The program, or each third time its database under it."""
    program = site().program
    if turn % 3 == 1:
        pid = program.postgres.pid()
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: program.postgres.pid() not in (None, pid), "PostgreSQL is back")
        program.wait_until_ready()
    else:
        program.kill()
        program.start()


def happened_once(crowd):
    """Everything that was answered is there once, and nothing of what was refused."""
    kinds = {"conversions": ("external_id", "source = 'history'"),
             "adjustments": ("external_id", "true"),
             "commission_changes": ("reason", "reason is not null"),
             "commission_rule_versions": ("name", "version > 1"),
             "enrolment_changes": ("reason", "reason is not null")}
    union = " union all ".join(f"select {column} as key from {table} where {condition}"
                               for table, (column, condition) in kinds.items())
    found = collections.Counter({key: int(count) for key, count in site().rows(
        f"select key, count(*) from ({union}) all_of_them where key like '{SEED}-%' group by key")})
    equal(found, collections.Counter(crowd.done.keys()), "what was answered and what is there")
    equal(set(found) & set(crowd.refused), set(), "what was refused")
    # Each change of a commission has its place in the audit log.
    equal(site().one("select count(*) from audit_logs where object_type = 'commission' "
                     "and action <> 'commissions.refuse'"),
          site().one("select count(*) from commission_changes"), "audit logs of commissions")


def serial(*programs):
    """Each change of a commission begins where the one before ended, and transactions that changed
    several did so in one order everywhere."""
    names = ", ".join(f"'{name}'" for name in programs)
    of_programs = f"c.program_id in (select p.id from programs p where p.name in ({names}))"
    last, order = {}, graphlib.TopologicalSorter()
    for transaction, commission, before, after, status_before, status in site().rows(f"""
            select h.xmin, h.commission_id, h.amount_before, h.amount, h.status_before, h.status
            from commission_changes h join commissions c on c.id = h.commission_id
            where {of_programs} order by h.commission_id, h.id"""):
        if commission in last:
            equal((before, status_before), last[commission][:2], f"commission {commission}")
            if last[commission][2] != transaction:
                order.add(transaction, last[commission][2])
        last[commission] = (after, status, transaction)
    order.prepare()  # Refuses circles.
    equal(site().rows(f"""
        select c.id from commissions c where {of_programs} and (c.amount, c.status)
            is distinct from (select (h.amount, h.status) from commission_changes h
                              where h.commission_id = c.id order by h.id desc limit 1)
        limit 3"""), [], "commissions unlike their last change")
    return len(last)


def facts_told(crowd):
    """By conversion: revenue and cost in cents and whether it is over, by what was answered."""
    facts = {}
    for _, sale in crowd.sales:
        facts[sale["id"]] = [cents(sale["revenue"]), cents(sale["cost"]), False]
    for path, body, _ in crowd.done.values():
        if path.endswith("/adjustments"):
            told = facts[path.split("/")[2]]
            told[0] += cents(body.get("revenue_change", "0"))
            told[1] += cents(body.get("cost_change", "0"))
            told[2] |= body["kind"] == "cancel"
    return facts


def cents(text):
    return int(Decimal(text) * 100)


def live(market):
    """The commissions of a market that were not canceled, by conversion and level."""
    rows = client().all("/commissions", program_id=market.program, limit=200)
    return {(row["conversion_id"], row["level"]): row for row in rows
            if row["status"] != "canceled"}


def as_computed_by_hand(crowd, market):
    """What the rules of the plain market pay, without the program's help."""
    share, margin, _ = [done(client().get(f"/commission-rules/{rule['id']}"))
                        for rule in market.rules]
    rates = {version["version"]: version["rate_ppm"] for version in share["versions"]}
    facts, rows = facts_told(crowd), live(market)
    for (conversion, level), row in sorted(rows.items()):
        revenue, cost, is_over = facts[conversion]
        is_over |= revenue <= 0
        if is_over or row["status"] == "rejected":
            wanted = Fraction(0)
        elif level == 2:
            wanted = Fraction(cents(rows[conversion, 1]["computed_amount"]), 10)
        elif row["rule_id"] == margin["id"]:
            wanted = Fraction(max(revenue - cost, 0), 8)
        else:
            wanted = Fraction(revenue * rates[row["rule_version"]], 1_000_000)
        computed = int(wanted + Fraction(1, 2))
        manual = 0 if is_over or row["status"] == "rejected" else cents(row["manual_amount"])
        what = f"{row['id']} of {conversion}: {facts[conversion]}"
        equal((cents(row["computed_amount"]), cents(row["amount"])),
              (computed, max(computed + manual, 0)), what)
    return len(rows)


def in_force():
    """Every version that pays was in force at the event, as far as it was known when the partner
    first earned by it."""
    equal(site().rows(f"""
        select c.id from commissions c
        join commission_rule_versions v on v.rule_id = c.rule_id and v.version = c.rule_version
        where v.effective_from > c.occurred_at or exists (
            select from commission_rule_versions w
            where w.rule_id = v.rule_id and w.effective_from > v.effective_from
              and w.effective_from <= c.occurred_at
              and w.created_at < (select min(f.created_at) from commissions f
                                  where (f.conversion_id, f.credited_id, f.level)
                                        = (c.conversion_id, c.credited_id, c.level))
                                 - interval '{MOMENT}')
        limit 3"""), [], "commissions by another version than that of the event")


def replayed(market):
    """Every amount is what the program computes anew from all of history, asked by who earns it."""
    addresses = ", ".join(f"'{partner['email']}'" for partner in market.partners)
    site().rows(f"update users set password_hash = '{site().password_hash()}', status = 'active' "
                f"where email in ({addresses})")
    rows = live(market).values()
    for partner in market.partners:
        person = site().person()
        equal(person.sign_in(partner["email"]).status, 200)
        for row in rows:
            if row["user_id"] == partner["user_id"]:
                post = done(person.get(f"/commissions/{row['id']}/explanation"))["steps"][-1]
                equal((post["step"], post["amount"], post["difference"]),
                      ("post", row["computed_amount"], "0.00"), f"{market.name} {row['id']}")
    return len(rows)


def balanced(market):
    """Accounts have what the commissions say."""
    sums = collections.Counter()
    for row in live(market).values():
        account = {"approved": "payable"}.get(row["status"], row["status"])
        sums[row["user_id"], account] += cents(row["amount"])
    sums = {place: amount for place, amount in sums.items() if amount}
    accounts = [row for partner in market.partners
                for row in client().all("/ledger/accounts", user_id=partner["user_id"])]
    equal({(row["user_id"], row["account"]): cents(row["balance"]) for row in accounts
           if cents(row["balance"])}, sums, f"balances of {market.name}")
    (expense,), = site().rows(f"""
        select coalesce(-sum(e.amount), 0) from ledger_entries e
        join ledger_accounts a on a.id = e.account_id and a.kind = 'commission_expense'
        join programs p on p.id = a.program_id where p.name = '{market.name}'""")
    equal(int(expense), sum(sums.values()), f"expense of {market.name}")


def invariants_hold():
    equal({row["name"] for row in proven()["invariants"]},
          {"I1", "I2", "I3", "I6", "I7", "I8", "I9"})
    trial = done(client().get("/ledger/trial-balance"))["data"]
    equal(sum(Decimal(row["debits"]) - Decimal(row["credits"]) for row in trial), 0)
    chained = "select count(*) from ledger_unchained"
    eventually(lambda: site().one(chained) == "0", "all transactions are in the chain")


def jobs_are_done():
    """Conversions that others tell of are decided again by jobs."""
    waiting = "select count(*) from jobs where kind like 'conversions.%'"
    eventually(lambda: site().one(waiting) == "0", "jobs are done")


@suite.test
def histories_are_what_was_answered_whatever_is_killed():
    draw = random.Random(SEED)
    print(f"   REFERRAL_HISTORY_SEED={SEED}, {KILLS} kills", flush=True)
    plain = Market(f"Plain {SEED}", [SHARE, MARGIN, SECOND])
    linked = Market(f"Linked {SEED}", [LINKED, SECOND], budget="2000.00")
    with Crowd(SEED, [plain, linked]) as crowd:
        for turn in range(KILLS):
            goal = crowd.answered + draw.randint(*BETWEEN)
            eventually(lambda: crowd.answered >= goal or crowd.errors, "answers", pause=0.002)
            kill_and_start(turn)
            crowd.repeat(draw)
    jobs_are_done()

    happened_once(crowd)
    changed = serial(plain.name, linked.name)
    by_hand = as_computed_by_hand(crowd, plain)
    in_force()
    anew = replayed(plain) + replayed(linked)
    balanced(plain)
    balanced(linked)
    invariants_hold()
    print(f"   {len(crowd.done)} requests were done, each once, {len(crowd.refused)} refused, "
          f"{crowd.unanswered} tries had no answer; {changed} commissions in one order, {by_hand} "
          f"as computed by hand, {anew} as computed anew", flush=True)

    nothing_is_left(crowd)


def nothing_is_left(crowd):
    """Everything is canceled: all that was earned is gone."""
    for number, (_, sale) in enumerate(crowd.sales):
        answer = client().post(f"/conversions/{sale['id']}/adjustments",
                               {"kind": "cancel", "external_id": f"end-{number}"})
        expect(answer.status in (201, 409), f"{answer.status} {answer.body}")
    jobs_are_done()
    for market in crowd.markets:
        for row in done(client().get("/commissions/sums", program_id=market.program))["data"]:
            equal(row["amount"], "0.00", f"{market.name}: {row['status']}")
        balanced(market)
    invariants_hold()


@suite.test
def a_cap_is_spent_once_however_many_come_at_once():  # L-04
    offer = Offer()
    offer.rule(basis="fixed", flat_amount="1.00", budget=f"{SPENT}.00")
    gate = threading.Barrier(SPENDERS)
    answers = []

    def spend(number):
        api = client()
        gate.wait()
        answers.append(eventually(lambda: (lambda a: a if a.status != 503 else None)(
            api.post("/conversions", {
                "kind": "delivered", "source": "tms", "external_id": f"{offer.name}-once-{number}",
                "program_id": offer.program["id"], "occurred_at": "2026-03-10T12:00:00Z",
                "customer": {"external_id": f"{offer.name}-{number}"},
                "code": offer.partner["code"]})), "an answer"))
    threads = [threading.Thread(target=spend, args=(number,)) for number in range(SPENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    equal([answer.status for answer in answers], [201] * SPENDERS)
    rows = site().finance.all("/commissions", program_id=offer.program["id"], limit=200)
    equal(collections.Counter((row["amount"], row["reason"]) for row in rows),
          {("1.00", None): SPENT, ("0.00", "budget"): SPENDERS - SPENT})
    equal(offer.balances(), [f"{SPENT}.00", "0.00", "0.00"])
    equal(serial(offer.program["name"]), SPENDERS, "commissions in one order")
    proven()
