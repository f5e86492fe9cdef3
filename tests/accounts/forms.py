"""S-04: fields nobody asked for. S-05: requests that a page of another site made."""
from accounts.access import BODIES
from accounts.ids import id_text
from accounts.shared import HOST, site, say, suite
from harness import equal, expect

# Names that mean something here or in other systems, and that no form has.
FORBIDDEN = ("id", "user_number", "owner", "owner_id", "tenant", "tenant_id", "is_admin", "admin",
             "is_staff", "roles", "permission", "balance", "commission_rate", "commission",
             "amount", "password_hash", "token_hash", "secret_hash", "totp_secret", "verified",
             "verified_at", "email_verified", "approved", "decided_by", "created_at", "updated_at",
             "last_sign_in_at", "failed_sign_ins", "csrf_token", "acting_for")


def writes(shared):
    for (method, path), (_, operation) in shared.description.operations.items():
        if method != "GET":
            yield method, path, operation


def filled(shared, path):
    """A path with the id of something that is there."""
    if path.startswith("/programs"):
        return path.replace("{id}", shared.program_id)
    return path.replace("{id}", id_text("lnk", 1))


@suite.test
def fields_that_no_form_has_are_refused():  # S-04
    shared = site()
    ada = shared.signed_in()
    before = shared.rows("select id, email, name, role, status from users order by id")
    tried = 0
    for method, path, operation in writes(shared):
        if "requestBody" not in operation:
            continue
        known = shared.description.shapes.named(
            operation["requestBody"]["content"]["application/json"]["schema"]["$ref"])["properties"]
        body = BODIES.get(operation["operationId"], {})
        by = shared.admin if shared.admin.may(method, path) else ada
        for name in FORBIDDEN:
            if name in known:
                continue
            answer = by.request(method, filled(shared, path), body | {name: 1})
            if answer.status == 404:
                break
            equal(answer.status, 422, f"{method} {path} {name}: {answer.body[:200]}")
            fields = [error["field"] for error in answer.json()["errors"]]
            expect(name in fields, f"{method} {path}: {name} among {fields}")
            tried += 1
    equal(shared.rows("select id, email, name, role, status from users order by id"), before)
    for body in ({"role": "admin"}, {"status": "active"}, {"email": "x@example.com"}):
        equal(ada.patch("/me", {"name": "Ada"} | body).status, 422, str(body))
    equal(shared.one(f"select role from users where id = {ada.number}"), "partner")
    say(f"{tried} fields refused and named")


@suite.test
def what_other_sites_send_is_refused():  # S-05
    shared = site()
    person, other = shared.signed_in("admin"), shared.signed_in("admin")
    partner = shared.signed_in()
    forgeries = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                 {"Origin": "https://evil.example.net"}, {"Origin": "null"},
                 {"X-CSRF-Token": None}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": other.csrf_token})
    # Those that set cookies or change what a mailed link allows, without a session.
    own_page = ("/auth/sign-in", "/auth/reset-password", "/auth/accept-invitation",
                "/auth/confirm-email", "/auth/unlock")
    tried = 0
    for method, path, operation in writes(shared):
        signed = "x-permission" in operation
        if not signed and path not in own_page:
            continue
        body = {"email": "a@example.com", "password": "x" * 20, "token": "x", "name": "x"}
        if not signed:
            known = shared.description.shapes.named(operation["requestBody"]["content"]
                                                    ["application/json"]["schema"]["$ref"])
            body = {name: value for name, value in body.items() if name in known["properties"]}
        for forged in forgeries if signed else forgeries[:4]:
            answer = person.request(method, filled(shared, path), body if not signed else {},
                                    headers=forged)
            equal(answer.status, 403, f"{method} {path} {forged}: {answer.body[:200]}")
            tried += 1
        if "requestBody" in operation:
            by = person if person.may(method, path) else partner
            answer = by.request(method, filled(shared, path), b"{}",
                                headers={"Content-Type": "text/plain"})
            expect(answer.status in (400, 404, 415), f"{method} {path} as text: {answer.status}")
    equal(person.get("/me").status, 200, "still signed in")
    say(f"{tried} forged requests refused")


@suite.test
def reading_changes_nothing():  # S-05
    shared = site()
    person = shared.signed_in("admin")
    person.post("/links", {"destination_url": f"https://{HOST}/"})
    shared.idle_jobs()
    # How many rows, and the last transaction that wrote one: PostgreSQL's counters come late.
    written = " union all ".join(
        f"select '{table}', count(*), max(xmin::text::bigint) from {table}" for table in
        ("users", "sessions", "api_keys", "referral_links", "programs", "settings",
         "partner_applications", "one_time_tokens", "second_factors", "partners", "terms",
         "terms_acceptances"))
    before = shared.rows(written)
    for (method, path), (_, operation) in shared.description.operations.items():
        if method == "GET" and "text/event-stream" not in str(operation["responses"]):
            person.get(filled(shared, path))
    equal(shared.rows(written), before, "rows that changed")
