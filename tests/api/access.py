"""Who may do what: sessions, forged requests, roles, other people's things, and header lines."""
import gzip
import http.client
import json

from api.routes import filled
from api.shared import HOST, PREFIX, is_problem, site, suite
from harness import EventStream, equal, eventually, expect
from harness.client import ApiClient
from harness.program import ADMIN_EMAIL, ADMIN_PASSWORD


@suite.test
def signing_in_needs_the_right_password():
    shared = site()
    answers = []
    for email, password in ((ADMIN_EMAIL, "wrong horse battery"), ("nobody@example.com", "x" * 20),
                            (ADMIN_EMAIL, ""), (ADMIN_EMAIL.upper(), ADMIN_PASSWORD + " ")):
        answer = shared.client().post("/auth/sign-in", {"email": email, "password": password})
        problem = is_problem(answer, 401)
        equal(answer.cookies, [])
        answers.append((problem["title"], problem["detail"]))
    equal(len(set(answers)), 1, "what tells a wrong address from a wrong password")
    answer = shared.client().post("/auth/sign-in",
                                  {"email": ADMIN_EMAIL.upper(), "password": ADMIN_PASSWORD})
    equal(answer.status, 200, "an address in capitals")
    name, *attributes = [part.strip() for part in answer.cookies[0].split(";")]
    expect(len(name.partition("=")[2]) >= 40, "a token of 128 bits or more")
    for wanted in ("HttpOnly", "SameSite=Lax", "Path=/"):
        expect(wanted in attributes, answer.cookies[0])
    stored = shared.program.postgres.rows("select string_agg(token_hash::text, ' ') from sessions")
    token = name.partition("=")[2]
    expect(token not in stored[0][0] and token.encode().hex() not in stored[0][0],
           "the database holds no token")


