"""S-03: every route × everybody who may come × own, another's and missing objects, held against
the table in docs/access.md. REFERRAL_WRITE_ACCESS=1 writes the table anew; a route that is not in
it fails, whatever it answers."""
import http.client
import os
import pathlib

from accounts.ids import id_text
from accounts.shared import HOST, ROLES, Site, kept, say, suite
from harness import expect
from harness.program import ROOT

TABLE = pathlib.Path(ROOT) / "docs/access.md"
CALLERS = ("nobody", *ROLES, "viewing", "key", "other key", "revoked key")
UNKNOWN = {"no_such_field": 1}
# Of each route that takes a body: one that is fine but for what it names. Others get UNKNOWN: a
# refusal of the body shows that the caller was let in, and nothing happens.
BODIES = {
    "changeLink": {"name": "Changed"}, "changeUser": {"name": "Changed"},
    "changeApiKey": {"name": "Changed"}, "changeProgram": {"name": "default"},
    "rejectApplication": {"reason": "No"}, "changeGroup": {"description": "Changed"},
    "changePartner": {"country": "US"}, "changeEnrolment": {"group_id": None},
    "acceptLead": {}, "changeAccount": {"name": "Changed"}, "rejectLead": {"reason": "No"},
} | {f"{verb}Enrolment": {"reason": "Why"}
     for verb in ("approve", "reject", "suspend", "reinstate", "ban", "leave")}
# What stands in the hole of a path, by the first word of the path.
KINDS = {"links": "lnk", "programs": "prg", "users": "usr", "sessions": "ses", "api-keys": "key",
         "applications": "app", "audit-logs": "aud", "jobs": "job", "mails": "mal",
         "partners": "partner", "groups": "grp", "enrolments": "enr", "leads": "led",
         "commissions": "com", "commission-rules": "rul",
         "conversions": "cnv", "customers": "cus", "accounts": "acc", "imports": "imp",
         "postback-keys": "pbk"}
# Routes that end or change the session they come with: each call has one of its own.
ONCE = {"signOut", "signOutEverywhere", "endViewAs", "viewAs", "endSession", "changePassword"}
# Answered by a stream without end: its status is looked at.
STREAM = "followClicks"
NOT_LET_IN = {401: "401", 403: "403", 404: "404"}
INTRODUCTION = """# Access

Made by `REFERRAL_WRITE_ACCESS=1 tests/accounts/run access_is_as_the_table_says` from what a
running program answers, and checked by the same test: a route that is missing here, or answers
otherwise, fails it.

- *yes*: let in; what happens then depends on the request. Numbers are the status of a refusal.
- Of routes with an `{id}`: one's own object / another's / one that is not there, or one word when
  all three are answered alike. Where objects belong to nobody, the first two are the same.
- *nobody* did not sign in; *viewing* is an administrator who sees as a partner; *key* is an API key
  of a partner with all scopes that a key can have; *other key* is one with a scope that fits few
  routes (`clicks:read`); *revoked key* was one.
- *permission* is what the route wants; `src/accounts/permissions.cpp` says which role has it. None:
  open to everybody.

"""


