"""Every route, and every way to call one wrongly."""
import json
import struct
import zlib

from api.shared import HOST, CheckedClient, is_problem, raw_json, say, site, suite
from harness import EventStream, equal, eventually, expect

FULL_LINK = {"destination_url": f"https://{HOST}/full?a=1", "code": "full-of-all",
             "name": "All of it", "starts_at": "2026-01-01T00:00:00Z",
             "expires_at": "2099-01-01T00:00:00Z", "visits_max": 1000,
             "password": "open sesame", "pass_params": True,
             "utm": {"source": "a", "medium": "b", "campaign": "c", "term": "d", "content": "e"},
             "targets": [{"countries": ["US", "DE"], "devices": ["mobile", "tablet"],
                          "destination_url": f"https://{HOST}/there"}]}

# First words of paths whose operations tests/accounts, tests/mail and tests/partners answer for.
ELSEWHERE = {"mails", "auth", "me", "users", "roles", "sessions", "api-keys", "applications",
             "terms", "settings", "programs", "groups", "partners", "enrolments", "leads"}
# Those of tests/conversions and tests/commissions.
SALE = {"accounts", "commission-rules", "commissions", "conversions", "customers",
        "exchange-rates", "explain", "imports", "js", "ledger", "postback", "postback-keys",
        "tokens"}


@suite.test
def every_route_does_what_it_says():
    shared = site()
    api = shared.api
    link = api.post("/links", FULL_LINK)
    equal(link.status, 201)
    link = link.json()
    for name, value in FULL_LINK.items():
        if name != "password":
            found = link[name]
            equal(found, value if name != "utm" else {**value}, name)
    alias = api.post("/referral/generate", {"destination_url": f"https://{HOST}/"})
    equal((alias.status, alias.json()["user_id"]), (201, shared.me["id"]))
    one = f"/links/{link['id']}"
    equal(api.get(one).json()["code"], "full-of-all")
    changed = api.patch(one, {"name": None, "password": None, "expires_at": None, "targets": []})
    equal((changed.status, changed.json()["name"], changed.json()["has_password"]),
          (200, None, False))
    for verb, status in (("pause", "paused"), ("activate", "active"), ("disable", "disabled"),
                         ("ban", "banned")):
        answer = api.post(f"{one}/{verb}")
        equal((answer.status, answer.json()["status"]), (200, status), verb)
    equal(api.post(f"{one}/activate").status, 409, "banned is for good")

    plain = shared.link()
    shared.click(plain, "8.8.8.8")
    shared.wait_for_clicks(plain, 1)
    for path, query in (
            ("/links", {}), ("/clicks", {}), ("/clicks", {"link_id": plain["id"]}),
            ("/clicks/proof", {"day": plain["created_at"][:10]}), ("/programs", {}),
            (f"/programs/{shared.program_id}", {}), ("/me", {}), ("/openapi.json", {}),
            ("/links/suggestions", {"code": plain["code"][:-1]}),
            (f"/links/{plain['id']}/qr", {}), ("/analytics/summary", {"compare": "previous"}),
            ("/analytics/summary", {"compare": "year"}),
            ("/analytics/timeseries", {"interval": "hour"}),
            ("/analytics/breakdown", {"by": "os"}), ("/audit-logs", {}), ("/audit-logs/export", {}),
            ("/audit-logs/proof", {"after": 0}),
            (f"/audit-logs/{api.get('/audit-logs').json()['data'][0]['id']}", {})):
        equal(api.get(path, **query).status, 200, path)
    equal(api.patch("/me", {"name": "The Administrator", "timezone": "Europe/Berlin"}).json()
          ["user"]["timezone"], "Europe/Berlin")
    with EventStream(shared.program.port, "/api/v1/analytics/live", api) as events:
        equal(events.status, 200)
        name, data = events.next()
        equal(name, "counters")
        offences = shared.description.shapes.offences(
            {"$ref": "#/components/schemas/LiveCounters"}, data) \
            if "LiveCounters" in shared.description.document["components"]["schemas"] else []
        equal(offences, [])
        _, operation = shared.description.find("GET", "/analytics/live")
        CheckedClient.answered.add(operation["operationId"])
    leaver = shared.user("analyst", "leaver")
    equal(leaver.post("/auth/sign-out").status, 204)
    every = {operation["operationId"]
             for (_, path), (_, operation) in shared.description.operations.items()
             if path.split("/")[1] not in ELSEWHERE | SALE}
    equal(every - CheckedClient.answered, set(), "operations that never did what was asked")
    say(f"{len(every)} operations, every answer as described")


def is_here(path):
    """Whether `filled` knows a thing for the path's hole."""
    return "{id}" not in path or path.split("/")[1] in ("links", "programs")


