"""Everything people do with accounts, once, as they do it; all operations must have been."""
import json

from accounts.shared import HOST, PASSWORD, ROLES, Person, Site, kept, site, suite
from accounts.totp import code, step_now
from harness import equal, expect

NEXT_PASSWORD = "seven boats at noon"
APPLICATION = {"email": "new@example.com", "name": "New Partner", "kind": "company",
               "company": "New Haulage", "country": "US", "website": "https://new.example/",
               "audience": "Owner-operators\nin Texas", "mc_number": "123456",
               "dot_number": "1234567", "terms_version": 1, "password": PASSWORD}
# First words of the paths that this suite answers for; the others are those of tests/api.
WORDS = {"auth", "me", "users", "roles", "sessions", "api-keys", "applications", "terms",
         "settings"}


def apply(shared, email, **more):
    return shared.person().post("/auth/apply", APPLICATION | {"email": email} | more)


@suite.test
def a_partner_applies_and_is_taken_in():
    shared = site()
    terms = shared.person().get("/auth/terms").json()
    equal((terms["version"], terms["applications_open"]), (1, True))
    answer = apply(shared, "new@example.com")
    equal((answer.status, answer.json()), (202, {"status": "sent"}))
    token = shared.token("verify-email", "new@example.com")
    again = shared.person().post("/auth/verify-email/resend", {"email": "new@example.com"})
    equal(again.status, 202)
    equal(shared.admin.get("/applications").json()["data"], [], "unverified")
    equal(shared.person().sign_in("new@example.com").status, 401, "not yet")
    equal(shared.person().post("/auth/verify-email", {"token": token}).status, 204)
    expect(shared.mails("application-received", "new@example.com"), "a mail that it was received")
    application = shared.admin.get("/applications", status="waiting").json()["data"][0]
    for name in APPLICATION:
        if name != "password":
            equal(application[name], APPLICATION[name], name)
    one = f"/applications/{application['id']}"
    equal(shared.admin.get(one).json(), application)
    approved = shared.admin.post(f"{one}/approve")
    equal((approved.status, approved.json()["status"]), (200, "approved"))
    expect(shared.mails("application-approved", "new@example.com"), "a mail that it was approved")
    partner = shared.person()
    equal(partner.sign_in("new@example.com").json()["user"]["role"], "partner")
    link = partner.post("/links", {"destination_url": f"https://{HOST}/"})
    equal(link.status, 201, link.body)

    apply(shared, "other@example.com", company="Other Haulage")
    token = shared.token("verify-email", "other@example.com")
    shared.person().post("/auth/verify-email", {"token": token})
    other = shared.admin.get("/applications", q="Other H").json()["data"][0]
    rejected = shared.admin.post(f"/applications/{other['id']}/reject", {"reason": "No trucks"})
    equal((rejected.json()["status"], rejected.json()["reason"]), ("rejected", "No trucks"))


@suite.test
def new_terms_are_what_everybody_accepts():
    # Of its own: the other tests accept version 1.
    shared = kept["terms"] = Site()
    waits = apply(shared, "waits@example.com")
    equal(waits.status, 202, waits.body)
    shared.person().post("/auth/verify-email",
                         {"token": shared.token("verify-email", "waits@example.com")})
    old = shared.signed_in()
    equal(old.get("/terms").json()["accepted_at"], None)
    equal(old.post("/terms/accept", {"version": 1}).status, 200)

    new = {"version": 2, "text": "1. Other terms.\n\n2. Nothing else."}
    key = {"Idempotency-Key": "terms-2"}
    answers = [shared.admin.request("POST", "/terms", new, headers=key) for _ in range(2)]
    equal([answer.status for answer in answers], [201, 201], answers[0].body)
    equal(answers[0].body, answers[1].body, "the same answer again")
    equal(shared.admin.post("/terms", new).status, 409, "without the key it is another try")
    for role in ROLES[1:]:
        equal(shared.signed_in(role).post("/terms", new | {"version": 3}).status, 403, role)
    equal(shared.one("select count(*) from audit_logs where action = 'terms.publish'"), "1")

    equal(shared.person().get("/auth/terms").json()["text"], new["text"])
    equal(apply(shared, "late@example.com").status, 422, "what was read does not hold any more")
    equal(apply(shared, "late@example.com", terms_version=2).status, 202)
    equal(old.get("/terms").json()["accepted_at"], None, "of the new version")
    equal(old.post("/terms/accept", {"version": 1}).status, 409)
    expect(old.post("/terms/accept", {"version": 2}).json()["accepted_at"], "accepted")
    # Who applied before has agreed to what held then, and is asked as a partner.
    application = shared.admin.get("/applications").json()["data"][0]
    equal(shared.admin.post(f"/applications/{application['id']}/approve").status, 200)
    partner = shared.person()
    partner.sign_in("waits@example.com")
    equal(partner.get("/terms").json()["accepted_at"], None)
    accepted = shared.rows("select u.email, a.version from terms_acceptances a "
                           "join users u on u.id = a.user_id order by u.email, a.version")
    equal([tuple(row) for row in accepted],
          [(old.email, "1"), (old.email, "2"), ("waits@example.com", "1")])


