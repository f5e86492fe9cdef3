"""Rows of the contract's table C: from a reported load to what is posted."""
import contextlib
import datetime

from commissions.shared import (HOST, Offer, created, done, equal, expect, proven, refused, site,
                                suite)

SHARE = {"basis": "revenue", "rate_ppm": 100000}
MARGIN = {"basis": "margin", "rate_ppm": 100000}
TIERS = {"basis": "revenue", "tiers": [{"from": "0", "rate_ppm": 50000},
                                       {"from": "5000.00", "rate_ppm": 80000},
                                       {"from": "20000.00", "rate_ppm": 100000}]}


def sold(rule, *loads):
    """What loads earn under one rule, one after the other."""
    offer = Offer()
    offer.rule(**rule)
    return [offer.sell(**load)["commissions"][0]["amount"] for load in loads]


@suite.test
def loads_earn_what_the_contract_says():
    table = [
        ("C1", SHARE, [{"revenue": "1234.56"}], ["123.46"]),
        ("C2", {"basis": "revenue", "rate_ppm": 29000}, [{"revenue": "5.00"}], ["0.15"]),
        ("C3", {"basis": "revenue", "rate_ppm": 50000, "min_amount": "10.00",
                "max_amount": "250.00"},
         [{"revenue": "120.00"}, {"revenue": "9000.00"}], ["10.00", "250.00"]),
        ("C5", MARGIN, [{"revenue": "1000.00", "cost": "1080.00"}], ["0.00"]),
        ("C7", TIERS | {"tier_mode": "marginal"},
         [{"revenue": "4000.00"}, {"revenue": "3000.00"}, {"revenue": "15000.00"}],
         ["200.00", "210.00", "1240.00"]),
        ("C13", {"basis": "quantity", "unit": "mile", "unit_amount": "0.01"},
         [{"quantity": "10000", "unit": "mile"}], ["100.00"]),
        ("C13", {"basis": "quantity", "unit": "mile", "unit_amount": "0.0125"},
         [{"quantity": "1237", "unit": "mile"}], ["15.46"]),
    ]
    for name, rule, loads, wanted in table:
        equal(sold(rule, *loads), wanted, name)
    proven()


@suite.test
def a_changed_load_posts_the_difference():
    offer = Offer()
    offer.rule(**MARGIN)
    load = offer.sell("2400.00", "2010.00")  # C4
    equal(load["commissions"][0]["amount"], "39.00")
    offer.adjust(load, kind="cost_change", cost_change="75.00")
    equal(offer.amounts(load), ["31.50"])
    changes = done(site().finance.get(
        f"/commissions/{offer.commission(load)['id']}/changes"))["data"]
    equal([change["difference"] for change in changes], ["39.00", "-7.50"])
    proven()


@suite.test
def a_load_given_back_nets_to_nothing():
    offer = Offer()
    offer.rule(**SHARE)
    load = offer.sell("100.00")  # C6
    for refund in ("-33.33", "-33.33", "-33.34"):
        offer.adjust(load, kind="refund", revenue_change=refund)
    commission = offer.commission(load)
    equal((commission["amount"], commission["status"]), ("0.00", "canceled"))
    changes = done(site().finance.get(f"/commissions/{commission['id']}/changes"))["data"]
    equal([change["difference"] for change in changes], ["10.00", "-3.33", "-3.34", "-3.33"])
    equal(offer.balances(), ["0.00", "0.00", "0.00"])
    proven()


@suite.test
def a_tier_for_all_re_rates_the_month():
    offer = Offer()
    offer.rule(**TIERS, tier_mode="whole")  # C8
    totals = []
    for revenue in ("4000.00", "3000.00", "15000.00"):
        offer.sell(revenue)
        totals.append(offer.balances()[0])
    equal(totals, ["200.00", "560.00", "2200.00"])
    proven()


