"""Leads: registered, decided, protected for one partner at a time."""
from concurrent.futures import ThreadPoolExecutor

from harness import eventually
from partners.shared import actions, created, equal, expect, partner_of, refused, site, suite

ACME = {"company": "Acme Manufacturing", "name": "Joe", "email": "joe@acme.example",
        "phone": "+1 555 0100", "mc_number": "900100", "dot_number": "900200", "country": "US",
        "note": "Two trucks a week\nto Ohio"}


@suite.test
def a_deal_is_registered_and_accepted():
    shared = site()
    _, ada = partner_of(shared, "ada-leads")
    _, eve = partner_of(shared, "eve-leads")
    lead = created(ada.post("/leads", ACME))
    for name, value in ACME.items():
        equal(lead[name], value, name)
    equal((lead["status"], lead["domain"], lead["protected_until"]),
          ("waiting", "acme.example", None))
    one = f"/leads/{lead['id']}"
    refused(ada.post("/leads", ACME), "company", status=409)
    rival = created(eve.post("/leads", {"company": "ACME", "domain": "acme.example"}))
    equal(eve.get(one).status, 404)
    equal(rival["rivals"], [], "partners do not hear of each other")
    for verb in ("accept", "reject"):
        equal(ada.post(f"{one}/{verb}", {"reason": "x"}).status, 403, verb)

    queue = shared.manager.get("/leads", status="waiting").json()["data"]
    equal({lead["id"], rival["id"]} <= {each["id"] for each in queue}, True)
    seen = shared.manager.get(f"/leads/{rival['id']}").json()
    equal([each["id"] for each in seen["rivals"]], [lead["id"]])
    accepted = shared.manager.post(f"{one}/accept").json()
    equal((accepted["status"], accepted["decided_by"]), ("accepted", shared.manager.id))
    expect(accepted["customer_id"].startswith("cus_"), accepted["customer_id"])
    refused(shared.manager.post(f"/leads/{rival['id']}/accept"), "status", status=409)
    rejected = shared.manager.post(f"/leads/{rival['id']}/reject", {"reason": "Is another's"})
    equal((rejected.json()["status"], rejected.json()["reason"]), ("rejected", "Is another's"))
    own = ada.get(one).json()
    equal((own["status"], own["decided_by"], own["account_id"]), ("accepted", None, None))
    equal(eve.get(f"/leads/{rival['id']}").json()["reason"], "Is another's")
    equal(actions(shared, lead["id"]), ["leads.create", "leads.accept"])
    equal(actions(shared, rival["id"]), ["leads.create", "leads.reject"])


@suite.test
def a_deal_must_say_whose_it_is_and_who():
    shared = site()
    _, partner = partner_of(shared, "saying", mc_number="77")
    refused(partner.post("/leads", {"company": "X"}), "email")
    refused(partner.post("/leads", {"company": "X", "domain": "gmail.com"}), "domain")
    refused(partner.post("/leads", {"email": "x", "mc_number": "MC1", "protected_until": "x"}),
            "company", "email", "mc_number", "protected_until")
    refused(partner.post("/leads", {"company": "X", "mc_number": "77"}), "mc_number")
    refused(partner.post("/leads", {"company": "X", "email": "Saying@partners.example"}), "email")
    refused(shared.manager.post("/leads", {"company": "X", "domain": "x.example"}), "user_id")
    as_of = "2026-01-05T00:00:00Z"
    made = created(shared.manager.post("/leads", {"company": "X", "domain": "x.example",
                                                  "user_id": partner.id, "registered_at": as_of}))
    equal((made["registered_at"], made["user_id"]), (as_of, partner.id))
    accepted = shared.manager.post(f"/leads/{made['id']}/accept",
                                   {"protected_until": "2026-04-05T00:00:00Z"})
    equal(accepted.json()["protected_until"], "2026-04-05T00:00:00Z")
    program = created(shared.manager.post("/programs", {"name": "Without them"}))
    refused(partner.post("/leads", {"company": "Y", "domain": "y.example",
                                    "program_id": program["id"]}), "program_id")


@suite.test
def one_of_two_who_accept_at_once_is_refused():
    shared = site()
    people = [partner_of(shared, f"racing{number}")[1] for number in range(6)]
    leads = [created(each.post("/leads", {"company": "Raced", "domain": "raced.example"}))
             for each in people]
    managers = [shared.signed_in("manager") for _ in leads]
    with ThreadPoolExecutor(len(leads)) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(f"/leads/{pair[1]['id']}/accept"),
                                zip(managers, leads)))
    equal(sorted(answer.status for answer in answers), [200] + [409] * (len(leads) - 1))


@suite.test
def protections_end():
    shared = site()
    _, partner = partner_of(shared, "ending")
    lead = created(partner.post("/leads", {"company": "Ended", "domain": "ended.example"}))
    one = f"/leads/{lead['id']}"
    shared.manager.post(f"{one}/accept")
    shared.rows("update leads set registered_at = now() - interval '91 days', "
                "protected_until = now() - interval '1 day' where company = 'Ended'")
    shared.rows("insert into jobs (kind, run_at, created_at, updated_at) "
                "values ('leads.expire', now(), now(), now())")
    eventually(lambda: partner.get(one).json()["status"] == "expired", "expired by the job",
               seconds=60)
    equal(actions(shared, lead["id"]), ["leads.create", "leads.accept", "leads.expire"])
