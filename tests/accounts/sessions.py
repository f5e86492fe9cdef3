"""S-10: sessions. S-18: API keys."""
import base64
import concurrent.futures
import time

from accounts.shared import PASSWORD, say, site, suite
from harness import equal, expect
from harness.suite import LONG

SIGN_INS = 10_000 if LONG else 60


@suite.test
def session_tokens_are_random():  # S-10
    shared = site()
    _, email = shared.user()
    first = shared.person()
    first.sign_in(email)
    tokens = {first.cookies["session"]}
    people = [shared.signed_in() for _ in range(20)]
    for number in range(SIGN_INS):
        person = people[number % len(people)]
        before = person.cookies["session"]
        equal(person.sign_in(person.email).status, 200)
        expect(person.cookies["session"] != before, "a new token with each sign-in")
        tokens.add(person.cookies["session"])
    equal(len(tokens), SIGN_INS + 1, "tokens that differ")
    expect(all(len(token) == 43 for token in tokens), "256 bits each")
    bits = [0] * 256
    for token in tokens:
        value = int.from_bytes(decoded(token), "big")
        for place in range(256):
            bits[place] += value >> place & 1
    worst = max(abs(count / len(tokens) - 0.5) for count in bits)
    expect(worst < 0.5 * 5.5 / len(tokens) ** 0.5, f"a bit that leans by {worst:.3f}")
    say(f"{len(tokens)} tokens, all different, no bit leans by more than {worst:.3f}")


def decoded(token):
    return base64.urlsafe_b64decode(token + "=")


@suite.test
def a_session_that_was_planted_is_not_taken_over():  # S-10
    shared = site()
    person = shared.person()
    _, email = shared.user()
    person.cookies["session"] = "x" * 43
    equal(person.sign_in(email).status, 200)
    expect(person.cookies["session"] != "x" * 43, "fixation")
    attacker = shared.person()
    attacker.cookies["session"] = "x" * 43
    equal(attacker.get("/me").status, 401)


@suite.test
def signing_in_again_ends_the_session_before():
    shared = site()
    person, copy = shared.signed_in(), shared.person()
    copy.cookies = dict(person.cookies)
    equal(copy.get("/me").status, 200)
    equal(person.sign_in(person.email).status, 200)
    equal(copy.get("/me").status, 401, "the token before")
    equal(len(person.get("/sessions").json()["data"]), 1)


@suite.test
def sessions_end_at_once():  # S-10
    shared = site()
    for what, end in (
            ("sign-out", lambda person, other: other.post("/auth/sign-out-everywhere")),
            ("password", lambda person, other: other.post(
                "/me/password", {"current_password": PASSWORD, "new_password": "tulip wagon 123"})),
            ("disabled", lambda person, other: shared.admin.patch(
                f"/users/{person.id}", {"status": "disabled"})),
            ("role", lambda person, other: shared.admin.patch(
                f"/users/{person.id}", {"role": "analyst"}))):
        person = shared.signed_in()
        other = shared.person()
        other.sign_in(person.email)
        equal(person.get("/me").status, 200, what)
        answer = end(person, other)
        expect(answer.status in (200, 204), f"{what}: {answer.status} {answer.body}")
        began = time.monotonic()
        equal(person.get("/me").status, 401, what)
        expect(time.monotonic() - began < 1, f"{what} took a second")


@suite.test
def keys_are_let_in_as_far_as_they_reach():  # S-18
    shared = site()
    owner = shared.signed_in()
    made = owner.post("/api-keys", {"name": "k", "scopes": ["links:read"]}).json()
    program = shared.person()
    program.key = made["key"]
    equal(program.get("/links").status, 200)
    for method, path in (("GET", "/clicks"), ("GET", "/me"), ("GET", "/users"), ("POST", "/links")):
        equal(program.request(method, path, {} if method == "POST" else None).status, 403, path)
    stranger = shared.person()
    for name in ("key", "api_key", "access_token", "authorization"):
        equal(stranger.get("/links", **{name: made["key"]}).status in (401, 422), True, name)
    expect(made["key"] not in shared.program.log.read_text(), "a key in an address is not logged")
    program.cookies = dict(owner.cookies)
    equal(program.get("/me").status, 403, "the key counts, not the cookie beside it")
    program.cookies = {}
    rotated = owner.post(f"/api-keys/{made['id']}/rotate").json()
    equal(program.get("/links").status, 200, "the old secret, for a day")
    owner.delete(f"/api-keys/{made['id']}")
    began = time.monotonic()
    for key in (made["key"], rotated["key"]):
        program.key = key
        equal(program.get("/links").status, 401, "revoked")
    expect(time.monotonic() - began < 1, "felt within a second")


@suite.test
def a_wrong_key_takes_as_long_as_an_unknown_one():  # S-18
    shared = site()
    owner = shared.signed_in()
    made = owner.post("/api-keys", {"name": "k", "scopes": ["links:read"]}).json()
    other = owner.post("/api-keys", {"name": "l", "scopes": ["links:read"]}).json()
    owner.delete(f"/api-keys/{other['id']}")
    people = {"revoked": shared.person(), "cut": shared.person()}
    people["revoked"].key, people["cut"].key = other["key"], made["key"][:-1]
    answers = set()
    for person in people.values():
        answer = person.get("/links")
        body = answer.json()
        body.pop("request_id")
        answers.add((answer.status, str(body)))
    equal(len(answers), 1, "one answer for all of them")


@suite.test
def two_administrators_cannot_disable_each_other():
    shared = site()
    one, two = shared.signed_in("admin"), shared.signed_in("admin")
    shared.rows("update users set status = 'disabled' where role = 'admin' and id not in "
                f"({one.number}, {two.number})")
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            done = [pool.submit(one.patch, f"/users/{two.id}", {"status": "disabled"}),
                    pool.submit(two.patch, f"/users/{one.id}", {"status": "disabled"})]
            statuses = sorted(each.result().status for each in done)
        expect(statuses.count(200) <= 1, f"{statuses}")
        left = shared.one("select count(*) from users where role = 'admin' and status = 'active'")
        equal(left, "1", "administrators left")
    finally:
        shared.rows("update users set status = 'active' where role = 'admin'")
