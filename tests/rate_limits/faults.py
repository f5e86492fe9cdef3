"""R-09: Redis is killed, frozen, emptied and replaced by nonsense while clients go on."""
import contextlib
import statistics
import threading
import time

from durability.clicks import Crowd, make_links
from harness import GARBAGE, equal, eventually, expect, pretender
from rate_limits.accuracy import try_sign_in
from rate_limits.load import Load
from rate_limits.shared import BURST, LONG, PROXY, RATE, kept, nodes, say, suite

SECONDS = 60 if LONG else 2
GARBAGE_SECONDS = 5 if LONG else 1
# Of LIMITS: 10 sign-ins a minute from an address, 10 at once.
SIGN_IN_RATE, SIGN_IN_BURST = 1 / 6, 10
P99_GROWTH_MS = 5


def crowd():
    """Visitors of links of the first process, from the first call to the end of the tests."""
    if "crowd" not in kept:
        program = nodes(True).programs[0]
        program.database = nodes(True).database
        client = program.client(source=PROXY)
        client.sign_in("admin@example.com", "correct horse battery")
        kept["crowd"] = Crowd(program, make_links(client), rate=500)
        kept["crowd begun"] = time.monotonic()
        client.close()
    return kept["crowd"]


def catch_up():
    """Reads what the crowd has said up to now: a line a second."""
    due = int(time.monotonic() - kept["crowd begun"]) - len(crowd().seconds)
    if due > 0:
        crowd().watch(due)


class SignIns:
    """Somebody who tries passwords from one address at one process after the other."""

    def __init__(self, programs, address):
        self.statuses = []
        self._programs, self._address = programs, address
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._begun = time.monotonic()
        self._thread.start()

    def _work(self):
        while not self._stopping.wait(0.1):
            program = self._programs[len(self.statuses) % len(self._programs)]
            email = f"{len(self.statuses)}-{self._address}@example.com"
            self.statuses.append(try_sign_in(program, self._address, email))

    def stop(self):
        """(tried, allowed, allowed by the rule)."""
        self._stopping.set()
        self._thread.join()
        equal(set(self.statuses) - {401, 429}, set(), "answers to sign-ins")
        allowed = SIGN_IN_BURST + SIGN_IN_RATE * (time.monotonic() - self._begun)
        return len(self.statuses), self.statuses.count(401), allowed


def under_load(name, fault, seconds):
    """What happens to redirects, the API, its limits and sign-ins during `fault`."""
    of, visitors = nodes(True), crowd()
    kept["address"] = kept.get("address", 0) + 1
    well = Load(of.ports, "GET", "/api/v1/me", of.user(), rate=RATE / 2, threads=6)
    much = Load(of.ports, "GET", "/api/v1/me", of.user(), rate=RATE * 5, threads=12)
    catch_up()
    before = len(visitors.seconds)
    sign_ins = SignIns(of.programs, f"203.0.113.{100 + kept['address']}")
    well.start(), much.start()
    try:
        with fault():
            time.sleep(seconds)
        catch_up()
    finally:
        well.stop(), much.stop()
        tried, entered, entering = sign_ins.stop()
    lines = visitors.seconds[before:] or visitors.seconds[-1:]
    p99 = statistics.median(line["p99_us"] for line in lines) / 1e3
    ratio = much.statuses[200] / (BURST + RATE * much.seconds)
    say(f"{name}: redirects p99 {p99:.1f} ms; API {dict(well.statuses)}, p50 "
        f"{well.percentile(.5):.1f}, p99 {well.percentile(.99):.1f} ms; {ratio:.2f} of a user's "
        f"limit; {entered} of {tried} sign-ins where {entering:.0f} may")
    equal(set(well.statuses), {200}, f"the API while Redis is {name}")
    equal(set(much.statuses) - {200, 429}, set(), f"the API while Redis is {name}")
    expect(ratio <= 2, f"{ratio:.2f} of the limit while Redis is {name}")
    expect(entered <= 2 * entering, f"{entered} sign-ins while Redis is {name}")
    kept.setdefault("p99", {})[name] = p99


@contextlib.contextmanager
def killed():
    kept["redis"].kill()
    try:
        yield
    finally:
        kept["redis"].start()


@contextlib.contextmanager
def paused():
    kept["redis"].pause()
    try:
        yield
    finally:
        kept["redis"].resume()