@suite.test
def the_table_of_roles_is_what_people_may_do():
    shared = site()
    table = shared.admin.get("/roles").json()
    equal(tuple(table["roles"]), ROLES)
    for role in ROLES:
        wanted = [each["name"] for each in table["permissions"] if role in each["roles"]]
        equal(shared.signed_in(role).me()["permissions"], wanted, role)
    partner = shared.signed_in()
    for each in table["permissions"]:
        if "partner" in each["roles"]:
            made = partner.post("/api-keys", {"name": each["name"], "scopes": [each["name"]]})
            equal(made.status, 201 if each["of_keys"] else 422, each["name"])


@suite.test
def somebody_invited_gets_through_a_whole_life():
    shared = site()
    admin = shared.admin
    made = admin.post("/users", {"email": "eve@example.com", "name": "Eve", "role": "analyst"})
    equal((made.status, made.json()["status"]), (201, "invited"))
    one = f"/users/{made.json()['id']}"
    first = shared.token("invitation", "eve@example.com")
    equal(admin.post(f"{one}/invite").status, 204)
    token = shared.token("invitation", "eve@example.com")
    equal(shared.person().post("/auth/invitation", {"token": first}).status, 422, "replaced")
    eve = shared.person()
    equal(eve.post("/auth/invitation", {"token": token}).json()["email"], "eve@example.com")
    accepted = eve.post("/auth/accept-invitation",
                        {"token": token, "name": "Eve E.", "password": PASSWORD})
    equal(accepted.status, 204, accepted.body)
    equal(eve.sign_in("eve@example.com").json()["user"]["name"], "Eve E.")
    me = eve.me()
    for name in ("totp_enabled", "must_set_up_totp"):
        equal(me[name], False, name)
    equal((me["viewing_as"], me["branding"]["name"]), (None, "Logistics One Source"))
    equal(eve.patch("/me", {"timezone": "America/Chicago"}).status, 200)
    equal(len(eve.get("/sessions").json()["data"]), 1)

    begun = eve.post("/me/totp", {"password": PASSWORD}).json()
    expect(begun["qr_svg"].startswith("<svg") and begun["secret"] in begun["uri"], begun["uri"])
    step = step_now()
    codes = eve.post("/me/totp/confirm", {"code": code(begun["secret"], step)})
    equal((codes.status, len(codes.json()["recovery_codes"])), (200, 10))
    shown = codes.json()["recovery_codes"]
    renewed = eve.post("/me/recovery-codes", {"password": PASSWORD, "totp": shown[0]})
    shown = renewed.json()["recovery_codes"]
    changed = eve.post("/me/password", {"current_password": PASSWORD, "new_password": NEXT_PASSWORD,
                                        "totp": shown[0]})
    equal(changed.status, 204, changed.body)
    equal(eve.get("/me").status, 200, "this session goes on")
    off = eve.post("/me/totp/disable", {"password": NEXT_PASSWORD, "totp": shown[1]})
    equal(off.status, 204, off.body)
    asked = eve.post("/me/email", {"email": "eve2@example.com", "password": NEXT_PASSWORD})
    equal(asked.status, 202)
    token = shared.token("email-change", "eve2@example.com")
    equal(shared.person().post("/auth/confirm-email", {"token": token}).status, 204)
    expect(shared.mails("email-changed-notice", "eve@example.com"), "a mail to the old address")
    shared.person().post("/auth/forgot-password", {"email": "eve2@example.com"})
    token = shared.token("reset-password", "eve2@example.com")
    reset = shared.person().post("/auth/reset-password", {"token": token, "password": PASSWORD})
    equal(reset.status, 204, reset.body)
    equal(eve.get("/me").status, 401, "all sessions have ended")

    eve.sign_in("eve2@example.com")
    other = shared.person()
    other.sign_in("eve2@example.com")
    theirs = next(each for each in eve.get("/sessions").json()["data"] if not each["current"])
    equal(eve.delete(f"/sessions/{theirs['id']}").status, 204)
    equal(other.get("/me").status, 401)
    equal(eve.post("/auth/sign-out-everywhere").status, 204)
    equal(eve.get("/me").status, 401)


