"""The suite, its program, and people who use it."""
from accounts.shared import HOST, Site
from harness import Suite, equal, expect

suite = Suite()
kept = {}


def site():
    """The program that the tests share. Its PostgreSQL is asked, too."""
    if "site" not in kept:
        kept["site"] = Site()
        kept["site"].manager = kept["site"].signed_in("manager")
    return kept["site"]


@suite.at_end
def close():
    for each in kept.values():
        each.close()


def refused(answer, *fields, status=422):
    """Fails unless the answer names exactly these fields."""
    equal(answer.status, status, answer.body)
    equal({error["field"] for error in answer.json()["errors"]}, set(fields), answer.body)


def created(answer):
    equal(answer.status, 201, answer.body)
    return answer.json()


def partner_of(shared, name, **more):
    """A partner made by the manager, who has accepted the invitation: (the answer, signed in)."""
    made = created(shared.manager.post("/partners", {
        "email": f"{name}@partners.example", "name": name} | more))
    token = shared.token("invitation", made["email"])
    person = shared.person()
    accepted = person.post("/auth/accept-invitation", {
        "token": token, "name": name, "password": "purple tractors hum along"})
    equal(accepted.status, 204, accepted.body)
    equal(person.sign_in(made["email"], "purple tractors hum along").status, 200)
    person.id = made["id"]
    return made, person


def actions(shared, object_id):
    """What was done to an object, as audit logs have it, the oldest first."""
    rows = shared.admin.get("/audit-logs", object_id=object_id).json()["data"]
    return [row["action"] for row in reversed(rows)]


__all__ = ["HOST", "actions", "created", "equal", "expect", "partner_of", "refused", "site",
           "suite"]
