"""Partners: how they come to be, what they see of each other, who referred them."""
from harness import eventually, visit
from partners.shared import HOST, actions, created, equal, expect, partner_of, refused, site, suite


@suite.test
def a_partner_is_made_in_one_call():
    shared = site()
    group = created(shared.manager.post("/groups", {"name": "Brokers"}))
    made, person = partner_of(shared, "alder", company="Alder Freight", country="US",
                              mc_number="123456", dot_number="7654321", group_id=group["id"],
                              website="https://alder.example")
    equal((made["id"], made["kind"], made["status"]), (made["user_id"], "company", "invited"))
    equal([(each["status"], each["group_id"], each["program_id"]) for each in made["enrolments"]],
          [("approved", group["id"], shared.program_id)])
    expect(made["short_url"].endswith(f"/r/{made['code']}"), made["short_url"])
    eventually(lambda: visit(shared.program.port, made["code"]).status == 302, "it redirects")
    location = visit(shared.program.port, made["code"]).location
    expect(location.startswith(f"https://{HOST}/?ref={made['code']}"), location)
    link = person.get("/links").json()["data"]
    equal([each["code"] for each in link], [made["code"]])
    own = person.get(f"/partners/{made['id']}").json()
    equal((own["status"], own["code"]), ("active", made["code"]))
    equal(actions(shared, made["id"])[:2], ["users.invite", "partners.create"])
    expect("links.create" in actions(shared, link[0]["id"]), "the link is audited")
    # The same key, the same answer, one partner.
    body = {"email": "once@partners.example", "name": "Once"}
    answers = [shared.manager.request("POST", "/partners", body,
                                      headers={"Idempotency-Key": "once"}) for _ in range(2)]
    equal([each.status for each in answers], [201, 201])
    equal(answers[0].body, answers[1].body)
    refused(shared.manager.post("/partners", body), "email", status=409)


@suite.test
def partners_see_themselves_only():
    shared = site()
    first, alone = partner_of(shared, "lone")
    other, _ = partner_of(shared, "other")
    equal([each["id"] for each in alone.get("/partners").json()["data"]], [first["id"]])
    for path in (f"/partners/{other['id']}", f"/enrolments/{other['enrolments'][0]['id']}"):
        equal(alone.get(path).status, 404, path)
    equal(alone.get("/groups").status, 403)
    for method, path in (("POST", "/partners"), ("PATCH", f"/partners/{first['id']}"),
                         ("POST", "/groups")):
        equal(alone.request(method, path, {"name": "x"}).status, 403, path)
    for role in ("finance", "analyst"):
        looker = shared.signed_in(role)
        equal(looker.get(f"/partners/{other['id']}").status, 200, role)
        equal(looker.get("/enrolments").status, 200, role)
        equal(looker.post("/partners", {}).status, 403, role)


@suite.test
def a_profile_is_changed_by_staff():
    shared = site()
    made, _ = partner_of(shared, "changing")
    referrer, _ = partner_of(shared, "referrer")
    one = f"/partners/{made['id']}"
    for change in ({"country": "CA"}, {"website": "https://c.example"}, {"audience": "Shippers"},
                   {"mc_number": "42"}, {"dot_number": "43"}, {"referred_by": referrer["id"]},
                   {"kind": "company", "company": "C Inc"}, {"country": None}, {"website": None},
                   {"audience": None}, {"mc_number": None}, {"dot_number": None},
                   {"referred_by": None}, {"kind": "person", "company": None}):
        answer = shared.manager.patch(one, change)
        equal(answer.status, 200, answer.body)
        equal({name: answer.json()[name] for name in change}, change)
    refused(shared.manager.patch(one, {"company": "X"}), "company")
    refused(shared.manager.patch(one, {"referred_by": made["id"]}), "referred_by")
    refused(shared.manager.patch(one, {"mc_number": "MC-1", "country": "us", "email": "x"}),
            "mc_number", "country", "email")
    equal(shared.manager.patch(f"/partners/{shared.manager.id}", {"country": "US"}).status, 404)


@suite.test
def nobody_refers_who_referred_them():
    shared = site()
    line = [partner_of(shared, "line0")[0]]
    for number in range(1, 4):
        line.append(partner_of(shared, f"line{number}", referred_by=line[-1]["id"])[0])
    equal(line[3]["referred_by_name"], "line2")
    for below in line:
        refused(shared.manager.patch(f"/partners/{line[0]['id']}", {"referred_by": below["id"]}),
                "referred_by")
    listed = shared.manager.get("/partners", referred_by=line[1]["id"]).json()["data"]
    equal([each["id"] for each in listed], [line[2]["id"]])


@suite.test
def whoever_is_invited_as_a_user_takes_part_too():
    shared = site()
    made = shared.admin.post("/users", {"email": "byuser@partners.example", "name": "By User",
                                        "role": "partner"}).json()
    found = eventually(
        lambda: shared.manager.get("/enrolments", user_id=made["id"]).json()["data"],
        "enrolled by the job", seconds=100)
    equal([each["status"] for each in found], ["approved"])
    equal(actions(shared, found[0]["id"]), ["enrolments.create"])
