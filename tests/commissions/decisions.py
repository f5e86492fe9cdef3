"""What people decide about commissions, and the ledger behind it: rows of the table L."""
from decimal import Decimal

from commissions.shared import Offer, done, equal, expect, proven, refused, site, suite


def act(who, commission, verb, **body):
    return who.post(f"/commissions/{commission['id']}/{verb}", body)


@suite.test
def money_moves_as_the_ledgers_table_says():
    offer, finance = Offer(), site().finance
    offer.rule(basis="margin", rate_ppm=100000)
    load = offer.sell("390.00")
    equal(offer.balances(), ["39.00", "0.00", "0.00"], "L1")
    offer.adjust(load, kind="cost_change", cost_change="75.00")
    equal(offer.balances(), ["31.50", "0.00", "0.00"], "L2")
    first = offer.commission(load)
    done(act(finance, first, "approve", reason="early"))
    second = offer.commission(offer.sell("1234.56"))
    equal(offer.balances(), ["123.46", "0.00", "31.50"], "L3")
    done(act(finance, second, "hold", reason="looks odd"))
    equal(offer.balances(), ["0.00", "123.46", "31.50"], "L4")
    done(act(finance, second, "release"))
    done(act(finance, second, "approve", reason="early"))
    equal(offer.balances(), ["0.00", "0.00", "154.96"], "L5")
    done(act(finance, second, "claw_back", reason="the load never was"))
    equal(offer.balances(), ["0.00", "0.00", "31.50"])
    entries = done(finance.get("/ledger/entries", commission_id=second["id"]))["data"]
    equal([entry["posting"] for entry in entries if entry["account"] == "commission_expense"],
          ["claw_back", "accrue"])
    trial = done(finance.get("/ledger/trial-balance"))["data"]
    equal(sum(Decimal(row["debits"]) - Decimal(row["credits"]) for row in trial), 0)
    equal({row["name"] for row in proven()["invariants"]},
          {"I1", "I2", "I3", "I6", "I7", "I8", "I9"})


@suite.test
def what_is_not_on_the_list_is_refused():
    offer, finance = Offer(), site().finance
    offer.rule(basis="revenue", rate_ppm=100000)
    commission = offer.commission(offer.sell("100.00"))
    refused(act(finance, commission, "reject", reason="no"), "status", status=409)
    refused(act(finance, commission, "release"), "status", status=409)
    refused(act(finance, commission, "claw_back", reason="no"), "status", status=409)
    refused(act(finance, commission, "hold"), "reason")
    refused(act(finance, commission, "adjust", amount_change="-10.01", reason="no"),
            "amount_change")
    equal(act(site().manager, commission, "approve").status, 403)
    refused(act(finance, commission, "approve"), "reason")
    done(act(finance, commission, "hold", reason="look"))
    done(act(finance, commission, "reject", reason="fraud"))
    refused(act(finance, commission, "approve"), "status", status=409)
    equal(offer.balances(), ["0.00", "0.00", "0.00"])
    proven()


@suite.test
def above_the_limit_two_others_approve():
    offer = Offer(four_eyes_above="50.00")
    offer.rule(basis="revenue", rate_ppm=100000)
    commission = offer.commission(offer.sell("1000.00"))
    people = [site().signed_in("finance") for _ in range(3)]
    done(act(people[0], commission, "adjust", amount_change="1.00", reason="a favour"))
    equal(act(people[0], commission, "approve", reason="early").status, 403)
    answer = done(act(people[1], commission, "approve", reason="early"))
    equal((answer["status"], answer["approvals_missing"]), ("pending", 1))
    refused(act(people[1], commission, "approve", reason="early"), "status", status=409)
    equal(done(act(people[2], commission, "approve", reason="early"))["status"], "approved")


@suite.test
def a_partner_sees_its_own_and_nobody_elses():
    offer, other = Offer(), Offer()
    for each in (offer, other):
        each.rule(basis="revenue", rate_ppm=100000)
        each.sell("100.00")
    partner = site().person()
    token = site().token("invitation", offer.partner["email"])
    equal(partner.post("/auth/accept-invitation", {
        "token": token, "name": "Own", "password": "purple tractors hum along"}).status, 204)
    equal(partner.sign_in(offer.partner["email"], "purple tractors hum along").status, 200)
    for path in ("/commissions", "/ledger/accounts", "/ledger/entries"):
        rows = done(partner.get(path))["data"]
        expect(rows and {row["user_id"] for row in rows} == {offer.partner["user_id"]}, str(rows))
    rules = done(partner.get("/commission-rules"))["data"]
    equal({rule["program_id"] for rule in rules}, {offer.program["id"]})
    equal(partner.get("/ledger/proof").status, 403)


@suite.test
def a_closed_month_takes_nothing_more():
    offer, finance = Offer(), site().finance
    body = {"program_id": offer.program["id"], "period": "2026-03-01"}
    refused(finance.post("/ledger/periods/close", body | {"period": "2026-03-02"}), "period")
    closed = done(finance.post("/ledger/periods/close", body))
    equal((closed["transactions"], closed["closed_by"]), (0, finance.id))
    refused(finance.post("/ledger/periods/close", body), "period", status=409)
    refused(finance.post("/ledger/periods/close", body | {"period": "2099-01-01"}), "period",
            status=409)
