"""The operations of the API as requests with good values, made from its own description."""
import dataclasses
import datetime
import json
import urllib.parse

from accounts.ids import id_text
from api.shared import PREFIX, Description
from harness.program import ADMIN_EMAIL, ADMIN_PASSWORD

# Behind this, sqlmap puts what it tries.
MARK = "*"
HOST = "www.logisticsone.example"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
# Good values, by the rule that the description states.
BY_RULE = {
    "a time such as": (NOW - datetime.timedelta(days=20)).date().isoformat(),
    "a time zone": "America/Chicago", "a country's code": "US",
    "an e-mail address": "a@example.com",
    "an absolute https address": f"https://{HOST}/quote", "a host such as": HOST,
    "an address or a block": "127.0.0.0/8", "a colour such as": "#2361ce",
    "a currency code": "USD", "a decimal such as": "39.00", "a positive decimal": "1.08",
    "a domain such as": "acme.example",
    "3 to 64 of a-z": "spring-quotes", "1 to 8 digits": "1234567",
    "1 to 256 bytes of text": ADMIN_PASSWORD,
}
# Those that only their name tells, or that must not end what the attack needs.
BY_NAME = {
    "q": "freight", "action": "sessions.begin", "object_type": "user", "kind": "company",
    "template": "invitation", "day": (NOW - datetime.timedelta(days=2)).date().isoformat(),
    "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD, "current_password": ADMIN_PASSWORD,
    "new_password": ADMIN_PASSWORD, "token": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
    "code": "123456", "totp": "123456", "scopes": ["links:read"], "limit": 20, "size": 200,
    "totp_required_roles": ["finance"], "terms_version": 1, "after": 0, "status": "active",
    "amount": "1.00", "amount_change": "1.00",
    "conditions": {"field": "lane", "is": "CHI-DAL"}, "external_id": "load-1", "source": "tms",
    "role": "partner", "expires_at": (NOW + datetime.timedelta(days=20)).isoformat(),
}
# The rows that the holes of paths and the filters name, by the prefix of their ids; {admin} is the
# administrator who attacks, {user} a partner.
ROWS = {
    "usr": "select {user}", "prg": "select min(id) from programs",
    "lnk": "select min(id) from referral_links where user_id = {user}",
    "aud": "select max(id) from audit_logs", "ses": "select max(id) from sessions",
    "job": """insert into jobs (kind, state, run_at, created_at, updated_at)
              values ('accounts.never', 'dead', now(), now(), now()) returning id""",
    "mal": """insert into mails (to_address, template, details, secret, state, created_at, sent_at)
              values ('a@example.com', 'application-received', '{{}}', false, 'shown', now(), now())
              returning id""",
    "key": """insert into api_keys (user_id, name, key_id, secret_hash, scopes, created_at)
              values ({admin}, 'k', 'attacked', '\\x00', '{{links:read}}', now()) returning id""",
    "app": """insert into partner_applications (email, name, kind, country, terms_version, ip,
                  password_hash, status, created_at)
              values ('b@example.com', 'A', 'person', 'US', 1, '10.0.0.1', 'x', 'waiting', now())
              returning id""",
    "acc": "select min(id) from accounts", "cus": "select min(id) from customers",
    "cnv": "select min(id) from conversions", "com": "select min(id) from commissions",
    "rul": "select min(id) from commission_rules", "grp": "select min(id) from groups",
    "enr": "select min(id) from enrolments where user_id = {user}",
    "led": "select min(id) from leads", "pbk": "select coalesce(min(id), 1) from postback_keys",
    "imp": "select coalesce(min(id), 1) from imports", "pay": "select 1",
}
PREFIXES = {"links": "lnk", "programs": "prg", "users": "usr", "sessions": "ses", "api-keys": "key",
            "applications": "app", "audit-logs": "aud", "jobs": "job", "mails": "mal",
            "accounts": "acc", "customers": "cus", "conversions": "cnv", "commissions": "com",
            "commission-rules": "rul", "groups": "grp", "enrolments": "enr", "leads": "led",
            "partners": "usr", "postback-keys": "pbk", "imports": "imp",
            "link_id": "lnk", "user_id": "usr", "program_id": "prg", "account_id": "acc",
            "customer_id": "cus", "conversion_id": "cnv", "commission_id": "com",
            "rule_id": "rul", "replaces": "rul", "group_id": "grp", "import_id": "imp",
            "payout_id": "pay"}