def filled(path, link, program_id):
    """A path with its hole filled by a thing that is there."""
    return path.replace("{id}", program_id if path.startswith("/programs") else link["id"])


def wrong_values(shape, named):
    """JSON that is not of the shape's type."""
    if "$ref" in shape:
        shape = named(shape["$ref"])
    if "anyOf" in shape:
        return ["text", 7, ["list"]]
    kinds = shape.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    values = []
    if "string" not in kinds:
        values.append("text")
    if "integer" not in kinds:
        values.append(7)
    else:
        values += [1.5, 1e300, -10**30, 10**30]
    if "array" not in kinds:
        values.append(["list"])
    if "object" not in kinds:
        values.append({"an": "object"})
    if "boolean" not in kinds:
        values.append(True)
    if "string" in kinds and ("x-rule" in shape or "enum" in shape or "format" in shape):
        values += ["", "\u0000"]
        if "to 100000 characters" not in shape.get("x-rule", ""):
            values.append("\ud83d\ude00" * 3000)
    return values


def caller(shared, method, path):
    """A client who may call a route: the administrator, or else a partner."""
    return shared.api if shared.api.may(method, path) else shared.user("partner", "caller")


@suite.test
def bad_fields_are_named():
    shared = site()
    link, tried = shared.link(), 0
    for method, path, shape in shared.description.with_body():
        if not is_here(path):
            continue
        target, by = filled(path, link, shared.program_id), caller(shared, method, path)
        answer = by.request(method, target, {"no_such_field": 1})
        is_problem(answer, 422, "no_such_field")
        for name in shape.get("required", ()):
            is_problem(by.request(method, target, {}), 422, name)
        for name, inner in shape["properties"].items():
            for value in wrong_values(inner, shared.description.shapes.named):
                answer = by.request(method, target, {name: value})
                problem = is_problem(answer, 422)
                fields = [error["field"] for error in problem["errors"]]
                expect(any(field == name or field.startswith(name + ".") for field in fields),
                       f"{method} {path} {name}={value!r:.60}: {fields}")
                tried += 1
    expect(tried > 100, tried)
    say(f"{tried} wrong values named")


@suite.test
def bodies_that_are_none_are_refused():
    shared = site()
    link, before = shared.link(), len(shared.api.all("/links"))
    good = json.dumps({"destination_url": f"https://{HOST}/"}).encode()
    bad = [b"", b"{", b"nonsense", b'{"destination_url":}', b'{"a":1}{"b":2}', b"\xff\xfe{}",
           b'{"destination_url":"\xff"}', b'{"destination_url":"\\ud800"}', b"[" * 10_000,
           b'{"a":' * 10_000, b"[" * 10_000 + b"]" * 10_000, b'{"a":01}', b"{'a':1}", b"{\"a\":1,}",
           b"\xef\xbb\xbf" + b"{", b"NaN", b'{"a":NaN}', b'{"visits_max":1e999999}']
    for method, path, _ in shared.description.with_body():
        if not is_here(path):
            continue
        target, by = filled(path, link, shared.program_id), caller(shared, method, path)
        for body in bad:
            answer = raw_json(by, method, target, body)
            expect(answer.status in (400, 422), f"{path} {body[:40]!r}: {answer.status}")
        for body in (b"[]", b'"text"', b"null", b"7", b"true"):
            is_problem(raw_json(by, method, target, body), 422)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                     "application/xml"):
            answer = raw_json(by, method, target, good, kind)
            expect(answer.status in (400, 415), f"{path} as {kind}: {answer.status}")
    for kind in ("application/json", "application/json; charset=utf-8", "application/JSON"):
        equal(raw_json(shared.api, "POST", "/links", good, kind).status, 201, kind)
    equal(len(shared.api.all("/links")), before + 3, "links made by accident")


@suite.test
def ids_of_other_kinds_are_not_found():
    shared = site()
    link = shared.link()
    ids = [shared.me["id"], shared.program_id, link["id"]]
    strange = ["lnk_", "lnk_0", "lnk_zzzzzzzzzzzzz", "0", "1", "-1", "null", "%00", "..%2f..", "'",
               "lnk_" + "0" * 5000, link["id"].upper() + "x", link["id"][4:], "%F0%9F%98%80"]
    for method, path in shared.description.operations:
        if "{id}" not in path:
            continue
        own = {"programs": shared.program_id, "users": shared.me["id"]}.get(
            path.split("/")[1], link["id"])
        for other in [each for each in ids if each != own] + strange:
            body = {} if method == "PATCH" else None
            answer = shared.api.request(method, path.replace("{id}", other), body)
            equal(answer.status, 404, f"{method} {path} {other[:40]}")