class Matrix:
    """The callers, and objects to try them on."""

    def __init__(self):
        self.site = Site()
        kept["access"] = self.site
        self._database = self.site.program.postgres.session()
        self.owners = {role: self.site.user(role, f"matrix-{role}") for role in ROLES}
        self.stranger = self.site.user("partner", "matrix-other")
        self.partner = self.client("partner")
        made = {}
        scopes = [name for name in self.partner.me()["permissions"] if not name.endswith(":own")]
        for name, wanted in (("key", scopes), ("other key", ["clicks:read"]),
                             ("revoked key", scopes)):
            made[name] = self.partner.post("/api-keys", {"name": name, "scopes": wanted}).json()
        self.partner.delete(f"/api-keys/{made['revoked key']['id']}")
        self.keys = {name: key["key"] for name, key in made.items()}
        self.allowed = {role: self.client(role).me()["permissions"] for role in ROLES}
        self.clients = {}

    def close(self):
        self._database.close()

    def owner(self, caller):
        """(number, address) of the user whose rights the caller has."""
        return self.owners.get(caller, self.owners["partner"])

    def client(self, caller):
        """A fresh client of a caller."""
        person = self.site.person()
        if caller in ROLES:
            answer = person.sign_in(self.owners[caller][1])
            expect(answer.status == 200, f"{caller}: {answer.status} {answer.body[:200]}")
        elif caller == "viewing":
            person.sign_in(self.owners["admin"][1])
            answer = person.post(f"/users/{id_text('usr', self.owners['partner'][0])}/view-as")
            expect(answer.status == 200, answer.body)
            person.csrf_token = answer.json()["csrf_token"]
        elif caller != "nobody":
            person.key = self.keys[caller]
        return person

    def usual(self, caller):
        """The client of a caller, for routes that leave its session alone."""
        if caller not in self.clients:
            self.clients[caller] = self.client(caller)
        return self.clients[caller]

    def objects(self, kind, caller):
        """Paths' values: an object of the caller's, another's, and one that is not there."""
        if kind == "partner":
            numbers = (self.owners["partner"][0], self.stranger[0], 2**40 + 12345)
            return tuple(id_text("usr", number) for number in numbers)
        missing = id_text(kind, 2**40 + 12345)
        own, other = self.owner(caller)[0], self.stranger[0]
        if kind in ("lnk", "key", "ses", "enr", "led", "cnv", "cus", "com"):
            return (self.row(kind, own), self.row(kind, other), missing)
        one = self.row(kind, own)
        return (one, one, missing)

    @staticmethod
    def credited(user):
        """A conversion of a new customer that a user is credited for."""
        return f"""with customer as (
                       insert into customers (external_id, first_seen_at, created_at, updated_at)
                       values (md5(random()::text), now(), now(), now()) returning id),
                   conversion as (
                       insert into conversions (program_id, kind, source, external_id, line,
                           occurred_at, received_at, currency, revenue, cost, quantity, unit, lane,
                           customer_id, customer_country, metadata, facts_hash, program_is_given,
                           is_organic)
                       select (select min(id) from programs), 'delivered', 'matrix',
                           md5(random()::text), '', now(), now(), 'USD', 0, 0, 1000, 'load', '',
                           id, '', '{{}}', sha256(''), false, false
                       from customer returning id, customer_id),
                   decision as (
                       insert into attributions (conversion_id, decided_at, cause, source, trace)
                       select id, now(), 'conversion', 'code', '{{"occurred_at":
                           "2026-01-01T00:00:00Z", "policy": {{"version": 1, "model": "last",
                           "window_days": 90, "half_life_days": 7, "acquisition": false}},
                           "source": "code", "steps": []}}' from conversion),
                   credit as (
                       insert into attribution_credits (conversion_id, position, user_id,
                           weight_ppm, source, occurred_at)
                       select id, 0, {user}, 1000000, 'code', now() from conversion)
                   """

    def row(self, kind, user):
        """The id of a new object of a user; of a program, the only one."""
        sql = {
            "lnk": f"""insert into referral_links (user_id, program_id, code, code_key,
                           destination_url, created_at, updated_at)
                       select {user}, min(id), c, c, 'https://{HOST}/', now(), now()
                       from programs, (select 'm' || substr(md5(random()::text), 1, 12)) as m (c)
                       group by c returning id""",
            "prg": "select min(id) from programs",
            "aud": "select max(id) from audit_logs",
            "job": """insert into jobs (kind, state, run_at, created_at, updated_at)
                      values ('accounts.never', 'dead', now(), now(), now()) returning id""",
            "mal": """insert into mails (to_address, template, details, secret, state, created_at,
                          sent_at)
                      values ('a@example.com', 'application-received', '{}', false, 'shown', now(),
                          now()) returning id""",
            "usr": f"""insert into users (email, name, role, status, password_hash, created_at,
                           updated_at)
                       select 'm' || md5(random()::text) || '@example.com', 'M', 'partner',
                           'active', '{self.site.password_hash()}', now(), now() returning id""",
            "ses": f"""insert into sessions (token_hash, user_id, created_at, seen_at, expires_at,
                           ip, user_agent)
                       select sha256(random()::text::bytea), {user}, now(), now(),
                           now() + interval '1 hour', '10.0.0.1', '' returning id""",
            "key": f"""insert into api_keys (user_id, name, key_id, secret_hash, scopes, created_at)
                       select {user}, 'k', substr(md5(random()::text), 1, 8), '\\x00',
                           '{{links:read}}', now() returning id""",
            "app": """insert into partner_applications (email, name, kind, country, terms_version,
                          ip, password_hash, status, created_at)
                      select md5(random()::text) || '@example.com', 'A', 'person', 'US', 1,
                          '10.0.0.1', 'x', 'waiting', now() returning id""",
            "grp": """insert into groups (program_id, name, created_at, updated_at)
                      select min(id), md5(random()::text), now(), now() from programs
                      returning id""",
            # Of a program of its own: a user takes part in one once.
            "enr": f"""with made as (
                           insert into programs (name, kind, currency, timezone, attribution_model,
                               click_window_days, duplicate_window_seconds, trigger, hold_days,
                               minimum_payout, created_at, updated_at)
                           values (md5(random()::text), 'generic', 'USD', 'UTC', 'last', 90, 3600,
                               'delivered', 30, 0, now(), now()) returning id)
                       insert into enrolments (program_id, user_id, status, since, created_at,
                           updated_at)
                       select id, {user}, 'approved', now(), now(), now() from made
                       returning id""",
            "led": f"""insert into leads (program_id, user_id, company, domain, status,
                           registered_at, created_by, created_at, updated_at)
                       select min(id), {user}, 'L', md5(random()::text) || '.example', 'waiting',
                           now(), {user}, now(), now() from programs returning id""",
            "cnv": self.credited(user) + "select id from conversion",
            "cus": self.credited(user) + "select customer_id from conversion",
            "acc": """insert into accounts (name, first_known_at, created_at, updated_at)
                      values ('A', now(), now(), now()) returning id""",
            "imp": f"""insert into imports (name, file_hash, bytes, columns, mapping, defaults,
                           status, rows, created_by, created_at, updated_at)
                       values ('I', sha256(''), 1, '{{}}', '{{}}', '{{}}', 'checked', 0, {user},
                           now(), now()) returning id""",
            "pbk": f"""insert into postback_keys (key, program_id, name, secret, created_by,
                           created_at)
                       select md5(random()::text), min(id), 'P', '\\x00', {user}, now()
                       from programs returning id""",
            # Retired, so that it is for nobody, and of a partner who takes part in its program.
            "rul": f"""with made as (
                           insert into commission_rules (program_id, created_at)
                           select min(id), now() from programs returning id, program_id),
                       enrolled as (
                           insert into enrolments (program_id, user_id, status, since, created_at,
                               updated_at)
                           select program_id, {user}, 'approved', now(), now(), now() from made
                           on conflict do nothing)
                       insert into commission_rule_versions (rule_id, version, effective_from,
                           is_retired, name, scope, scope_id, priority, event_kind, level, basis,
                           unit, rate, cap_period, created_at)
                       select id, 1, 'epoch', true, 'R', 'program', program_id, 0, 'delivered', 1,
                           'revenue', 'load', 0, 'month', now()
                       from made returning rule_id""",
        }
        if kind == "com":
            return id_text(kind, self.commission(user))
        return id_text(kind, int(self._database.rows(sql[kind])[0][0]))

    def commission(self, user):
        """The number of a new commission of a user."""
        self.row("rul", user)
        return int(self._database.rows(f"""
            with customer as (
                insert into customers (external_id, first_seen_at, created_at, updated_at)
                values (md5(random()::text), now(), now(), now()) returning id),
            sale as (
                insert into conversions (program_id, kind, source, external_id, line, occurred_at,
                    received_at, currency, revenue, cost, quantity, unit, lane, customer_id,
                    customer_country, metadata, facts_hash, program_is_given, is_organic)
                select (select min(id) from programs), 'delivered', 'tms', md5(random()::text), '',
                    now(), now(), 'USD', 0, 0, 1000, 'load', '', id, '', '{{}}', sha256('x'), true,
                    false
                from customer returning id, customer_id, program_id)
            insert into commissions (conversion_id, program_id, customer_id, user_id, credited_id,
                level, rule_id, rule_version, currency, event_kind, occurred_at, facts_currency,
                revenue, cost, quantity, unit, is_reversed, weights, own_weight, created_at,
                updated_at)
            select id, program_id, customer_id, {user}, {user}, 1,
                (select max(rule_id) from commission_rule_versions), 1, 'USD', 'delivered', now(),
                'USD', 0, 0, 1000, 'load', false, '{{}}', 0, now(), now()
            from sale returning id""")[0][0])