# A stream has no end that a scanner would wait for.
STREAM = "followClicks"


@dataclasses.dataclass
class Operation:
    """A request. `marked` is its target with a mark behind each value of the path and the query."""
    name: str
    method: str
    target: str
    marked: str
    body: str
    values: int

    def takes_something(self):
        return self.values > 0


class Operations:
    """All operations of a running program that has the data of the demo."""

    def __init__(self, program, api):
        self._database = program.postgres
        self._description = Description(api.get("/openapi.json").json())
        admin, user = (self._one(f"select min(id) from users where role = '{role}'")
                       for role in ("admin", "partner"))
        self._ids = {prefix: id_text(prefix, int(self._one(sql.format(admin=admin, user=user))))
                     for prefix, sql in ROWS.items()}
        self._api = api
        self.all = [self._filled(method, path, operation) for (method, path), (_, operation)
                    in self._description.operations.items()
                    if operation["operationId"] != STREAM]
        self.all.sort(key=lambda each: each.method == "DELETE")  # Others need what is there.

    def _one(self, sql):
        return self._database.rows(sql)[0][0]

    def _filled(self, method, path, operation):
        filled = marked = PREFIX + path
        if "{id}" in path:
            value = self._ids[PREFIXES[path.split("/")[1]]]
            filled, marked = (text.replace("{id}", put) for text, put in
                              ((filled, value), (marked, value + MARK)))
        query = [(each["name"], self._value(path, each["name"], each["schema"]))
                 for each in operation.get("parameters", ()) if each["in"] == "query"]
        query = [(name, str(value)) for name, value in query if value is not None]
        body = self._body(path, operation)
        if query:
            pairs = [f"{name}={urllib.parse.quote(value)}" for name, value in query]
            # Without a hole in the path sqlmap knows by itself what to try.
            filled += "?" + "&".join(pairs)
            marked += "?" + "&".join(pair + MARK * ("{" in path) for pair in pairs)
        values = len(query) + path.count("{") + len(body or {})
        return Operation(f"{method} {path}", method, filled, marked,
                         None if body is None else json.dumps(body), values)

    def _body(self, path, operation):
        if "requestBody" not in operation:
            return None
        shape = operation["requestBody"]["content"]["application/json"]["schema"]
        return self._value(path, "", shape)

    def _value(self, path, name, shape):
        """A good value of a shape."""
        if "$ref" in shape:
            return self._value(path, name, self._description.shapes.named(shape["$ref"]))
        if "anyOf" in shape:
            return self._value(path, name, shape["anyOf"][0])
        if name == "cursor":
            return self._cursor(path)
        if name in PREFIXES:
            return self._ids[PREFIXES[name]]
        if name == "to" and path in ("/mails", "/settings/test-mail"):
            return "a@example.com"
        if (name, path) == ("code", "/links/suggestions"):
            return self._one("select min(code) from referral_links")
        if "enum" in shape:
            wanted, first = BY_NAME.get(name), shape["enum"][0]
            return wanted if wanted and wanted in shape["enum"] else first
        rule = next((BY_RULE[key] for key in BY_RULE if shape.get("x-rule", "").startswith(key)),
                    None)
        if rule or name in BY_NAME:
            return rule or BY_NAME[name]
        return self._plain(path, name, shape)

    def _plain(self, path, name, shape):
        kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
        if "object" in kinds:
            return {key: self._value(path, key, inner)
                    for key, inner in shape.get("properties", {}).items()}
        if "array" in kinds:
            return [self._value(path, name[:-1], shape["items"])]
        if "integer" in kinds:
            return max(shape.get("minimum", 1), 1)
        if "boolean" in kinds:
            return True
        if shape.get("format") == "date-time":
            return (NOW - datetime.timedelta(days=10)).isoformat()
        return "Freight"

    def _cursor(self, path):
        """Of the second page, when the list has one; else there is nothing to try."""
        return self._api.get(path.removesuffix("/export"), limit=1).json().get("next_cursor")