@suite.test
def a_customers_cap_ends_what_loads_earn():
    offer = Offer()
    offer.rule(basis="fixed", flat_amount="25.00", cap_customer="500.00")  # C11
    loads = [offer.sell("1.00") for _ in range(22)]
    equal(offer.balances()[0], "500.00")
    for load in loads[20:]:
        commission = offer.commission(load)
        equal((commission["amount"], commission["reason"]), ("0.00", "cap_customer"))
    proven()


@suite.test
def those_who_referred_the_partner_earn_too():
    offer = Offer()
    third = offer.new_partner("third")
    second = offer.new_partner("second", referred_by=third["user_id"])
    offer.partner = offer.new_partner("first", referred_by=second["user_id"])
    for level, ppm in ((1, 100000), (2, 20000), (3, 10000)):
        offer.rule(basis="revenue", rate_ppm=ppm, level=level, name=f"Level {level}")
    load = offer.sell("100.00")  # C15
    equal([(each["level"], each["amount"]) for each in load["commissions"]],
          [(1, "10.00"), (2, "2.00"), (3, "1.00")])
    equal(offer.balances(second), ["2.00", "0.00", "0.00"])
    proven()


@suite.test
def another_currency_is_exchanged_by_the_rate_of_the_day():
    offer = Offer()
    offer.rule(basis="revenue", rate_ppm=75000)
    finance = site().finance
    rate = {"from_currency": "EUR", "to_currency": "USD", "day": "2026-03-01", "rate": "1.0837"}
    equal(finance.post("/exchange-rates", rate).status, 201)
    equal(finance.post("/exchange-rates", rate).status, 201)
    refused(finance.post("/exchange-rates", rate | {"rate": "1.1"}), "day", status=409)
    load = offer.sell("11.75", currency="EUR")  # C17
    equal(load["commissions"][0]["amount"], "0.96")
    answer = site().manager.post("/conversions", {
        "kind": "delivered", "source": "tms", "external_id": "no-rate", "revenue": "5.00",
        "program_id": offer.program["id"], "currency": "GBP", "occurred_at": "2026-03-10T00:00:00Z",
        "customer": {"external_id": "c-no-rate"}, "code": offer.partner["code"]})
    refused(answer, "currency")
    equal(done(site().manager.get("/conversions", external_id="no-rate"))["data"], [])


@suite.test
def the_version_in_force_at_the_event_pays():
    offer = Offer(timezone="America/Chicago")
    rule = offer.rule(**SHARE)
    site().finance.post(f"/commission-rules/{rule['id']}/versions", offer.form(
        basis="revenue", rate_ppm=200000, effective_from="2026-06-01T05:00:00Z"))
    before = offer.sell("100.00", at="2026-06-01T04:59:59Z")  # C22
    after = offer.sell("100.00", at="2026-06-01T05:00:00Z")
    equal((offer.amounts(before), offer.amounts(after)), (["10.00"], ["20.00"]))


@suite.test
def it_is_told_when_a_commission_is_payable():
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
    delivered, paid = now - 10 * day, now - 2 * day
    offer = Offer(hold_days=30, trigger="delivered")
    offer.rule(**SHARE)
    commission = offer.commission(offer.sell("100.00", at=f"{delivered.isoformat()}Z"))  # C23
    equal((commission["payable_on"], commission["why_not_payable"]),
          (f"{(delivered + 30 * day).isoformat()}Z", "days"))
    offer = Offer(hold_days=30, trigger="paid")
    offer.rule(event_kind="delivered", **SHARE)
    load = offer.sell("100.00", at=f"{delivered.isoformat()}Z")
    equal(offer.commission(load)["why_not_payable"], "trigger")
    offer.sell("100.00", at=f"{paid.isoformat()}Z", kind="paid", external_id=load["external_id"])
    equal(offer.commission(load)["payable_on"], f"{(paid + 30 * day).isoformat()}Z")


