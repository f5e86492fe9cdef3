"""Adjustments, overrides, what partners see of it, and why not."""
from conversions.shared import (Partner, Visitor, created, credits, equal, expect, journey,
                                program, refused, report, site, suite)


def change(conversion, **more):
    body = {"kind": "refund", "external_id": "R1"} | more
    return site().manager.post(f"/conversions/{conversion['id']}/adjustments", body)


@suite.test
def changes_are_added_once_each():  # C6
    made = report()
    for number, amount in enumerate(("-33.33", "-33.33", "-33.34")):
        created(change(made, external_id=f"R{number}", revenue_change=amount))
    left = created(change(made, external_id="R2", revenue_change="-33.34"))
    equal((left["revenue"], left["status"], len(left["adjustments"])), ("0.00", "reversed", 3))
    refused(change(made, external_id="R2", revenue_change="-1"), "external_id", status=409)


@suite.test
def changes_say_what_is_wrong_with_them():
    made = report()
    refused(change(made, revenue_change="5"), "revenue_change")
    refused(change(made, kind="cost_change"), "cost_change")
    refused(change(made, kind="gift"), "kind")
    refused(change(made, kind="correction", revenue_change="0.001"), "revenue_change", "kind")
    refused(site().manager.post(f"/conversions/{made['id']}/adjustments", {}), "kind",
            "external_id")
    equal(change({"id": "cnv_0000000000000"}, revenue_change="-1").status, 404)
    created(change(made, kind="cancel", external_id="X"))
    refused(change(made, revenue_change="-1"), "status", status=409)


@suite.test
def an_override_says_why():
    place = program()
    ann, bob = Partner(place), Partner(place)
    made = report(code=ann.code)
    path = f"/conversions/{made['id']}/attribute"
    manager = site().manager
    refused(manager.post(path, {"user_id": bob.id}), "reason")
    taken = manager.post(path, {"user_id": bob.id, "reason": "agreed by phone"})
    equal(taken.status, 200, taken.body)
    equal(credits(taken.json(), ann, bob), [(bob.name, "override", 1_000_000)])
    nobody = manager.post(path, {"user_id": None, "reason": "a house account"})
    equal((nobody.status, nobody.json()["status"]), (200, "organic"), nobody.body)
    expect(any("a house account" in line for line in journey(made)["sentences"]), journey(made))
    refused(manager.post(path, {"user_id": Partner(program()).id, "reason": "x"}), "user_id")
    again = manager.post(f"/conversions/{made['id']}/reattribute")
    equal(again.json()["status"], "organic", "the word stands")
    rows = site().admin.get("/audit-logs", object_id=made["id"]).json()["data"]
    equal([row["action"] for row in reversed(rows)],
          ["conversions.create", "conversions.attribute", "conversions.attribute"])
    equal(rows[0]["reason"], "a house account")


@suite.test
def partners_see_what_is_theirs_and_no_more():
    shared = site()
    place = program()
    ann = shared.signed_in("partner")
    bob = shared.signed_in("partner")
    for person in (ann, bob):
        created(shared.manager.post("/enrolments", {"user_id": person.id, "program_id": place}))
    link = created(shared.manager.post("/links", {
        "destination_url": "https://www.example.com/", "program_id": place, "user_id": ann.id}))
    made = report(code=link["code"], cost="80", metadata={"margin": "secret"},
                  customer={"external_id": "c77", "name": "Jane Doe", "email": "jane@seen.example",
                            "company": "Seen Ltd", "phone": "+1 555 0100"})
    seen = ann.get(f"/conversions/{made['id']}").json()
    equal((seen["cost"], seen["metadata"], seen["customer_name"]), (None, {}, "S… L…"))
    equal([row["id"] for row in ann.get("/conversions").json()["data"]], [made["id"]])
    customer = ann.get(f"/customers/{made['customer_id']}").json()
    equal((customer["name"], customer["email"], customer["phone"], customer["external_id"]),
          ("J… D…", "j…@s…", None, None))
    equal([row["id"] for row in ann.get("/customers").json()["data"]], [made["customer_id"]])
    for path in (f"/conversions/{made['id']}", f"/conversions/{made['id']}/attribution",
                 f"/customers/{made['customer_id']}"):
        equal(bob.get(path).status, 404, path)
    equal(bob.get("/conversions").json()["data"], [])
    equal(bob.get("/customers").json()["data"], [])
    equal(bob.get("/accounts").status, 403)
    equal(bob.get("/explain", external_id=made["external_id"]).status, 404)
    why = ann.get("/explain", external_id=made["external_id"]).json()["data"]
    equal([(row["nearest"]["reason"], row["weight_ppm"]) for row in why],
          [("credited", 1_000_000)])


@suite.test
def why_not_me_names_the_nearest_touch():  # A15
    place = program(click_window_days=365)
    ann = Partner(place)
    visitor = Visitor()
    visitor.click(ann, "2025-08-01T12:00:00Z")
    made = report(occurred_at="2026-09-05T12:00:00Z", visitor=visitor.cookie, program_id=place)
    answer = site().manager.get("/explain", external_id=made["external_id"], user_id=ann.id)
    equal(answer.status, 200, answer.body)
    why = answer.json()["data"][0]
    equal((why["nearest"]["reason"], why["nearest"]["outside_seconds"]),
          ("outside_window", 35 * 86_400))
    expect("35 d outside the window" in why["sentence"], why["sentence"])
    expect(why["policy_version"] >= 1, why)
    by_code = site().manager.get("/explain", code=ann.code)
    equal(by_code.status, 200, by_code.body)
    equal(site().manager.get("/explain").status, 422)
    equal(site().manager.get("/explain", external_id="nothing").status, 404)


@suite.test
def why_not_me_is_answered_for_a_click_alone():
    ann = Partner(program())
    click_id = Visitor().click(ann)
    why = site().manager.get("/explain", click_id=click_id).json()["data"]
    equal(why[0]["conversion_id"], None)
    expect("no conversion is known" in why[0]["sentence"], why)


@suite.test
def companies_can_be_put_right():
    shared = site()
    made = report(customer={"external_id": "fix", "email": "x@fix.example", "company": "Fixx"})
    rows = shared.manager.get("/accounts", q="fix.example").json()["data"]
    equal([row["name"] for row in rows], ["Fixx"])
    path = f"/accounts/{rows[0]['id']}"
    changed = shared.manager.patch(path, {"name": "Fix Ltd", "mc_number": "778899",
                                          "domains": ["fix.example", "fixed.example"],
                                          "first_known_at": "2020-01-01T00:00:00Z"})
    equal(changed.status, 200, changed.body)
    equal(changed.json()["domains"], ["fix.example", "fixed.example"])
    refused(shared.manager.patch(path, {"domains": ["gmail.com"]}), "domains")
    other = report(customer={"external_id": "fix2", "email": "y@other.example",
                             "mc_number": "778899"})
    equal(shared.manager.get(f"/customers/{other['customer_id']}").json()["account_id"],
          rows[0]["id"])
    report(customer={"external_id": "fix3", "email": "y@third.example"})
    refused(shared.manager.patch(path, {"domains": ["third.example"]}), "domains", status=409)
    equal(made["customer_name"], "Fixx")
