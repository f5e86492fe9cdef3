"""Rules as people make, read and change them."""
from commissions.shared import Offer, done, equal, refused, site, suite


@suite.test
def every_field_that_is_wrong_is_named():
    offer, finance = Offer(), site().finance
    answer = finance.post("/commission-rules", offer.form(
        basis="quantity", rate_ppm=5, scope="group", currency="EUR", cap_customer="0.001",
        conditions={"field": "mode", "is": "boat"}))
    refused(answer, "rate_ppm", "unit_amount", "unit", "currency", "cap_customer",
            "conditions.is", "scope_id")
    refused(finance.post("/commission-rules", {"name": "", "basis": "luck", "no_such": 1}),
            "name", "basis", "no_such")


@suite.test
def a_rule_is_read_as_it_was_written():
    offer, finance = Offer(), site().finance
    form = offer.form(
        basis="revenue", tier_mode="whole", tier_timing="before", tier_measure="customers",
        tier_period="always", priority=7, event_kind="paid", cap_customer="500.00",
        duration_months=12, tiers=[{"from": "0", "rate_ppm": 200000},
                                   {"from": "11", "rate_ppm": 250000}],
        conditions={"and": [{"field": "mode", "is": ["ftl", "ltl"]},
                            {"not": {"field": "amount", "at_least": "100.00"}}]})
    rule = offer.rule(**form)
    shown = done(finance.get(f"/commission-rules/{rule['id']}"))
    for name, value in form.items():
        if name == "tiers":
            value = [tier | {"unit_amount": None, "flat_amount": None} for tier in value]
        equal(shown[name], value, name)
    refused(finance.post(f"/commission-rules/{rule['id']}/versions", form), "effective_from")
    retired = done(finance.post(f"/commission-rules/{rule['id']}/retire", {}))
    equal((retired["is_retired"], len(retired["versions"])), (True, 2))
    refused(finance.post(f"/commission-rules/{rule['id']}/retire", {}), "effective_from",
            status=409)
    listed = done(finance.get("/commission-rules", program_id=offer.program["id"]))["data"]
    equal([each["id"] for each in listed], [rule["id"]])


@suite.test
def a_draft_is_a_sentence_and_is_tried_on_an_order():
    offer, finance = Offer(), site().finance
    draft = offer.form(basis="margin", rate_ppm=100000,
                       conditions={"field": "mode", "is": "ftl"})
    sample = {"revenue": "2400.00", "cost": "2010.00", "mode": "ftl"}
    answer = done(finance.post("/commission-rules/preview", {"rule": draft, "sample": sample}))
    equal(answer["sentence"],
          "Pays 10 % of the margin for each delivered event if the mode is ftl.")
    equal((answer["errors"], answer["applies"], answer["amount"]), ([], True, "39.00"))
    answer = done(finance.post("/commission-rules/preview",
                               {"rule": draft, "sample": sample | {"mode": "air"}}))
    equal((answer["applies"], answer["amount"]), (False, "0.00"))
    answer = done(finance.post("/commission-rules/preview",
                               {"rule": {"name": "A", "basis": "margin"}}))
    equal([error["field"] for error in answer["errors"]], ["rule.rate_ppm"])


@suite.test
def managers_read_rules_and_do_not_make_them():
    offer = Offer()
    equal(site().manager.post("/commission-rules", offer.form(
        basis="revenue", rate_ppm=1)).status, 403)
    equal(site().manager.get("/commission-rules").status, 200)