@contextlib.contextmanager
def emptied():
    """Keys and scripts are gone, once a second."""
    stopping = threading.Event()

    def empty():
        while not stopping.wait(1):
            kept["redis"].command("FLUSHALL")
            kept["redis"].command("SCRIPT", "FLUSH")

    thread = threading.Thread(target=empty)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def replaced(answer, drip=0.0):
    """Another server in its place, which answers nonsense but to the first question."""
    @contextlib.contextmanager
    def fault():
        kept["redis"].kill()
        try:
            with pretender(kept["redis"].port, answer, greeting=b":3\r\n", drip=drip):
                yield
        finally:
            kept["redis"].start()
    return fault


@suite.test
def all_is_well_while_redis_is():
    under_load("well", contextlib.nullcontext, SECONDS)


@suite.test
def redis_may_be_killed():
    under_load("killed", killed, SECONDS)


@suite.test
def redis_may_freeze():
    under_load("paused", paused, SECONDS)


@suite.test
def redis_may_lose_everything():
    under_load("emptied", emptied, SECONDS)


@suite.test
def a_redis_that_lost_everything_learns_it_from_who_asks_first():
    first, second, _ = nodes(True).programs
    def tried(program):
        kept["tried"] = kept.get("tried", 0) + 1
        return try_sign_in(program, "203.0.113.90", f"{kept['tried']}-lost@example.com")

    for _ in range(6):
        equal(tried(first), 401)
    kept["redis"].command("FLUSHALL")
    equal(tried(first), 401, "the seventh of ten")
    statuses = [tried(second) for _ in range(8)]
    expect(3 <= statuses.count(401) <= 5, f"three are left, and one in six seconds: {statuses}")


@suite.test
def redis_may_answer_nonsense():
    wanted = GARBAGE if LONG else ("no protocol", "too large numbers", "a giant array")
    for name in wanted:
        under_load(name, replaced(GARBAGE[name]), GARBAGE_SECONDS)
    under_load("dripping", replaced(b"*3\r\n:1\r\n:0\r\n:0\r\n", drip=0.005), GARBAGE_SECONDS)


@suite.test
def redirects_notice_nothing():
    visitors = kept.pop("crowd")
    total = visitors.end()
    equal(total["lost"] + total["unreachable"] + total["other"], 0, f"failed redirects {total}")
    well = kept["p99"].pop("well")
    growth = {name: p99 - well for name, p99 in kept["p99"].items()}
    worst = max(growth, key=growth.get)
    say(f"{total['sent']} redirects, none failed; p99 {well:.1f} ms while Redis was well, then "
        + ", ".join(f"{name} {ms:+.1f} ms ({1 + ms / well:.2f} times)"
                    for name, ms in growth.items()))
    if LONG:  # In one second of a busy machine it says nothing.
        expect(growth[worst] <= P99_GROWTH_MS,
               f"{growth[worst]:+.1f} ms while Redis was {worst}")


@suite.test
def keys_tell_nothing_of_whose_they_are():
    of = nodes(True)
    try_sign_in(of.programs[0], "203.0.113.99", "somebody@example.com")
    found = kept["redis"].command("KEYS", "*")
    expect(b"referral:1:limit:{" in found, f"{found[:300]}")
    expect(b"203.0.113" not in found and b"sign-in" not in found, f"{found[:300]}")


@suite.test
def nonsense_in_a_key_heals():
    of = nodes(True)
    headers = of.user()
    client = of.programs[0].client()

    def status():
        return client.request("GET", "/me", headers=headers).status

    for value in ("inf", "nan", "-inf", "no number", "9999999999999999"):
        for _ in range(15):
            equal(status(), 200)
        for key in limit_keys():
            kept["redis"].command("SET", key, value)
        expect(status() in (200, 429), value)
        eventually(lambda: status() == 200, f"after {value}", seconds=2)
        time.sleep(0.5)
    for _ in range(15):
        equal(status(), 200)
    for key in limit_keys():
        kept["redis"].command("DEL", key)
        kept["redis"].command("RPUSH", key, "1")
    equal(status(), 200, "a list in place of a number")


def limit_keys():
    lines = kept["redis"].command("KEYS", "referral:1:limit:*").split(b"\r\n")
    return [line for line in lines if line.startswith(b"referral:")]