@suite.test
def queries_are_checked():
    shared = site()
    for path, query, field in (
            ("/links", {"no_such": "1"}, "no_such"), ("/links", {"limit": "0"}, "limit"),
            ("/links", {"limit": "201"}, "limit"), ("/links", {"limit": "many"}, "limit"),
            ("/links", {"sort": "sideways"}, "sort"), ("/links", {"status": "asleep"}, "status"),
            ("/links", {"cursor": "nonsense"}, "cursor"), ("/links", {"user_id": "1"}, "user_id"),
            ("/clicks", {"class": "nonsense"}, "class"), ("/clicks", {"from": "soon"}, "from"),
            ("/clicks", {"cursor": "AAAA"}, "cursor"), ("/clicks", {"link_id": "usr_1"}, "link_id"),
            ("/clicks/proof", {"day": "2026-13-01"}, "day"), ("/clicks/proof", {}, "day"),
            ("/analytics/summary", {"timezone": "Mars/Olympus"}, "timezone"),
            ("/analytics/summary", {"from": "2026-02-30"}, "from"),
            ("/analytics/summary", {"from": "2026-03-02", "to": "2026-03-01"}, "to"),
            ("/analytics/timeseries", {"interval": "fortnight"}, "interval"),
            ("/analytics/timeseries", {"interval": "hour", "from": "2000-01-01"}, "interval"),
            ("/analytics/breakdown", {}, "by"), ("/analytics/breakdown", {"by": "mood"}, "by"),
            ("/audit-logs", {"user_id": "lnk_1"}, "user_id"), ("/audit-logs", {"to": "soon"}, "to"),
            ("/audit-logs", {"cursor": "AAAA"}, "cursor"),
            ("/audit-logs/export", {"action": ""}, "action"),
            ("/audit-logs/proof", {"after": "-1"}, "after"),
            ("/links/suggestions", {"colour": "red"}, "colour")):
        answer = shared.api.request("GET", path, query=query)
        is_problem(answer, 422, field)
    link = shared.link()
    for query in ({"size": "63"}, {"size": "2049"}, {"format": "gif"}):
        is_problem(shared.api.request("GET", f"/links/{link['id']}/qr", query=query), 422,
                   next(iter(query)))
    for path in ("/no/such/route", "/links/x/y/z", "/", ""):
        is_problem(shared.api.get("/api/v1" + path), 404)
    for method, path in (("DELETE", "/me"), ("PUT", "/links"), ("POST", "/clicks")):
        answer = shared.api.request(method, path)
        equal(answer.status, 405, f"{method} {path}")
        expect("GET" in answer.headers["allow"], answer.headers)


def different_rows(png, size):
    """The rows of a plain square PNG, as its filters left them."""
    expect(png.startswith(b"\x89PNG\r\n\x1a\n"), png[:8])
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    equal((width, height), (size, size), "pixels")
    at, data = 8, b""
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at:at + 8])
        if name == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += length + 12
    expect(depth in (1, 8) and kind in (0, 3), f"a picture of {depth} bits, kind {kind}")
    stride = (width * depth + 7) // 8 + 1
    data = zlib.decompress(data)
    equal(len(data), stride * height, "bytes of the picture")
    return {bytes(data[row * stride:(row + 1) * stride]) for row in range(height)}


@suite.test
def a_qr_code_is_a_picture_of_the_wanted_size():
    shared = site()
    link = shared.link()
    for size in (64, 512, 2048):
        svg = shared.api.get(f"/links/{link['id']}/qr", format="svg", size=size)
        equal((svg.status, svg.headers["content-type"].split(";")[0]), (200, "image/svg+xml"))
        expect(f'width="{size}"'.encode() in svg.body and b"<script" not in svg.body,
               svg.body[:300])
        png = shared.api.get(f"/links/{link['id']}/qr", format="png", size=size)
        equal((png.status, png.headers["content-type"]), (200, "image/png"))
        expect(len(different_rows(png.body, size)) > 20, "different rows")


@suite.test
def typed_codes_get_suggestions():
    shared = site()
    link = shared.link(code="springtime-7")
    for typed in ("springtime-8", "sprinttime-7", "springtme-7", "psringtime-7", "springtime-77"):
        found = shared.api.get("/links/suggestions", code=typed).json()["data"]
        expect(link["code"] in [each["code"] for each in found], f"{typed}: {found}")
    equal(shared.api.get("/links/suggestions", code="nothinglikeit").json()["data"], [])
    shared.api.post(f"/links/{link['id']}/disable")
    eventually(lambda: not shared.api.get("/links/suggestions",
                                          code="springtime-8").json()["data"],
               "a dead code is no suggestion")