@suite.test
def administrators_look_after_users():
    shared = site()
    admin, ada = shared.admin, shared.signed_in("partner", "ada")
    one = f"/users/{ada.id}"
    listed = admin.get("/users", q="ada@").json()["data"]
    equal([each["id"] for each in listed], [ada.id])
    equal(admin.get(one).json()["email"], "ada@example.com")
    equal(admin.patch(one, {"name": "Ada L."}).json()["name"], "Ada L.")
    begun = ada.post("/me/totp", {"password": PASSWORD}).json()
    ada.post("/me/totp/confirm", {"code": code(begun["secret"], step_now())})
    equal(admin.post(f"{one}/reset-totp").status, 204)
    equal(ada.sign_in("ada@example.com").status, 200, "without a code")
    equal(admin.post(f"{one}/sign-out").status, 204)
    equal(ada.get("/me").status, 401)

    looking = admin.post(f"{one}/view-as")
    equal(looking.json()["viewing_as"], {"id": ada.id, "name": "Ada L."})
    admin.csrf_token = looking.json()["csrf_token"]
    equal(admin.get("/links").status, 200)
    equal(admin.post("/links", {"destination_url": f"https://{HOST}/"}).status, 403)
    ended = admin.post("/auth/view-as/end")
    equal((ended.status, ended.json()["viewing_as"]), (200, None))
    admin.csrf_token = ended.json()["csrf_token"]
    actions = [row[0] for row in shared.rows(
        f"select action from audit_logs where object_id = '{ada.id}' order by id")]
    for wanted in ("users.change", "users.reset-totp", "users.sign-out", "users.view-as",
                   "users.view-as-end"):
        expect(wanted in actions, f"{wanted} among {actions}")


@suite.test
def settings_are_changed():
    shared = site()
    before = shared.admin.get("/settings").json()
    changed = shared.admin.patch("/settings", {
        "branding_name": "Acme Referrals", "branding_accent": "#AA0011",
        "support_email": "help@example.com", "totp_required_roles": ["finance", "admin", "finance"],
        "applications_open": False}).json()
    equal((changed["branding_name"], changed["branding_accent"], changed["support_email"]),
          ("Acme Referrals", "#aa0011", "help@example.com"))
    equal(changed["totp_required_roles"], ["admin", "finance"])
    equal(apply(shared, "late@example.com").status, 403)
    clerk = shared.signed_in("finance")
    me = clerk.me()
    equal((me["must_set_up_totp"], me["permissions"]), (True, ["account:own"]))
    equal(me["branding"], {"name": "Acme Referrals", "accent": "#aa0011"})
    equal(shared.person().get("/settings/branding").json(), me["branding"], "strangers are told")
    equal(clerk.get("/links").status, 403)
    equal(shared.admin.get("/users").status, 403, "the administrator, too")
    shared.rows("update settings set totp_required_roles = '{}'")
    back = {name: before[name] for name in before if name != "updated_at"}
    equal(shared.admin.patch("/settings", back).status, 200)
    equal(clerk.get("/links").status, 200)
    sent = shared.admin.post("/settings/test-mail", {"to": "help@example.com"})
    equal(sent.status, 201)
    audited = shared.admin.get("/audit-logs", object_id=sent.json()["id"]).json()["data"]
    equal([(each["action"], each["object_type"], each["after"]) for each in audited],
          [("settings.test-mail", "mail", {"to": "help@example.com"})])
    for field, value in (("branding_accent", "red"), ("branding_name", ""), ("support_email", "x"),
                         ("totp_required_roles", ["boss"]), ("applications_open", 1)):
        answer = shared.admin.patch("/settings", {field: value})
        equal(answer.status, 422, f"{field}: {answer.body}")


@suite.test
def every_operation_of_accounts_did_what_was_asked():
    shared = site()
    person = shared.signed_in()
    made = person.post("/api-keys", {"name": "k", "scopes": ["links:read"]}).json()
    one = f"/api-keys/{made['id']}"
    equal(person.get("/api-keys").status, 200)
    equal(person.patch(one, {"name": "l"}).json()["name"], "l")
    equal(person.post(f"{one}/rotate").status, 200)
    equal(person.delete(one).status, 204)
    unlocked = shared.signed_in()
    shared.rows(f"""insert into one_time_tokens values (sha256('{"u" * 43}'), 'unlock',
        {unlocked.number}, '', now(), now() + interval '1 minute')""")
    equal(person.post("/auth/unlock", {"token": "u" * 43}).status, 204)
    equal(person.post("/auth/sign-out").status, 204)
    every = {operation["operationId"]
             for (_, path), (_, operation) in shared.description.operations.items()
             if path.split("/")[1] in WORDS}
    equal(every - Person.answered, set(), "operations that never did what was asked")


@suite.test
def nothing_secret_is_logged_or_kept():
    """S-10, the part about dumps and logs: what opens an account stands in neither."""
    shared = site()
    person = shared.signed_in()
    made = person.post("/api-keys", {"name": "k", "scopes": ["links:read"]}).json()
    begun = person.post("/me/totp", {"password": PASSWORD}).json()
    # Mailed tokens stand in the log of a program without a mail server, on purpose.
    secrets = {"session": person.cookies["session"], "key": made["key"],
               "key's secret": made["key"].split("_")[3], "authenticator": begun["secret"],
               "password": PASSWORD}
    tables = [row[0] for row in shared.rows(
        "select table_name from information_schema.tables where table_schema = current_schema()")]
    dump = "\n".join(json.dumps(shared.rows(f"select t::text from {table} t"))
                     for table in tables if not table.startswith("link_clicks_"))
    log = shared.program.log.read_text()
    for name, secret in secrets.items():
        expect(secret not in log, f"{name} in the log")
        expect(secret not in dump, f"{name} in the database")
        expect(secret.encode().hex() not in dump, f"{name} in the database, as bytes")
