"""Where a request for a link leads."""
import threading

from clicks.payloads import EVIL, queries
from clicks.shared import IPAD, IPHONE, say, site, suite
from clicks.visitors import HOST
from harness import RawSocket, equal, eventually, expect


def dead(shared, link, status, clicks=1):
    """A visit of a dead link: no redirect, no click id, an orphan."""
    answer = shared.visitor().get(link["code"])
    equal((answer.status, answer.location), (status, ""), link["code"])
    expect("text/html" in answer.headers["content-type"], answer.headers["content-type"])
    equal(shared.clicks(link, clicks)[0]["class"], "orphan")


@suite.test
def dead_links_say_so():
    shared = site()
    for action, status in (("pause", 404), ("disable", 410), ("ban", 410)):
        link = shared.link(f"/{action}")
        equal(shared.api.post(f"/links/{link['id']}/{action}").status, 200)
        dead(shared, link, status)
    link = shared.link("/again")
    shared.api.post(f"/links/{link['id']}/pause")
    dead(shared, link, 404)
    equal(shared.api.post(f"/links/{link['id']}/activate").json()["status"], "active")
    equal(shared.visitor().get(link["code"]).status, 302)

    unknown = shared.visitor().get("nosuchcode99")
    equal((unknown.status, unknown.location), (404, ""))
    rows = eventually(lambda: [r for r in shared.api.get("/clicks", class_="orphan").json()["data"]
                               if r["code"] == "nosuchcode99"], "the unknown code")
    equal((rows[0]["link_id"], rows[0]["user_id"]), (None, None))


@suite.test
def a_programs_fallback_takes_visitors_of_dead_links():
    shared = site()
    link = shared.link("/gone")
    shared.api.post(f"/links/{link['id']}/disable")
    shared.change_program(fallback_url="https://www.example.com/sorry")
    try:
        answer = eventually(lambda: (a := shared.visitor().get(link["code"])).status == 302 and a,
                            "the fallback")
        equal(answer.location, "https://www.example.com/sorry")
        equal(answer.cookies, [])
        equal(shared.visitor().get("nosuchcode").status, 404, "an unknown code has no program")
    finally:
        shared.change_program(fallback_url=None)
    dead_again = eventually(lambda: shared.visitor().get(link["code"]).status == 410, "no fallback")
    expect(dead_again, "410")


@suite.test
def a_link_stops_after_its_visits():
    shared = site()
    link = shared.link("/limited", visits_max=3)
    visitors = [shared.visitor() for _ in range(4)]
    found = [v.get(link["code"]).status for v in [visitors[0], *visitors[:3], visitors[3]]]
    equal(found, [302, 302, 302, 302, 410])
    equal(visitors[0].get(link["code"]).status, 410, "a repeat after the end")
    equal(shared.classes(link, 6), {"human": 3, "duplicate": 1, "orphan": 2})
    eventually(lambda: shared.api.get(f"/links/{link['id']}").json()["status"] == "expired",
               "status expired")


