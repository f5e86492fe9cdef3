"""Groups, and partners in programs: asked, decided, suspended, left, with a history."""
from partners.shared import actions, created, equal, expect, partner_of, refused, site, suite


@suite.test
def groups_are_made_and_renamed():
    shared = site()
    made = created(shared.manager.post("/groups", {"name": "Gold", "description": "The best",
                                                   "program_id": shared.program_id}))
    one = f"/groups/{made['id']}"
    equal(shared.manager.get(one).json(), made)
    refused(shared.manager.post("/groups", {"name": "gold"}), "name", status=409)
    refused(shared.manager.post("/groups", {"name": "x" * 101, "partners": 3}), "name", "partners")
    changed = shared.manager.patch(one, {"name": "Gold members", "description": None}).json()
    equal((changed["name"], changed["description"]), ("Gold members", None))
    listed = shared.manager.all("/groups", program_id=shared.program_id, limit=1)
    expect(made["id"] in [each["id"] for each in listed], "it is listed, page by page")
    equal(actions(shared, made["id"]), ["groups.create", "groups.change"])
    equal(shared.manager.get("/groups/grp_0000000000000").status, 404)


@suite.test
def an_enrolment_goes_through_its_states():
    shared = site()
    made, person = partner_of(shared, "stately")
    one = f"/enrolments/{made['enrolments'][0]['id']}"
    steps = (("suspend", "suspended", "Odd clicks"), ("reinstate", "approved", None),
             ("leave", "left", None), ("approve", "approved", "Back again"),
             ("ban", "banned", "Own clicks"), ("reinstate", "approved", "Talked it over"))
    for verb, status, reason in steps:
        answer = shared.manager.post(f"{one}/{verb}", {"reason": reason} if reason else None)
        equal((answer.status, answer.json().get("status")), (200, status), f"{verb} {answer.body}")
        equal(answer.json()["reason"], reason, verb)
    history = person.get(one).json()["changes"]
    equal([(each["status"], each["reason"]) for each in history],
          [("approved", None)] + [(status, reason) for _, status, reason in steps])
    equal({each["by"] for each in history}, {None}, "who decided is not for partners")
    equal({each["by"] for each in shared.manager.get(one).json()["changes"]}, {shared.manager.id})
    equal(actions(shared, made["enrolments"][0]["id"]),
          [f"enrolments.{verb}" for verb, _, _ in steps])
    equal(shared.manager.post(f"{one}/reject", {"reason": "x"}).status, 409)
    refused(shared.manager.post(f"{one}/suspend"), "reason")
    refused(shared.manager.post(f"{one}/suspend", {"reason": ""}), "reason")


@suite.test
def partners_ask_and_are_let_in():
    shared = site()
    program = created(shared.manager.post("/programs", {"name": "Asked for"}))
    _, person = partner_of(shared, "asking")
    wanted = {"program_id": program["id"]}
    asked = created(person.post("/enrolments", wanted))
    equal(asked["status"], "applied")
    one = f"/enrolments/{asked['id']}"
    refused(person.post("/enrolments", wanted), "program_id", status=409)
    for verb in ("approve", "reject", "suspend", "reinstate", "ban"):
        equal(person.post(f"{one}/{verb}", {"reason": "x"}).status, 403, verb)
    waiting = shared.manager.get("/enrolments", status="applied",
                                 program_id=program["id"]).json()["data"]
    equal([each["id"] for each in waiting], [asked["id"]])
    shared.manager.post(f"{one}/reject", {"reason": "Too few trucks"})
    equal(person.get(one).json()["reason"], "Too few trucks")
    equal(created(person.post("/enrolments", wanted))["status"], "applied")
    equal(shared.manager.post(f"{one}/approve").json()["status"], "approved")
    equal(person.post(f"{one}/leave", {"reason": "Moving on"}).json()["status"], "left")
    refused(person.post("/enrolments", wanted | {"status": "approved", "reason": "me"}),
            "status", "reason")

    invited, guest = partner_of(shared, "guest")
    made = created(shared.manager.post("/enrolments", wanted | {"user_id": invited["id"],
                                                                "status": "invited"}))
    equal(made["status"], "invited")
    equal(created(guest.post("/enrolments", wanted))["status"], "approved")
    refused(shared.manager.post("/enrolments", wanted | {"user_id": invited["id"]}), "user_id",
            status=409)
    refused(shared.manager.post("/enrolments", wanted | {"user_id": shared.manager.id}), "user_id")


@suite.test
def partners_move_between_groups_of_their_program():
    shared = site()
    program = created(shared.manager.post("/programs", {"name": "Elsewhere"}))
    here = created(shared.manager.post("/groups", {"name": "Here"}))
    there = created(shared.manager.post("/groups", {"name": "Here", "program_id": program["id"]}))
    made, person = partner_of(shared, "moving")
    one = f"/enrolments/{made['enrolments'][0]['id']}"
    moved = shared.manager.patch(one, {"group_id": here["id"]}).json()
    equal((moved["group_id"], moved["group_name"]), (here["id"], "Here"))
    equal(shared.manager.get(f"/groups/{here['id']}").json()["partners"], 1)
    refused(shared.manager.patch(one, {"group_id": there["id"]}), "group_id")
    equal(person.patch(one, {"group_id": None}).status, 403)
    equal(shared.manager.patch(one, {"group_id": None}).json()["group_id"], None)
    refused(shared.manager.post("/partners", {"email": "g@partners.example", "name": "G",
                                              "group_id": there["id"]}), "group_id")


@suite.test
def an_approved_application_takes_part():
    shared = site()
    answer = shared.person().post("/auth/apply", {
        "email": "applied@partners.example", "name": "Applied", "kind": "person", "country": "US",
        "terms_version": 1, "password": "purple tractors hum along"})
    equal(answer.status, 202, answer.body)
    token = shared.token("verify-email", "applied@partners.example")
    equal(shared.person().post("/auth/verify-email", {"token": token}).status, 204)
    found = shared.manager.get("/applications", q="applied@").json()["data"][0]
    approved = shared.manager.post(f"/applications/{found['id']}/approve").json()
    partner = shared.manager.get(f"/partners/{approved['user_id']}").json()
    equal([(each["status"], each["program_id"]) for each in partner["enrolments"]],
          [("approved", shared.program_id)])
