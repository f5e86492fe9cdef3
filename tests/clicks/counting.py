"""What a request for a link counts as, and as whose."""
import pathlib
import random
import tempfile

from clicks.shared import BOTS, IPHONE, PREFETCHES, site, suite
from clicks.visitors import CLASSES, Site, Visitor
from harness import FakeClock, equal, eventually, expect


def mixed_requests(shared, link):
    """K1's thousand requests in an order of chance, repeats behind what they repeat."""
    firsts = [shared.visitor() for _ in range(700)]
    passers_by = shared.visitor()
    def other(**options):
        return lambda: passers_by.get(link["code"], cookies=False, **options)
    requests = [(lambda v=v: v.get(link["code"])) for v in firsts]
    requests += [other(headers={"User-Agent": BOTS[i % 3]}) for i in range(90)]
    requests += [other(headers=PREFETCHES[i % 4]) for i in range(40)]
    requests += [other(method="HEAD") for _ in range(30)]
    requests += [other(headers={"Sec-Fetch-Dest": "image"}) for _ in range(15)]
    requests += [lambda i=i: passers_by.get(f"nosuchcode{i}") for i in range(5)]
    generator = random.Random(1)
    generator.shuffle(requests)
    requests += [(lambda v=v: v.get(link["code"])) for v in generator.sample(firsts, 120)]
    return requests


@suite.test
def a_thousand_requests_are_counted_by_class():  # K1
    shared = site()
    link = shared.link("/k1")
    before, proof_before = shared.summary(), shared.proof()
    wanted = {"human": 700, "duplicate": 120, "bot": 90, "prefetch": 40, "non_get": 30,
              "embedded": 15}

    for request in mixed_requests(shared, link):
        request()

    equal(shared.classes(link, 995), wanted)
    everything = shared.summary()
    gained = {name: everything.get(name, 0) - before.get(name, 0) for name in CLASSES}
    equal({k: v for k, v in gained.items() if v}, wanted | {"orphan": 5}, "summary")
    equal(shared.summary(link_id=link["id"]), wanted, "summary of the link")
    journalled, stored, classes = shared.proof()
    equal((journalled - proof_before[0], stored - proof_before[1]), (1000, 1000), "proof")
    equal({k: classes[k] - proof_before[2][k] for k in wanted}, wanted, "proof by class")
    equal(classes["orphan"] - proof_before[2]["orphan"], 5)
    found = shared.api.get(f"/links/{link['id']}").json()
    equal((found["clicks"], found["unique_clicks"]), (820, 700), "the link's own counts")


@suite.test
def bots_and_heads_are_not_unique():  # K3
    shared = site()
    link, visitor = shared.link("/k3"), shared.visitor()

    visitor.get(link["code"], headers={"User-Agent": BOTS[0]})
    for _ in range(3):
        visitor.get(link["code"], method="HEAD")

    equal(shared.classes(link, 4), {"bot": 1, "non_get": 3})
    equal(shared.api.get("/analytics/summary", link_id=link["id"]).json()["unique_clicks"], 0)


@suite.test
def a_duplicate_window_ends_to_the_second():  # K2
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o711)
        clock = FakeClock(folder)
        timed = Site(env=clock.env)
        try:
            windows_end(timed, clock)
            links_begin_and_end(timed, clock)
        finally:
            timed.close()


def windows_end(timed, clock):
    with_cookie, without = timed.link("/cookie"), timed.link("/none")
    keeps, forgets = timed.visitor(), timed.visitor()
    for seconds in (0, 3599, 1):
        clock.advance(seconds=seconds)
        keeps.get(with_cookie["code"])
        forgets.get(without["code"], cookies=False)
    for link in (with_cookie, without):
        rows = timed.clicks(link, 3)
        equal([row["class"] for row in reversed(rows)], ["human", "duplicate", "human"])
        equal(rows[0]["clicked_at"], clock.text(), "the time of the newest")


def links_begin_and_end(timed, clock):
    link = timed.link("/times", starts_at=clock.text(hours=1), expires_at=clock.text(hours=2))
    visitor = timed.visitor()
    found = []
    for seconds in (0, 3599, 1, 3599, 1):
        clock.advance(seconds=seconds)
        found.append(visitor.get(link["code"]).status)
    equal(found, [404, 404, 302, 302, 410])
    equal(timed.classes(link, 5), {"orphan": 3, "human": 1, "duplicate": 1})
    equal(timed.api.get(f"/links/{link['id']}").json()["status"], "expired")