@suite.test
def behind_tls_cookies_are_secure():
    shared = site()
    connection = http.client.HTTPConnection("127.0.0.1", shared.program.port, timeout=10,
                                            source_address=("127.0.0.2", 0))
    connection.request("POST", PREFIX + "/auth/sign-in",
                       json.dumps({"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}),
                       {"Content-Type": "application/json", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    cookie = answer.getheader("Set-Cookie")
    expect(cookie.startswith("__Host-session=") and "Secure" in cookie, cookie)
    expect(answer.getheader("Strict-Transport-Security"), "HSTS")
    connection.close()


@suite.test
def a_session_ends():
    shared = site()
    client, other = shared.user("manager", "leaver2"), shared.user("manager", "leaver2")
    kept = dict(client.cookies)
    equal(client.post("/auth/sign-out").status, 204)
    equal([name for name in client.cookies if not name.startswith("device-")], [],
          "cookies after signing out, but for the one that makes the device known")
    client.cookies = kept
    is_problem(client.get("/me"), 401)
    equal(other.get("/me").status, 200, "another session of the same user")
    shared.program.postgres.rows(
        "update users set status = 'disabled' where email = 'leaver2@example.com'")
    is_problem(other.get("/me"), 401)
    with EventStream(shared.program.port, PREFIX + "/analytics/live", other) as events:
        equal(events.status, 401)
    answer = shared.client().post("/auth/sign-in", {"email": "leaver2@example.com",
                                                    "password": ADMIN_PASSWORD})
    is_problem(answer, 401)


@suite.test
def forged_writes_are_refused():  # S-05
    shared = site()
    link = shared.link()
    stranger = shared.user("admin", "another")
    token, other_token = shared.api.csrf_token, stranger.csrf_token
    forgeries = [{"X-CSRF-Token": None}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x" * 43},
                 {"X-CSRF-Token": other_token}, {"X-CSRF-Token": token[:-1]},
                 {"Origin": "https://evil.example.net"}, {"Origin": "null"},
                 {"Origin": f"http://127.0.0.1:{shared.program.port}.evil.example.net"},
                 {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
    # Those without a session are tried in tests/accounts.
    writes = [(method, path)
              for (method, path), (_, operation) in shared.description.operations.items()
              if method != "GET" and "x-permission" in operation]
    expect(len(writes) >= 8, writes)
    for method, path in writes:
        target = filled(path, link, shared.program_id)
        for forged in forgeries:
            answer = shared.api.request(method, target, {}, headers=forged)
            is_problem(answer, 403)
        is_problem(shared.client().request(method, target, {}), 401)
    equal(shared.api.get("/me").status, 200, "still signed in")
    equal(shared.api.get(f"/links/{link['id']}").json(), link, "the link")
    for forged in forgeries[5:]:
        answer = shared.client().request(
            "POST", "/auth/sign-in", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD},
            headers=forged)
        is_problem(answer, 403)
    for good in ({"Origin": f"http://127.0.0.1:{shared.program.port}"},
                 {"Sec-Fetch-Site": "same-origin"}):
        equal(shared.api.request("POST", f"/links/{link['id']}/pause", headers=good).status, 200)
        equal(shared.api.request("POST", f"/links/{link['id']}/activate", headers=good).status, 200)


@suite.test
def partners_see_their_own_only():
    shared = site()
    one, two = shared.user("partner", "partner1"), shared.user("partner", "partner2")
    mine, theirs, staffs = shared.link(one), shared.link(two), shared.link()
    for link in (mine, theirs, staffs):
        for number in range(3):
            shared.click(link, f"203.0.113.{number}")
        shared.wait_for_clicks(link, 3)
    equal(mine["user_id"], one.user["id"])
    equal([row["id"] for row in one.all("/links")], [mine["id"]])
    rows = one.all("/clicks")
    equal({(row["link_id"], row["visitor_ip"]) for row in rows}, {(mine["id"], None)})
    equal(len(rows), 3)
    equal({row["visitor_ip"] is None for row in shared.api.all("/clicks", link_id=mine["id"])},
          {False}, "staff see addresses")
    for path in ("", "/qr"):
        equal(one.get(f"/links/{theirs['id']}{path}").status, 404, path)
    equal(one.patch(f"/links/{theirs['id']}", {"name": "x"}).status, 404)
    for verb in ("pause", "activate", "disable"):
        equal(one.post(f"/links/{theirs['id']}/{verb}").status, 404, verb)
    equal(one.post(f"/links/{mine['id']}/ban").status, 403)
    for query in ({"link_id": theirs["id"]}, {"user_id": two.user["id"]}):
        for path in ("/clicks", "/analytics/summary", "/analytics/timeseries"):
            answer = one.get(path, **query)
            expect(answer.status == 404 or answer.json()["data"] == [],
                   f"{path} {query}: {answer.status} {answer.body[:200]}")
    equal(one.get("/analytics/breakdown", by="os", link_id=theirs["id"]).status, 404)
    equal(one.get("/analytics/summary").json()["clicks"], 3)
    equal(one.get("/analytics/summary").json()["links"], 1)
    series = one.get("/analytics/timeseries").json()["data"]
    equal(sum(point["clicks"] for point in series), 3)
    by_link = one.get("/analytics/breakdown", by="link").json()["data"]
    equal([(row["key"], row["clicks"]) for row in by_link], [(mine["id"], 3)])
    cities = one.get("/analytics/breakdown", by="city").json()
    equal([row for row in cities["data"] if row["unique_clicks"] < 5], [], "cells of less than 5")
    answer = one.post("/links", {"destination_url": f"https://{HOST}/", "user_id": two.user["id"]})
    expect(answer.status in (403, 404, 422), answer.body)
    equal(one.patch(f"/links/{mine['id']}", {"user_id": two.user["id"]}).status in (403, 404, 422),
          True, "giving a link away")
    with EventStream(shared.program.port, PREFIX + "/analytics/live", one) as events:
        events.next()
        shared.click(theirs, "203.0.113.50")
        wanted = shared.click(mine, "203.0.113.51")
        seen = []
        while wanted not in seen:
            name, data = events.next()
            if name == "click":
                seen.append(data["id"])
                equal((data["link_id"], data["visitor_ip"]), (mine["id"], None))


@suite.test
def answers_carry_their_header_lines():
    shared = site()
    client = ApiClient(shared.program.port)
    for path, is_page in (("/api/v1/openapi.json", False), ("/api/v1/me", False),
                          ("/api/v1/nothing", False), ("/healthz", False), ("/dashboard/", True),
                          ("/assets/app-1234abcd.js", True), ("/no/such/page", True)):
        client.ROOTS = ("/",)
        headers = client.get(path).headers
        policy = headers.get("content-security-policy", "")
        expect(policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy and
               "unsafe" not in policy, f"{path}: {policy}")
        for name, value in (("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
                            ("referrer-policy", "same-origin"),
                            ("cross-origin-opener-policy", "same-origin")):
            equal(headers.get(name), value, f"{path} {name}")
        expect("server" not in headers, "a line that tells which server it is")
        if not is_page:
            equal(headers.get("cache-control"), "no-store", path)


@suite.test
def pages_are_served_from_memory():
    shared = site()
    client = ApiClient(shared.program.port)
    client.ROOTS = ("/",)
    for path, kind, caching in (("/dashboard/", "text/html; charset=utf-8", "no-cache"),
                                ("/referrals/links", "text/html; charset=utf-8", "no-cache"),
                                ("/assets/app-1234abcd.js", "text/javascript; charset=utf-8",
                                 "public, max-age=31536000, immutable")):
        plain = client.get(path)
        equal((plain.status, plain.headers["content-type"], plain.headers["cache-control"]),
              (200, kind, caching), path)
        tag = plain.headers["etag"]
        for sent in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            answer = client.request("GET", path, headers={"If-None-Match": sent})
            equal((answer.status, answer.body), (304, b""), f"{path} If-None-Match: {sent}")
        packed = client.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
        equal(packed.headers.get("content-encoding"), "gzip", path)
        expect("Accept-Encoding" in packed.headers["vary"], packed.headers)
        equal(gzip.decompress(packed.body), plain.body, path)
        unpacked = client.request("GET", path, headers={"Accept-Encoding": "gzip;q=0, br"})
        equal((unpacked.headers.get("content-encoding"), unpacked.body), (None, plain.body))
        head = client.request("HEAD", path)
        equal((head.status, head.headers["content-length"], head.body),
              (200, str(len(plain.body)), b""), "HEAD")
    equal((client.get("/").status, client.get("/").headers["location"]), (302, "/dashboard/"))
    for path in ("/no/such/page", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/",
                 "/.env", "/assets/..%2fdashboard/index.html", "/dashboard//", "/public/../.env"):
        answer = client.get(path)
        expect(answer.status in (400, 404), f"{path}: {answer.status}")
        expect(b"root:" not in answer.body, path)
    answer = client.post("/dashboard/", {})
    expect(answer.status in (404, 405, 413), f"POST to a page: {answer.status}")
    eventually(lambda: client.get("/healthz").json()["status"] == "alive", "alive")


@suite.test
def a_program_is_changed():
    shared = site()
    path = f"/programs/{shared.program_id}"
    before = shared.api.get(path).json()
    try:
        changed = shared.api.patch(path, {
            "name": "Shippers", "timezone": "America/Chicago", "click_window_days": 30,
            "duplicate_window_seconds": 60, "fallback_url": "https://www.example.com/sorry",
            "allowed_hosts": [HOST, "*.example.org", "quote.example.com:8443"]}).json()
        equal((changed["name"], changed["click_window_days"], changed["fallback_url"]),
              ("Shippers", 30, "https://www.example.com/sorry"))
        equal(shared.api.get(path).json(), changed)
        equal(shared.api.post("/links", {"destination_url": "https://a.example.org/"}).status, 201)
        for url in ("https://example.org/", "https://quote.example.com/",
                    "https://evil.example.net/", "http://www.example.com/", "javascript:alert(1)",
                    "https://www.example.com@x.net/"):
            is_problem(shared.api.post("/links", {"destination_url": url}), 422, "destination_url")
        for field, value in (("timezone", "Mars/Olympus"), ("click_window_days", 0),
                             ("duplicate_window_seconds", 86_401), ("allowed_hosts", ["a b"]),
                             ("allowed_hosts", ["https://x.com/"]),
                             ("fallback_url", "http://x.com/"),
                             ("name", ""), ("name", "x" * 101), ("currency", "EURO")):
            answer = shared.api.patch(path, {field: value})
            problem = is_problem(answer, 422)
            expect(problem["errors"][0]["field"].startswith(field), problem)
        equal(shared.api.get(path).json(), changed, "after what was refused")
    finally:
        restored = {name: before[name] for name in (
            "name", "timezone", "click_window_days", "duplicate_window_seconds", "fallback_url",
            "allowed_hosts")}
        equal(shared.api.patch(path, restored).status, 200)


@suite.test
def links_refuse_what_makes_no_sense():
    shared = site()
    shared.link(code="taken-code")
    is_problem(shared.api.post("/links", {"destination_url": f"https://{HOST}/",
                                          "code": "taken-c0de"}), 409)
    for field, value in (("code", "ab"), ("code", "x" * 65), ("code", "a b"), ("code", "admin"),
                         ("visits_max", 0), ("password", "abc"), ("name", "two\nlines"),
                         ("targets", [{"countries": ["usa"],
                                       "destination_url": f"https://{HOST}/"}]),
                         ("targets", [{"destination_url": "https://evil.example.net/"}]),
                         ("expires_at", "soon"), ("program_id", shared.me["id"]),
                         ("utm", {"source": "x" * 101}), ("utm", {"colour": "red"})):
        answer = shared.api.post("/links", {"destination_url": f"https://{HOST}/", field: value})
        problem = is_problem(answer, 422)
        expect(any(error["field"].startswith(field) for error in problem["errors"]), problem)
    answer = shared.api.post("/links", {
        "destination_url": f"https://{HOST}/", "starts_at": "2030-01-02T00:00:00Z",
        "expires_at": "2030-01-01T00:00:00Z"})
    expect(is_problem(answer, 422)["errors"][0]["field"] in ("starts_at", "expires_at"), "dates")
    several = {"destination_url": 7, "code": "a b", "x": 1}
    every = is_problem(shared.api.post("/links", several), 422)
    equal({error["field"] for error in every["errors"]}, {"destination_url", "code", "x"},
          "all bad fields at once")
