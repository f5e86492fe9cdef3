"""Reports: stored once by their key, whoever tells them, however often and however many at once."""
import threading

from conversions.shared import (Partner, created, credits, equal, eventually, load, now, program,
                                refused, report, site, suite)


@suite.test
def the_same_report_gets_the_same_answer():
    partner = Partner(program())
    body = load(code=partner.code, line=1, cost="80.00", quantity=12.5, unit="mile", mode="ftl",
                lane="Chicago, IL - Dallas, TX", metadata={"equipment": "reefer", "stops": 2})
    body["quantity"] = "12.5"
    shared = site()
    first, again = (shared.manager.post("/conversions", body) for _ in range(2))
    equal((first.status, again.status), (201, 201), first.body)
    equal(again.body, first.body)
    made = first.json()
    equal(credits(made, partner), [(partner.name, "code", 1_000_000)])
    equal((made["status"], made["revenue"], made["cost"], made["quantity"], made["line"]),
          ("attributed", "100.00", "80.00", "12.5", "1"))
    equal(made["metadata"], {"equipment": "reefer", "stops": "2"})
    equal(shared.manager.get(f"/conversions/{made['id']}").body, first.body)
    equal(shared.one(f"select count(*) from conversions where external_id = "
                     f"'{body['external_id']}'"), "1")


@suite.test
def the_same_key_with_other_facts_is_a_conflict():
    body = load()
    created(site().manager.post("/conversions", body))
    for change in ({"revenue": "100.01"}, {"occurred_at": "2026-01-01T00:00:00Z"},
                   {"customer": {"external_id": "another"}}, {"mode": "ltl"}):
        refused(site().manager.post("/conversions", body | change), "external_id", status=409)
    again = created(site().manager.post("/conversions", body | {"revenue": 100}))
    equal(again["revenue"], "100.00")


@suite.test
def one_event_posted_two_hundred_times_at_once_is_one_conversion():  # A13
    shared = site()
    partner = Partner(program(lock_days=365))
    body = load(code=partner.code)
    key = created(shared.admin.post("/api-keys", {"name": "tms", "scopes": ["conversions:write",
                                                                          "conversions:read"]}))
    answers, begin = [], threading.Barrier(200)

    def post():
        person = shared.person()
        person.key = key["key"]
        begin.wait()
        answers.append(person.post("/conversions", body))

    threads = [threading.Thread(target=post) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal({answer.status for answer in answers}, {201})
    equal(len({answer.body for answer in answers}), 1, "different answers")
    number = body["external_id"]
    for table, wanted in (("conversions c", 1), ("attributions a join conversions c on c.id = "
                          "a.conversion_id", 1), ("attribution_credits r join conversions c on "
                          "c.id = r.conversion_id", 1), ("customer_locks l join conversions c on "
                          "c.id = l.conversion_id", 1)):
        equal(shared.one(f"select count(*) from {table} where c.external_id = '{number}'"),
              str(wanted), table)
    identity = answers[0].json()["id"]
    equal(shared.one("select count(*) from audit_logs where action = 'conversions.create' and "
                     f"object_id = '{identity}'"), "1")


@suite.test
def bad_fields_are_all_named_at_once():
    manager = site().manager
    refused(manager.post("/conversions", {"kind": "shipped", "revenue": 1.5, "mode": "pigeon",
                                          "customer": {"email": "nobody"}, "surprise": 1}),
            "kind", "source", "external_id", "revenue", "mode", "customer.email", "surprise")
    refused(manager.post("/conversions", load(code="nobodys", token="x", customer={},
                                              occurred_at=now(3_600))),
            "occurred_at", "customer", "code", "token")
    refused(manager.post("/conversions", load(revenue="-1")), "revenue")
    refused(manager.post("/conversions", load(currency="JPY", revenue="1.5")), "revenue")


@suite.test
def a_code_mistyped_is_answered_with_what_is_meant():
    partner = Partner(program())
    wrong = partner.code[:-1] + ("0" if partner.code[-1] != "0" else "1")
    def said():
        answer = site().manager.post("/conversions", load(code=wrong))
        refused(answer, "code")
        return answer.json()["errors"][0]["message"]

    # The directory of codes hears of a new one within a second.
    eventually(lambda: partner.code in said(), "did you mean")


@suite.test
def only_who_may_reports():
    shared = site()
    for role, status in (("manager", 201), ("finance", 403), ("analyst", 403), ("partner", 403)):
        equal(shared.signed_in(role).post("/conversions", load()).status, status, role)
    equal(shared.person().post("/conversions", load()).status, 401)


@suite.test
def delivered_may_come_before_booked():  # O2
    place = program()
    partner = Partner(place)
    delivered = report(external_id="O2", occurred_at="2026-08-02T00:00:00Z", code=partner.code,
                       customer={"external_id": "o2"})
    booked = report(external_id="O2", kind="booked", occurred_at="2026-08-01T00:00:00Z",
                    program_id=place, customer={"external_id": "o2"})
    equal(credits(delivered, partner), [(partner.name, "code", 1_000_000)])
    equal(booked["status"], "organic", "the code was not typed yet")
    rows = site().manager.get("/conversions", external_id="O2").json()["data"]
    equal([row["kind"] for row in rows], ["delivered", "booked"])