@suite.test
def a_tier_counts_the_customers_before_the_event():
    offer = Offer()
    offer.rule(basis="revenue", event_kind="paid", tier_mode="marginal", tier_timing="before",
               tier_measure="customers", tier_period="always",
               tiers=[{"from": "0", "rate_ppm": 200000}, {"from": "11", "rate_ppm": 250000}])
    paid = [offer.sell("100.00", kind="paid", customer={"external_id": f"{offer.name}-{number}"})
            for number in [*range(1, 11), 10, 11, 11]]  # C9
    equal([load["commissions"][0]["amount"] for load in paid], ["20.00"] * 12 + ["25.00"])
    proven()


@suite.test
def months_end_on_the_last_day_that_there_is():
    table = [  # C10, and a year before of what has not come yet.
        (1, "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T09:59:59Z"),
        (12, "2026-01-31T10:00:00Z", "2027-01-31T10:00:00Z", None),
        (12, "2025-01-31T10:00:00Z", "2026-01-31T10:00:00Z", "2026-01-31T09:59:59Z"),
    ]
    for months, first, end, last in table:
        offer = Offer()
        offer.rule(**SHARE, duration_months=months, effective_from="2025-01-01T00:00:00Z")
        load = offer.sell("100.00", at=first)
        why = done(site().finance.get(
            f"/commissions/{offer.commission(load)['id']}/explanation"))
        term = next(step for step in why["steps"] if step["step"] == "window")
        equal((term["from"], term["until"]), (first, end), months)
        if last:
            within, after = (offer.sell("100.00", at=at) for at in (last, end))
            equal(offer.amounts(within), ["10.00"], last)
            commission = offer.commission(after)
            equal((commission["amount"], commission["reason"]), ("0.00", "term_over"), end)


@suite.test
def a_share_of_a_commission_follows_it():
    offer = Offer()
    second = offer.new_partner("of-a-share")
    offer.partner = offer.new_partner("shared", referred_by=second["user_id"])
    offer.rule(**MARGIN)
    offer.rule(basis="commission", rate_ppm=100000, level=2, name="Level 2")
    load = offer.sell("2400.00", "2010.00")  # C16
    equal([each["amount"] for each in load["commissions"]], ["39.00", "3.90"])
    offer.adjust(load, kind="cost_change", cost_change="75.00")
    equal(offer.amounts(load), ["31.50", "3.15"])
    page = done(site().finance.get("/commissions", user_id=second["user_id"]))["data"]
    changes = done(site().finance.get(f"/commissions/{page[0]['id']}/changes"))["data"]
    equal([change["difference"] for change in changes], ["3.90", "-0.75"])
    equal(offer.balances(second), ["3.15", "0.00", "0.00"])
    proven()


@suite.test
def a_currency_without_decimals_has_none():
    offer = Offer(currency="JPY", minimum_payout="5000")
    offer.rule(basis="revenue", rate_ppm=75000)
    commission = offer.commission(offer.sell("12345", cost="0"))  # C18
    equal((commission["amount"], commission["currency"]), ("926", "JPY"))
    proven()


@suite.test
def a_link_that_is_disabled_takes_no_customer_away():
    offer, manager = Offer(lock_days=365), site().manager
    offer.rule(**SHARE, duration_months=12)
    link = created(manager.post("/links", {
        "destination_url": f"https://{HOST}/", "program_id": offer.program["id"],
        "user_id": offer.partner["user_id"]}))
    first = offer.sell("100.00", code=link["code"], at="2026-03-10T12:00:00Z")
    done(manager.post(f"/links/{link['id']}/disable"))
    second = offer.sell("100.00", code=None, at="2026-04-10T12:00:00Z")  # C25
    equal([offer.amounts(load) for load in (first, second)], [["10.00"], ["10.00"]])
    equal([each["source"] for each in second["attributions"]], ["lock"])


