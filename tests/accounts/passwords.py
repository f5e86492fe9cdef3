"""S-07: which passwords are taken. S-09: second factors."""
import json
import pathlib
import time

from accounts.shared import PASSWORD, site, suite, say
from accounts.totp import STEP_SECONDS, code, step_now
from harness import equal, expect
from harness.program import ROOT

COMMON = pathlib.Path(ROOT) / "node_modules/@zxcvbn-ts/language-common/src/passwords.json"


def changed(person, current, wanted, **more):
    return person.post("/me/password", {"current_password": current, "new_password": wanted} | more)


@suite.test
def passwords_are_taken_as_the_rules_say():  # S-07
    shared = site()
    person = shared.signed_in("partner", "marigold")
    current = PASSWORD
    table = [("a" * 7 + "bcdefgh", 422, "14 characters"), ("tulip wagon 12", 422, "14 with blanks"),
             ("tulip wagon 123", 204, "15"),
             ("x7" * 3 + "tulip wagon " + "river " * 30, 204, "198"),
             ("ž" * 3 + "luťoučký kůň úpěl", 204, "letters of other scripts"),
             ("木曜日に雨が降ったので傘を買いました", 204, "no letters"),
             ("r" * 10 + "iver bank" + "é" * 120, 422, "more than 256 bytes"),
             ("marigold@example.com", 422, "the address"), ("marigold marigold", 422, "the name"),
             ("LogisticsOneSource", 422, "this system"), ("qwertyuiopasdfgh", 422, "keys in a row"),
             ("123456789012345678", 422, "digits in a row"),
             ("abcabcabcabcabcabc", 422, "repeated"),
             ("passwordpassword", 422, "a common one twice"), ("", 422, "nothing")]
    for wanted, status, what in table:
        answer = changed(person, current, wanted)
        equal(answer.status, status, f"{what}: {answer.body}")
        current = wanted if status == 204 else current
    composed, decomposed = "caf\u00e9 au lait, le matin", "cafe\u0301 au lait, le matin"
    equal(changed(person, current, composed).status, 204)
    equal(person.sign_in(person.email, decomposed).status, 200, "the same in another form")


@suite.test
def common_passwords_are_refused():  # S-07
    shared = site()
    person = shared.signed_in()
    setup = person.post("/me/totp", {"password": PASSWORD}).json()
    equal(person.post("/me/totp/confirm", {"code": code(setup["secret"], step_now())}).status, 200)
    listed = json.loads(COMMON.read_text())
    long_enough = [word for word in listed[:3000] if len(word) >= 8]
    # The rules are asked before the code: no try is used up.
    for word in long_enough[:150]:
        answer = changed(person, PASSWORD, word, totp="000000")
        fields = [error["field"] for error in answer.json().get("errors", [])]
        expect(answer.status == 422 and fields == ["new_password"], f"{word}: {answer.body}")
    answer = changed(person, PASSWORD, "tu7ip@b8", totp="000000")
    equal([error["field"] for error in answer.json()["errors"]], ["totp"], "8 characters")
    answer = changed(person, PASSWORD, "tu7ip@b", totp="000000")
    equal([error["field"] for error in answer.json()["errors"]], ["new_password"], "7 characters")
    say(f"{min(150, len(long_enough))} of the {len(long_enough)} common passwords of 8 and more "
        "characters among the first 3,000")


def fresh_step():
    """A step that has at least ten seconds left."""
    while time.time() % STEP_SECONDS > STEP_SECONDS - 10:
        time.sleep(0.5)
    return step_now()


@suite.test
def codes_work_once_and_five_times_in_five_minutes():  # S-09
    shared = site()
    person = shared.signed_in()
    secret = person.post("/me/totp", {"password": PASSWORD}).json()["secret"]
    step = fresh_step()
    recovery = person.post("/me/totp/confirm", {"code": code(secret, step - 1)}).json()
    equal(len(set(recovery["recovery_codes"])), 10)

    def sign_in(totp):
        return shared.person().sign_in(person.email, PASSWORD, totp)

    asked = shared.person().sign_in(person.email)
    equal((asked.status, asked.json()["type"]), (401, "/problems/second-factor"))
    equal(sign_in(code(secret, step - 1)).status, 401, "used to set it up")
    equal(sign_in(code(secret, step + 2)).status, 401, "too early")
    equal(sign_in(code(secret, step)).status, 200, "the code of now")
    equal(sign_in(code(secret, step)).status, 401, "once")
    shared.rows(f"delete from second_factor_tries where user_id = {person.number}")
    statuses = [sign_in(f"{i:06}").status for i in range(7)]
    equal(statuses[:5], [401] * 5, "five tries")
    equal(set(statuses[5:]), {429}, "and no sixth")
    equal(sign_in(recovery["recovery_codes"][0]).status, 429, "a recovery code neither")
    equal(person.sign_in(person.email, PASSWORD, recovery["recovery_codes"][0]).status, 200,
          "the owner's device has tries of its own")
    equal(person.sign_in(person.email, PASSWORD, recovery["recovery_codes"][0]).status, 401, "once")
    stored = shared.one(f"select string_agg(encode(code_hash, 'hex'), ' ') from recovery_codes "
                        f"where user_id = {person.number}")
    for each in recovery["recovery_codes"]:
        expect(each.replace("-", "").encode().hex() not in stored, "codes are hashed")