def said(status):
    return NOT_LET_IN.get(status, "yes")


def stream_status(person, path):
    connection = http.client.HTTPConnection("127.0.0.1", person.site.program.port, timeout=10)
    sent = {"X-Forwarded-For": person.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in person.cookies.items())}
    if person.key:
        sent["Authorization"] = f"Bearer {person.key}"
    connection.request("GET", "/api/v1" + path, headers=sent)
    status = connection.getresponse().status
    connection.close()
    return status


def asked(person, method, path, operation):
    if operation["operationId"] == STREAM:
        return said(stream_status(person, path))
    body = None
    if "requestBody" in operation:
        body = BODIES.get(operation["operationId"], UNKNOWN)
    return said(person.request(method, path, body).status)


def cell(matrix, caller, method, path, operation):
    """What a caller is answered."""
    once = operation["operationId"] in ONCE
    if "{" not in path:
        person = matrix.client(caller) if once else matrix.usual(caller)
        got = asked(person, method, path, operation)
        if operation["operationId"] == "signOutEverywhere":
            matrix.clients.clear()
        return got
    kind = KINDS[path.split("/")[1]]
    found = []
    for value in matrix.objects(kind, caller):
        person = matrix.client(caller) if once else matrix.usual(caller)
        found.append(asked(person, method, path.replace("{id}", value), operation))
    return found[0] if len(set(found)) == 1 else " / ".join(found)