@suite.test
def only_people_get_a_cookie():
    shared = site()
    link = shared.link("/cookies")
    first = shared.visitor().get(link["code"])
    equal(len(first.cookies), 1)
    cookie = first.cookies[0]
    name, *attributes = [part.strip() for part in cookie.split(";")]
    expect(name.startswith("lv=") and len(name) == 29, cookie)
    for wanted in ("HttpOnly", "Path=/", "SameSite=Lax"):
        expect(wanted in attributes, f"{wanted} in {cookie}")
    age = next(int(a[8:]) for a in attributes if a.startswith("Max-Age="))
    expect(0 < age <= 396 * 86_400, cookie)
    expect("Secure" not in attributes, "plain http")

    visitor = shared.visitor()
    for options in ({"headers": {"User-Agent": BOTS[0]}}, {"headers": PREFETCHES[0]},
                    {"method": "HEAD"}, {"headers": {"Sec-Fetch-Dest": "script"}}):
        equal(visitor.get(link["code"], **options).cookies, [], str(options))
    equal(visitor.get("nosuchcode").cookies, [])
    equal(len(visitor.get(link["code"], headers={"Sec-Fetch-Dest": "document"}).cookies), 1)
    equal(visitor.get(link["code"]).cookies, [], "a repeat")


@suite.test
def without_cookies_address_and_browser_tell_visitors_apart():
    shared = site()
    link, visitor = shared.link("/nocookies"), shared.visitor()
    visitor.get(link["code"], cookies=False)
    visitor.get(link["code"], cookies=False)
    visitor.get(link["code"], cookies=False, headers={"Cookie": "lv=notacookieofours"})
    shared.visitor(ip=visitor.ip, user_agent=IPHONE).get(link["code"])
    shared.visitor().get(link["code"])
    classes = [row["class"] for row in reversed(shared.clicks(link, 5))]
    equal(classes, ["human", "duplicate", "duplicate", "human", "human"])


@suite.test
def a_handed_out_cookie_is_the_same_visitor_elsewhere():
    shared = site()
    link, other, visitor = shared.link("/moves"), shared.link("/other"), shared.visitor()
    visitor.get(link["code"])
    visitor.ip = "203.0.113.77"
    visitor.user_agent = IPHONE
    visitor.get(link["code"])
    visitor.get(other["code"])
    rows = shared.clicks(link, 2)
    equal([row["class"] for row in rows], ["duplicate", "human"])
    there = shared.clicks(other, 1)[0]
    equal((there["class"], there["visitor"]), ("human", rows[0]["visitor"]))


@suite.test
def only_trusted_proxies_say_who_asks():  # S-22
    shared = site()
    link = shared.link("/hops")
    for source, header, wanted in (
            ("127.0.0.1", "203.0.113.9", "127.0.0.1"),
            ("127.0.0.2", "203.0.113.9", "203.0.113.9"),
            ("127.0.0.2", "6.6.6.6, 203.0.113.10", "203.0.113.10"),
            ("127.0.0.2", "6.6.6.6, 203.0.113.11, 127.0.0.3", "203.0.113.11"),
            ("127.0.0.2", "6.6.6.6, 127.0.0.1", "127.0.0.1"),
            ("127.0.0.2", "2001:db8::7", "2001:db8::7"),
            ("127.0.0.2", "nonsense", "127.0.0.2"), ("127.0.0.2", None, "127.0.0.2")):
        before = len(shared.api.all("/clicks", link_id=link["id"]))
        Visitor(shared.program, ip=header, source=source).get(link["code"], cookies=False)
        equal(shared.clicks(link, before + 1)[0]["visitor_ip"], wanted, f"{header} by {source}")


@suite.test
def relaxed_answers_are_counted_too():
    relaxed = Site(env={"CLICK_DURABILITY": "relaxed"})
    try:
        link = relaxed.link("/relaxed")
        answers = [relaxed.visitor().get(link["code"]) for _ in range(50)]
        expect(all(answer.click_id for answer in answers), "a click id each")
        stored = {row["id"] for row in relaxed.clicks(link, 50)}
        equal(stored, {answer.click_id for answer in answers})
        answers = [relaxed.visitor().get(link["code"]) for _ in range(50)]
        equal(relaxed.program.restart().is_running(), True)
        relaxed.api = relaxed.program.sign_in()
        stored = {row["id"] for row in relaxed.clicks(link, 100)}
        expect({answer.click_id for answer in answers} <= stored, "clicks answered before a stop")
    finally:
        relaxed.close()
