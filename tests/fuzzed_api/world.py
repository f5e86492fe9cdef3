"""The program, people of every role, and objects for requests to work on: an application that
waits, a link that is paused, a token that was mailed."""
import collections
import dataclasses

from accounts import totp
from accounts.ids import id_text
from fuzzed_api.market import Market
from fuzzed_api.values import HOST, PASSWORD
from harness import ApiClient, Description, Program, Response, equal, expect
from harness.program import ADMIN_EMAIL

ROLES = ("admin", "manager", "finance", "analyst", "partner")
BATCH = 30


class Caller(ApiClient):
    """Somebody who sends requests, each on a connection of its own."""

    def __init__(self, port, role="nobody"):
        super().__init__(port)
        self.ROOTS = (*self.ROOTS, "/links/unlock")
        self.role, self.user_id, self.permissions = role, None, ()
        self.key = None
        self.codes = []     # Recovery codes, if there is a second factor.
        self.keeps_cookies = True

    def enter(self, email):
        """Signs in, and learns what may be done."""
        self.user_id = self.sign_in(email, PASSWORD)["id"]
        self.permissions = set(self.get("/me").json()["permissions"])
        return self

    def may(self, permission):
        return permission is None or permission in self.permissions

    def request(self, method, path, body=None, query=None, headers=None):
        keyed = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return super().request(method, path, body, query, keyed | (headers or {}))

    def _send(self, method, target, body, headers):
        """A stream's head is enough; an answer that comes before all was sent is one, too."""
        self._connection.close()
        try:
            self._connection.request(method, target, body=body, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = self._connection.getresponse()
        pairs = answer.getheaders()
        kind = answer.headers.get("Content-Type", "")
        read = b"" if kind.startswith("text/event-stream") else answer.read()
        self._connection.close()
        return Response(answer.status, {k.lower(): v for k, v in pairs}, read,
                        [v for k, v in pairs if k.lower() == "set-cookie"])

    def _keep(self, cookies):
        if self.keeps_cookies:
            super()._keep(cookies)


@dataclasses.dataclass
class Ready:
    """What a request of an operation needs to be taken. `fields` and `query` are set whatever is
    drawn for them; a field that is `...` is left out."""
    caller: Caller
    id: str = ""
    fields: dict = dataclasses.field(default_factory=dict)
    query: dict = dataclasses.field(default_factory=dict)


# What makes objects of a kind, {n} at once, and gives their numbers. {s} differs each time.
MADE_BY = {
    "user": """insert into users (email, name, role, password_hash, created_at, updated_at)
        select 'u{s}-' || i || '@example.com', 'Uma ' || i, 'partner', {hash}, now(), now()
        from generate_series(1, {n}) i returning id, email""",
    "admin": """insert into users (email, name, role, password_hash, created_at, updated_at)
        select 'a{s}-' || i || '@example.com', 'Ada ' || i, 'admin', {hash}, now(), now()
        from generate_series(1, {n}) i returning id, email""",
    "invited": """insert into users (email, name, role, status, created_at, updated_at)
        select 'i{s}-' || i || '@example.com', 'Ina ' || i, 'partner', 'invited', now(), now()
        from generate_series(1, {n}) i returning id, email""",
    "guarded": """with made as (
            insert into users (email, name, role, password_hash, created_at, updated_at)
            select 'g{s}-' || i || '@example.com', 'Gus ' || i, 'partner', {hash}, now(), now()
            from generate_series(1, {n}) i returning id, email)
        insert into second_factors (user_id, secret, confirmed_at, created_at)
        select id, '\\x00', now(), now() from made returning user_id, ''""",
    "unverified": """insert into partner_applications (email, name, kind, country, terms_version,
        ip,
            password_hash, status, created_at)
        select 'p{s}-' || i || '@example.com', 'Pia ' || i, 'person', 'US', 1, '10.0.0.1', {hash},
            'unverified', now()
        from generate_series(1, {n}) i returning id, email""",
    "waiting": """insert into partner_applications (email, name, kind, country, terms_version, ip,
            password_hash, status, created_at)
        select 'w{s}-' || i || '@example.com', 'Wim ' || i, 'person', 'US', 1, '10.0.0.1', {hash},
            'waiting', now()
        from generate_series(1, {n}) i returning id, email""",
    "job": """insert into jobs (kind, state, run_at, created_at, updated_at)
        select 'fuzz.never', 'dead', now(), now(), now() from generate_series(1, {n})
        returning id, ''""",
    "key": """insert into api_keys (user_id, name, key_id, secret_hash, scopes, created_at)
        select (select min(id) from users where email = '{admin}'), 'k', substr(md5('{s}' || i),
        1, 8),
            '\\x00', '{{links:read}}', now()
        from generate_series(1, {n}) i returning id, ''""",
    "program": """insert into programs (name, kind, currency, timezone, attribution_model,
            click_window_days, duplicate_window_seconds, trigger, hold_days, minimum_payout,
            created_at, updated_at)
        select 'Program {s} ' || i, 'generic', 'USD', 'UTC', 'last', 90, 60, 'paid', 30, 0,
            now(), now()
        from generate_series(1, {n}) i returning id, ''""",
    "group": """insert into groups (program_id, name, created_at, updated_at)
        select (select min(id) from programs), 'Group {s} ' || i, now(), now()
        from generate_series(1, {n}) i returning id, ''""",
    # A partner whom no job takes in any more.
    "newcomer": """with made as (
            insert into users (email, name, role, password_hash, created_at, updated_at)
            select 'n{s}-' || i || '@example.com', 'Nia ' || i, 'partner', {hash}, now(), now()
            from generate_series(1, {n}) i returning id, email),
        profiles as (
            insert into partners (user_id, kind, created_at, updated_at)
            select id, 'person', now(), now() from made)
        select id, email from made""",
    "lead": """insert into leads (program_id, user_id, company, domain, status, registered_at,
            created_by, created_at, updated_at)
        select (select min(id) from programs), u.id, 'Lead', 'l{s}-' || i || '.example', 'waiting',
            now(), u.id, now(), now()
        from generate_series(1, {n}) i, (select min(id) as id from users where role = 'partner') u
        returning id, ''""",
}
# Everybody has the administrator's password: to hash another takes as long as many requests.
HASH = f"(select password_hash from users where email = '{ADMIN_EMAIL}')"
# Purpose of a mailed token, and whose it is.
TOKENS = {"reset-password": "user", "invitation": "invited", "email-change": "user",
          "unlock": "user", "verify-email": "unverified"}


class World:
    """A program and its objects, which are made when they are asked for."""

    def __init__(self, draw):
        self.draw = draw
        self.program = Program()
        self.pid = self.program.pid
        self.admin = Caller(self.program.port, "admin").enter(ADMIN_EMAIL)
        self.description = Description(self.admin.get("/openapi.json").json())
        program = self.admin.get("/programs").json()["data"][0]["id"]
        equal(self.admin.patch(f"/programs/{program}", {"allowed_hosts": [HOST]}).status, 200)
        self._made = collections.defaultdict(collections.deque)
        self._serial = 0
        self.callers = {role: self._person(role) for role in ROLES}
        self.callers["nobody"] = Caller(self.program.port)
        self.callers["key"] = self._with_key()
        self._spare = {}
        partner = self.callers["partner"]
        link = self.post("/links", {"destination_url": f"https://{HOST}/"})["id"]
        self.post("/settings/test-mail", {"to": "somebody@example.org"})
        self.market = Market(self)
        sale = self.market.first
        commission = sale["commissions"][0]["id"]
        # Objects that are there, by the names of fields and parameters.
        self.known = {"program_id": [program], "link_id": [link],
                      "user_id": [self.admin.user_id, partner.user_id],
                      "scopes": ["links:read", "links:write", "clicks:read"],
                      "kind": ["mails.send"], "template": ["test"],
                      "group_id": [self.id_of("grp", "group")],
                      "referred_by": [partner.user_id], "account_id": [id_text("acc", 1)],
                      "conversion_id": [sale["id"]], "customer_id": [sale["customer_id"]],
                      "commission_id": [commission], "payout_id": [id_text("pay", 1)],
                      "rule_id": [self.market.rule], "replaces": [self.market.rule],
                      "import_id": [self.market.file], "click_id": [id_text("clk", 1)]}
        self.fixed = {"programs": program, "links": link, "users": partner.user_id,
                      "mails": self._first("/mails"), "audit-logs": self._first("/audit-logs"),
                      "accounts": id_text("acc", 1), "customers": sale["customer_id"],
                      "conversions": sale["id"], "commissions": commission,
                      "commission-rules": self.market.rule, "imports": self.market.file}

    def close(self):
        self.program.close()

    def post(self, path, body=None, by=None):
        """What a POST answers that must be taken."""
        answer = (by or self.admin).post(path, body)
        expect(answer.status < 300, f"{path}: {answer.status} {answer.body[:200]!r}")
        return answer.json() if answer.body else None

    def _first(self, path):
        return self.admin.get(path).json()["data"][0]["id"]

    def made(self, kind):
        """(number, address) of a new object of a kind."""
        if not self._made[kind]:
            self._serial += 1
            sql = MADE_BY[kind].format(n=BATCH, s=self._serial, hash=HASH, admin=ADMIN_EMAIL)
            self._made[kind].extend((int(number), email)
                                    for number, email in self.program.postgres.rows(sql))
        return self._made[kind].popleft()

    def token(self, purpose):
        """A token as it would have been mailed."""
        if not self._made[purpose]:
            subjects = [self.made(TOKENS[purpose]) for _ in range(BATCH)]
            rows = [(f"{purpose} {number}", number,
                     f"new{number}@example.com" if purpose == "email-change" else email)
                    for number, email in subjects]
            self.program.postgres.rows(
                "insert into one_time_tokens (token_hash, purpose, subject, detail, created_at, "
                "expires_at) values " + ", ".join(
                    f"(sha256('{token}'), '{purpose}', {number}, '{email}', now(), "
                    "now() + interval '1 hour')" for token, number, email in rows))
            self._made[purpose].extend(row[0] for row in rows)
        return self._made[purpose].popleft()

    def _person(self, role):
        """Somebody of a role who is signed in."""
        number, email = self.made("user")
        if role != "partner":
            self.program.postgres.rows(f"update users set role = '{role}' where id = {number}")
        return Caller(self.program.port, role).enter(email)

    def _with_key(self):
        owner = self.callers["partner"]
        scopes = [name for name in owner.permissions if not name.endswith(":own")]
        caller = Caller(self.program.port, "key")
        caller.key = self.post("/api-keys", {"name": "k", "scopes": scopes}, owner)["key"]
        caller.permissions = set(scopes)
        return caller

    def anybody(self):
        """Who sends a request: mostly an administrator, sometimes somebody who may not."""
        if self.draw.random() < 0.7:
            return self.admin
        return self.callers[self.draw.choice(list(self.callers))]

    def spare(self, kind):
        """Somebody signed in of whom nothing else depends, until `spend`. Kinds: user, admin,
        guarded (with a second factor), viewing (an administrator who looks as a partner)."""
        if kind not in self._spare:
            made = "admin" if kind == "viewing" else "user" if kind == "guarded" else kind
            caller = Caller(self.program.port, made).enter(self.made(made)[1])
            if kind == "guarded":
                secret = self.begin_totp(caller)
                caller.codes = self.post("/me/totp/confirm", {"code": secret},
                                         caller)["recovery_codes"]
            if kind == "viewing":
                me = self.post(f"/users/{self.fixed['users']}/view-as", by=caller)
                caller.csrf_token = me["csrf_token"]
                caller.permissions = set(me["permissions"])
            self._spare[kind] = caller
        return self._spare[kind]

    def spend(self, caller):
        """The caller's session or password is not what it was."""
        self._spare = {kind: each for kind, each in self._spare.items() if each is not caller}

    def begin_totp(self, caller):
        """A code of the second factor that the caller begins to set up."""
        secret = self.post("/me/totp", {"password": PASSWORD}, caller)["secret"]
        return totp.code(secret, totp.step_now())

    def terms(self):
        """The version of the terms in force."""
        return self.admin.get("/auth/terms").json()["version"]

    def link(self, caller, *actions):
        """The id of a new link, after these actions on it."""
        by = caller if caller.may("links:write") and not caller.key else self.admin
        link = self.post("/links", {"destination_url": f"https://{HOST}/"}, by)["id"]
        for action in actions:
            self.post(f"/links/{link}/{action}", by=by)
        return link

    def id_of(self, prefix, kind):
        """The id of a new object of a kind."""
        return id_text(prefix, self.made(kind)[0])

    def enrolment(self, status="approved"):
        """(id of a new enrolment in the first program, id of its partner)."""
        user = self.made("newcomer")[0]
        (number,), = self.program.postgres.rows(f"""
            with made as (
                insert into enrolments (program_id, user_id, status, since, created_at, updated_at)
                select min(id), {user}, '{status}', now(), now(), now() from programs
                returning id),
            changes as (
                insert into enrolment_changes (enrolment_id, since, counts_from, status)
                select id, now(), now(), '{status}' from made)
            select id from made""")
        return id_text("enr", int(number)), id_text("usr", user)

    def unique(self, word):
        """The word with a number that no other has."""
        self._serial += 1
        return f"{word} {self._serial}"