@suite.test
def visits_are_counted_exactly_by_many_at_once():
    shared = site()
    link = shared.link("/rush", visits_max=10)
    visitors = [shared.visitor() for _ in range(40)]
    found, start = [], threading.Barrier(len(visitors))
    def go(visitor):
        start.wait()
        found.append(visitor.get(link["code"]).status)
    threads = [threading.Thread(target=go, args=[v]) for v in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal((found.count(302), found.count(410)), (10, 30))
    equal(shared.classes(link, 40), {"human": 10, "orphan": 30})


@suite.test
def a_password_opens_a_link():
    shared = site()
    link, visitor = shared.link("/secret", password="open sesame"), shared.visitor()
    equal(link["has_password"], True)
    form = visitor.get(link["code"])
    equal((form.status, form.location), (200, ""))
    expect(b"<form" in form.body and link["code"].encode() in form.body, form.body[:200])
    equal(visitor.unlock(link["code"], "open barley").status, 403)
    equal(visitor.get(link["code"]).status, 200, "after a wrong password")

    opened = visitor.unlock(link["code"], "open sesame")
    equal((opened.status, opened.headers["location"]), (303, f"/r/{link['code']}"))
    expect("HttpOnly" in opened.cookies[0], opened.cookies[0])
    equal(visitor.get(link["code"]).status, 302)
    equal(shared.classes(link, 1), {"human": 1}, "a form that is looked at is no click")

    other = shared.link("/other-secret", password="open sesame")
    equal(visitor.get(other["code"]).status, 200, "the cookie opens one link only")
    shared.change(link, password="a new one, please")
    eventually(lambda: visitor.get(link["code"]).status == 200, "a new password closes the link")
    tries = [shared.visitor(ip="192.0.2.200").unlock(other["code"], "x").status for _ in range(12)]
    equal(tries[-1], 429, "the twelfth try")
    shared.change(other, password=None)
    eventually(lambda: shared.visitor().get(other["code"]).status == 302, "no password any more")


@suite.test
def targets_lead_by_device_and_country():
    shared = site()
    link = shared.link("/anybody", targets=[
        {"countries": ["JP"], "destination_url": f"https://{HOST}/japan"},
        {"devices": ["mobile"], "destination_url": f"https://{HOST}/mobile"},
        {"countries": ["DE"], "devices": ["tablet"],
         "destination_url": f"https://{HOST}/de-tablet"}])
    for ip, agent, path in (("133.11.0.1", IPHONE, "/japan"), ("194.25.0.125", IPHONE, "/mobile"),
                            ("194.25.0.125", IPAD, "/de-tablet"), ("8.8.8.8", IPAD, "/anybody"),
                            ("10.1.2.3", None, "/anybody")):
        visitor = shared.visitor(ip=ip, **({"user_agent": agent} if agent else {}))
        location = visitor.get(link["code"]).location
        expect(location.startswith(f"https://{HOST}{path}?"), f"{ip} {agent}: {location}")
    rows = shared.clicks(link, 5)
    equal([row["country"] for row in reversed(rows)], ["JP", "DE", "DE", "US", None])
    equal([row["device_type"] for row in reversed(rows)],
          ["mobile", "mobile", "tablet", "tablet", "desktop"])


@suite.test
def a_redirect_adds_what_the_link_says():
    shared = site()
    link = shared.link("/p?a=1&utm_medium=mine#end", pass_params=True,
                       utm={"source": "mail", "medium": "theirs", "campaign": "spring sale"})
    answer = shared.visitor().get(
        link["code"], "?sub=7&click_id=forged&ref=forged&utm_source=x&b=%26")
    url, _, fragment = answer.location.partition("#")
    equal(fragment, "end")
    equal(answer.parameters, {"a": "1", "utm_medium": "mine", "sub": "7", "b": "&",
                              "utm_source": "mail", "utm_campaign": "spring sale",
                              "ref": link["code"], "click_id": answer.click_id})
    expect(answer.click_id.startswith("clk_") and url.startswith(f"https://{HOST}/p?"), url)
    equal(shared.clicks(link, 1)[0]["id"], answer.click_id)

    plain = shared.link("/q")
    answer = shared.visitor().get(plain["code"], "?sub=7")
    equal(set(answer.parameters), {"ref", "click_id"}, "nothing passes through unasked")
    equal(shared.visitor().get(plain["code"].upper()).status, 302, "a code in capitals")


@suite.test
def deep_links_stay_on_allowed_hosts():
    shared = site()
    link = shared.link("/home")
    for address, wanted in ((f"https://{HOST}/deep?x=1#y", f"https://{HOST}/deep?x=1&ref="),
                            ("https://a.deep.example.com/p", "https://a.deep.example.com/p?ref="),
                            ("https://deep.example.com/", f"https://{HOST}/home?ref="),
                            (f"https://{EVIL}/", f"https://{HOST}/home?ref="),
                            (f"http://{HOST}/", f"https://{HOST}/home?ref=")):
        location = shared.visitor().get(link["code"], f"?to={address.replace('#', '%23')}").location
        expect(location.startswith(wanted), f"to={address}: {location}")


@suite.test
def no_payload_leads_elsewhere():  # S-13
    shared = site()
    link, passing = shared.link("/stay"), shared.link("/stay", pass_params=True)
    tried = refused = 0
    for code in (link["code"], passing["code"]):
        for query in queries():
            with RawSocket(shared.program.port) as raw:
                target = f"/r/{code}?{query}".encode()
                raw.send(b"GET " + target + b" HTTP/1.1\r\nHost: " + EVIL.encode() +
                         b"\r\nX-Forwarded-Host: " + EVIL.encode() +
                         b"\r\nConnection: close\r\n\r\n")
                head = raw.rest().split(b"\r\n\r\n")[0]
            tried += 1
            status, *lines = head.split(b"\r\n")
            expect(b"\r" not in head.replace(b"\r\n", b"") and
                   b"\n" not in head.replace(b"\r\n", b""), f"a bare line end: {head!r}")
            split = [line for line in lines if line.lower().startswith(b"x-split")]
            equal(split, [], query)
            if status.startswith(b"HTTP/1.1 400 "):
                refused += 1
                continue
            expect(status.startswith(b"HTTP/1.1 302 "), f"{query}: {status!r}")
            location = next(line for line in lines if line.startswith(b"Location: "))[10:]
            expect(location.startswith(f"https://{HOST}/".encode()), f"{query}: {location!r}")
            expect(all(33 <= byte < 127 for byte in location), f"{query}: {location!r}")
    expect(tried >= 600, f"{tried} payloads")
    say(f"{tried} payloads, {refused} refused, all others led to {HOST}")


@suite.test
def pages_for_visitors_are_safe():
    shared = site()
    paused = shared.link("/paused")
    shared.api.post(f"/links/{paused['id']}/pause")
    secret = shared.link("/secret", password="open sesame")
    for code in (paused["code"], secret["code"], "no<script>such", "%3Cscript%3Ealert(1)"):
        answer = shared.visitor().get(code)
        policy = answer.headers.get("content-security-policy", "")
        expect("default-src 'none'" in policy and "unsafe" not in policy, f"{code}: {policy}")
        equal(answer.headers.get("x-content-type-options"), "nosniff", code)
        expect(b"<script>" not in answer.body, f"{code}: {answer.body[:300]}")