@suite.test
def access_is_as_the_table_says():
    matrix = Matrix()
    lines = [f"| route | permission | {' | '.join(CALLERS)} |", "|---" * (len(CALLERS) + 2) + "|"]
    unlisted, cells = [], 0
    for (method, path), (_, operation) in sorted(matrix.site.description.operations.items(),
                                                 key=lambda item: (item[0][1], item[0][0])):
        if "{" in path and path.split("/")[1] not in KINDS:
            unlisted.append(f"{method} {path}")
            continue
        permission = operation.get("x-permission", "")
        row = [cell(matrix, caller, method, path, operation) for caller in CALLERS]
        cells += len(row) * (3 if "{" in path else 1)
        lines.append(f"| `{method} {path}` | {permission and f'`{permission}`'} | "
                     f"{' | '.join(row)} |")
        for caller, got in zip(CALLERS, row):
            check(matrix, method, path, operation, caller, got)
    matrix.close()
    expect(not unlisted, f"routes whose objects this test cannot make: {unlisted}")
    table = INTRODUCTION + "\n".join(lines) + "\n"
    if os.environ.get("REFERRAL_WRITE_ACCESS") == "1":
        TABLE.write_text(table)
    wanted = TABLE.read_text().splitlines()
    differing = [line for line in table.splitlines() if line not in wanted]
    gone = [line for line in wanted if line not in table.splitlines()]
    expect(not differing and not gone, f"docs/access.md differs: now {differing[:3]}, "
                                       f"there {gone[:3]}")
    say(f"{len(lines) - 2} routes, {cells} cells, all as in docs/access.md")


def check(matrix, method, path, operation, caller, got):
    """What must hold whatever the table says, so that a wrong table is not written unnoticed."""
    what = f"{method} {path} {caller}: {got}"
    permission = operation.get("x-permission")
    if permission is None:
        return
    if caller in ("nobody", "revoked key"):
        expect(got == "401", what)
    elif caller in ROLES:
        allowed = permission in matrix.allowed[caller]
        expect(("403" in got) != allowed, what)
    elif caller == "viewing" and method != "GET" and path not in ("/auth/sign-out",
                                                                  "/auth/view-as/end"):
        expect(got == "403", what)
    elif caller == "other key":
        expect((got == "403") == (permission != "clicks:read"), what)
    own = ("links", "sessions", "api-keys", "partners", "enrolments", "leads", "conversions",
           "customers")
    if caller == "partner" and " / " in got and path.split("/")[1] in own:
        expect(got.endswith("404 / 404"), what)


@suite.test
def another_ones_object_is_answered_like_none():
    matrix_site = kept["access"]
    mine, theirs = matrix_site.signed_in("partner"), matrix_site.signed_in("partner")
    made = theirs.post("/api-keys", {"name": "k", "scopes": ["links:read"]}).json()
    link = theirs.post("/links", {"destination_url": f"https://{HOST}/"}).json()
    for method, path, body in (("GET", "/links/", None), ("PATCH", "/links/", {"name": "x"}),
                               ("PATCH", "/api-keys/", {"name": "x"}),
                               ("DELETE", "/api-keys/", None)):
        is_link = path == "/links/"
        there = mine.request(method, path + (link if is_link else made)["id"], body)
        nothing = mine.request(method, path + id_text("lnk" if is_link else "key", 2**40), body)
        for answer in (there, nothing):
            expect(answer.status == 404, f"{method} {path}: {answer.status}")
        same = [{k: v for k, v in each.json().items() if k != "request_id"}
                for each in (there, nothing)]
        expect(same[0] == same[1], f"{method} {path}: {same}")
    expect(theirs.get(f"/links/{link['id']}").json() == link, "theirs is as it was")
