"""What if: a draft tried on past conversions."""
import time

from commissions.shared import Offer, done, equal, eventually, expect, site, suite
from harness.suite import LONG


@suite.test
def a_draft_is_tried_on_the_past_and_nothing_is_posted():
    offer, finance = Offer(), site().finance
    rule = offer.rule(basis="revenue", rate_ppm=100000)
    for _ in range(5):
        offer.sell("100.00")
    answer = finance.post("/commission-rules/what-if", {
        "replaces": rule["id"], "from": "2026-02-01T00:00:00Z",
        "rule": offer.form(basis="revenue", rate_ppm=150000,
                           effective_from="2026-02-01T00:00:00Z")})
    equal(answer.status, 202, answer.body)
    path = f"/commission-rules/what-if/{answer.json()['id']}"
    trial = eventually(lambda: (lambda found: found if found["status"] == "done" else None)(
        done(finance.get(path))), "the trial is done")
    equal((trial["result"]["amount_now"], trial["result"]["amount_then"],
           trial["result"]["difference"]), ("50.00", "75.00", "25.00"))
    equal((trial["progress_done"], trial["progress_total"]), (5, 5))
    equal([each["user_id"] for each in trial["result"]["by_partner"]],
          [offer.partner["user_id"]])
    equal(offer.balances(), ["50.00", "0.00", "0.00"])


def past_conversions(offer, number):
    """Loads of the offer's partner, stored as they would be after they were reported."""
    site().rows(f"""
        set session_replication_role = replica;
        with customer as (
            insert into customers (external_id, first_seen_at, created_at, updated_at)
            select 'past-' || n, now(), now(), now() from generate_series(1, 1000) n
            returning id),
        numbered as (select id, row_number() over (order by id) as n from customer),
        sale as (
            insert into conversions (program_id, kind, source, external_id, line, occurred_at,
                received_at, currency, revenue, cost, quantity, unit, mode, lane, customer_id,
                customer_country, metadata, facts_hash, program_is_given, is_organic)
            select p.id, 'delivered', 'past', 'past-' || g, '',
                timestamptz '2026-01-01' + g * interval '20 seconds', now(), 'USD',
                100000 + g % 90000, 80000, 1000, 'load', 'ftl', 'CHI-DAL', c.id, 'US', '{{}}',
                sha256('x'), true, false
            from generate_series(1, {number}) g
            join numbered c on c.n = 1 + g % 1000
            join programs p on p.name = '{offer.program["name"]}'
            returning id, occurred_at)
        insert into attribution_credits (conversion_id, position, user_id, weight_ppm, source,
            occurred_at)
        select s.id, 0, u.id, 1000000, 'code', s.occurred_at
        from sale s join users u on u.email = '{offer.partner["email"]}'""")
    site().rows("analyze conversions; analyze attribution_credits")


@suite.test
def many_conversions_are_tried_within_a_minute():
    number = 1_000_000 if LONG else 20_000
    offer, finance = Offer(), site().finance
    offer.rule(basis="revenue", rate_ppm=100000, cap_customer="1000.00")
    past_conversions(offer, number)
    began = time.monotonic()
    answer = finance.post("/commission-rules/what-if", {
        "from": "2026-01-01T00:00:00Z", "rule": offer.form(
            basis="margin", rate_ppm=150000, priority=5,
            conditions={"field": "mode", "is": ["ftl", "ltl"]})})
    equal(answer.status, 202, answer.body)
    path = f"/commission-rules/what-if/{answer.json()['id']}"
    trial = eventually(lambda: (lambda found: found if found["status"] == "done" else None)(
        done(finance.get(path))), "the trial is done", seconds=300)
    took = time.monotonic() - began
    print(f"   {number} conversions tried in {took:.1f} s", flush=True)
    equal(trial["result"]["conversions"], number)
    expect(took < 60, f"{took:.1f} s")