@suite.test
def a_rule_edited_before_the_report_pays_as_it_was_at_the_event():
    offer = Offer()
    rule = offer.rule(**SHARE)
    path = f"/commission-rules/{rule['id']}"
    created(site().finance.post(f"{path}/versions", offer.form(
        basis="revenue", rate_ppm=200000, effective_from="2026-03-11T00:00:00Z")))
    done(site().finance.post(f"{path}/retire", {"effective_from": "2026-03-12T00:00:00Z"}))
    load = offer.sell("100.00", at="2026-03-10T12:00:00Z")  # C26
    offer.adjust(load, kind="refund", revenue_change="-50.00")
    commission = offer.commission(load)
    equal((commission["amount"], commission["rule_version"]), ("5.00", 1))


@suite.test
def a_budget_ends_with_what_is_left():
    offer = Offer(budget="12.34")
    offer.rule(**MARGIN)
    first = offer.sell("2400.00", "2010.00")  # C19
    second = offer.sell("2400.00", "2010.00")
    equal((offer.amounts(first), offer.amounts(second)), (["12.34"], ["0.00"]))
    equal(offer.commission(first)["reason"], "budget")


@suite.test
def a_commission_explains_itself():
    offer = Offer()
    offer.rule(**MARGIN)
    load = offer.sell("2400.00", "2010.00")
    path = f"/commissions/{offer.commission(load)['id']}/explanation"
    why = done(site().finance.get(path))
    expect("Rate: 10 %" in why["sentences"], str(why["sentences"]))
    steps = {step["step"]: step for step in why["steps"]}
    equal((steps["basis"]["amount"], steps["rounding"]["rounded"]), ("390.00", "39.00"))
    equal(why["attribution"]["source"], "code")
    equal(why["considered"][0]["loss"], None)
    stranger = site().signed_in("partner")
    equal(stranger.get(path).status, 404)
    rows = done(site().admin.get("/audit-logs", action="commissions.refuse"))["data"]
    equal(rows[0]["user_id"], stranger.id)


@suite.test
def every_version_that_was_considered_is_told():
    offer, finance = Offer(), site().finance
    offer.rule(**SHARE)
    names = [f"What those earn who referred the partner, number {number}" for number in range(20)]
    other = offer.rule(**SHARE | {"level": 2, "name": names[0]})
    for number, name in enumerate(names[1:], 1):
        created(finance.post(f"/commission-rules/{other['id']}/versions", offer.form(
            **SHARE, level=2, effective_from=f"2026-02-{number:02}T00:00:00Z") | {"name": name}))
    commission = offer.commission(offer.sell("100.00"))
    for _ in range(10):
        why = done(finance.get(f"/commissions/{commission['id']}/explanation"))
        equal([(each["name"], each["version"], each["loss"]) for each in why["considered"]],
              [("Standard", 1, None)]
              + [(name, number, "superseded") for number, name in enumerate(names[:-1], 1)]
              + [(names[-1], 20, "other_level")])


@suite.test
def what_is_canceled_stays_so_also_when_nothing_was_left():
    offer = Offer()
    offer.rule(**SHARE)
    for end in ("cancel", "write_off"):
        load = offer.sell("100.00")
        created(offer.adjust(load, kind="refund", revenue_change="-100.00"))
        created(offer.adjust(load, kind=end))
        refused(offer.adjust(load, kind="correction", revenue_change="50.00"), "status", status=409)
        equal(offer.amounts(load), ["0.00"], end)


@suite.test
def who_waits_too_long_is_told_to_come_back():
    offer = Offer(budget="100.00")
    offer.rule(**SHARE)
    with contextlib.closing(site().program.postgres.session()) as other:
        # What everybody takes who computes by the budget of this program.
        other.rows("select pg_advisory_lock(7100000000000000000 + id) from programs "
                   f"where name = '{offer.program['name']}'")
        answer = offer.report("1.00")
        equal((answer.status, int(answer.headers["retry-after"]) > 0), (503, True), answer.body)
    equal(offer.report("1.00").status, 201)
