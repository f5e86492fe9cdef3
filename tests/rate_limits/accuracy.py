"""S-29: what is allowed at 1, 2 and 10 times the limit, and what the answers say of it."""
import re
import time

from harness import DidNotStart, Program, equal, expect
from rate_limits.load import Load
from rate_limits.shared import BURST, LONG, PROXY, RATE, nodes, say, suite

SECONDS = 20 if LONG else 2
ITEM = re.compile(r'"([a-z.-]+)";([a-z])=(\d+);([a-z])=(\d+)')


def measure(of, ports, times):
    """(allowed, allowed by the rule, refused) at so many times the limit."""
    load = Load(ports, "GET", "/api/v1/me", of.user(), rate=RATE * times).run(SECONDS)
    equal(set(load.statuses) - {200, 429}, set(), f"other answers {load.statuses}")
    return load.statuses[200], by_the_rule([at for at, _, _ in load.answers]), load.statuses[429]


def by_the_rule(times):
    """How many of the requests answered at these times a bucket of the limit allows; pauses of a
    busy machine, in which it runs over, are in the times."""
    left, before, allowed = BURST, times[0], 0
    for at in times:
        left, before = min(BURST, left + RATE * (at - before)), at
        if left >= 1:
            left, allowed = left - 1, allowed + 1
    return allowed


def within(part, allowed, wanted, what):
    """Allowed is what the rule says, but for `part` of it (and one request at either end)."""
    slack = part * wanted + 2
    expect(abs(allowed - wanted) <= slack,
           f"{what}: {allowed} allowed, {wanted:.0f} by the rule ({allowed / wanted - 1:+.1%})")


def accuracy(shared, count):
    """Tries 1, 2 and 10 times the limit."""
    of, words = nodes(shared), []
    for times in (1, 2, 10):
        allowed, wanted, refused = measure(of, of.ports[:count], times)
        what = f"{times}x the limit, {count} processes"
        if shared or count == 1:
            within(0.02, allowed, wanted, what)
        else:  # Each allows the whole limit, and not more.
            expect(allowed <= count * (BURST + RATE * SECONDS) * 1.02 + 2, f"{what}: {allowed}")
        if times == 1:
            equal(refused, 0, f"refused at {what}")
        words.append(f"{times}x: {allowed} of {wanted:.0f} ({allowed / wanted - 1:+.1%})")
    say(f"{count} processes {'with' if shared else 'without'} Redis: {', '.join(words)}")


@suite.test
def one_process_alone_is_exact():
    accuracy(False, 1)


@suite.test
def three_processes_alone_allow_three_times_at_most():
    accuracy(False, 3)


@suite.test
def one_process_with_redis_is_exact():
    accuracy(True, 1)


@suite.test
def three_processes_with_redis_allow_the_limit_together():
    accuracy(True, 3)


def items(line):
    """{policy: {q: …, w: …}} of a header line."""
    return {name: {a: int(b), c: int(d)} for name, a, b, c, d in ITEM.findall(line)}


@suite.test
def answers_say_what_is_left_and_when_to_come_back():
    of = nodes(True)
    headers = of.user()
    load = Load(of.ports, "GET", "/api/v1/me", headers, rate=RATE * 10).run(1.5)
    for _, status, lines in load.answers:
        policy, state = items(lines["ratelimit-policy"]), items(lines["ratelimit"])
        equal(policy["read.user"], {"q": BURST, "w": 1})
        left = state["read.user"]
        expect(0 <= left["r"] <= BURST and 0 <= left["t"] <= 1, f"{left}")
        equal(status == 429, "retry-after" in lines)
        if status == 429:
            equal((left["r"], int(lines["retry-after"]) >= 1), (0, True), f"{lines}")
    client = of.programs[0].client()
    refused = client.request("GET", "/me", headers=headers)
    while refused.status != 429:
        refused = client.request("GET", "/me", headers=headers)
    problem = refused.json()
    equal((problem["type"], problem["status"]), ("/problems/too-many", 429))
    equal(refused.headers["content-type"], "application/problem+json")
    time.sleep(int(refused.headers["retry-after"]))
    equal(client.request("GET", "/me", headers=headers).status, 200, "after Retry-After")
    expect(of.programs[0].metrics()['referral_requests_limited_total{class="read"}'] > 0, "counted")


def try_sign_in(program, address, email="admin@example.com", password="wrong"):
    """The status of a sign-in from an address."""
    client = program.client(source=PROXY)
    try:
        return client.post("/auth/sign-in", {"email": email, "password": password},
                           headers={"X-Forwarded-For": address}).status
    finally:
        client.close()


@suite.test
def sign_ins_are_counted_by_address_and_nobody_else_is_locked_out():
    program = nodes().programs[0]
    v4 = [try_sign_in(program, "203.0.113.7", f"v4-{n}@example.com") for n in range(14)]
    equal((v4[0], v4[-1], 10 <= v4.count(401) <= 12), (401, 429, True), f"{v4}")
    v6 = [try_sign_in(program, f"2001:db8:1:1::{n:x}", f"v6-{n}@example.com")
          for n in range(14)]
    equal((v6[0], v6[-1], 10 <= v6.count(401) <= 12), (401, 429, True), f"a /64: {v6}")
    equal(try_sign_in(program, "2001:db8:1:2::1", "v6@example.com"), 401, "the next /64")
    equal(try_sign_in(program, "203.0.113.8", password="correct horse battery"), 200,
          "the owner from elsewhere")


@suite.test
def redirects_are_not_limited():
    program = nodes().programs[0]
    load = Load([program.port], "GET", "/r/nosuchcode", {}, rate=500).run(1)
    equal(set(load.statuses), {404}, "unknown links")


@suite.test
def wrong_settings_are_said():
    for name, value, wanted in [
            ("RATE_LIMITS", "reed=1/s", 'RATE_LIMITS: "reed=1/s" names no class'),
            ("RATE_LIMITS", "read=many", 'RATE_LIMITS: "read=many" wants COUNT/UNIT'),
            ("REDIS_URL", "rediss://:secret@host", "REDIS_URL must be an address such as redis://"),
            ("CORS_ORIGINS", "app.example.com", "CORS_ORIGINS")]:
        program = Program(env={name: value}, start=False)
        try:
            program.start()
            raise AssertionError(f"{name}={value} was taken")
        except DidNotStart:
            expect(wanted in program.output(), f"{wanted} in {program.output()}")
            expect("secret" not in program.output(), "the password is told")
        finally:
            program.close()
