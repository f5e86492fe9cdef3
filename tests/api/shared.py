"""The suite, its program, and a client that holds answers against the API's own description."""
import pathlib
import re
import tempfile
import urllib.parse

from harness import ApiClient, Program, Shapes, Suite, equal, eventually, expect, visit
from harness.program import ADMIN_EMAIL, ADMIN_PASSWORD

HOST = "www.example.com"
PREFIX = "/api/v1"
suite = Suite()
kept = {}

PAGES = {"dashboard/index.html": "<!doctype html><title>Dashboard</title>" + "<p>row</p>" * 500,
         "referrals/links.html": "<!doctype html><title>Links</title>" + "<p>row</p>" * 500,
         "assets/app-1234abcd.js": "export const x = 1;\n" * 500,
         "favicon.ico": "not really", "public/404.html": "<!doctype html><h1>No such page</h1>"}


class Description:
    """The OpenAPI document of a running program."""

    def __init__(self, document):
        self.document = document
        self.shapes = Shapes(document)
        self.operations = {}
        for path, methods in document["paths"].items():
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            for method, operation in methods.items():
                self.operations[method.upper(), path] = (pattern, operation)

    def find(self, method, target):
        """(path, operation) of a request, or (None, None)."""
        path = urllib.parse.urlsplit(target).path.removeprefix(PREFIX)
        found = [(name, operation) for (verb, name), (pattern, operation) in self.operations.items()
                 if verb == method and pattern.fullmatch(path)]
        # A path without a hole goes first.
        return min(found, key=lambda pair: pair[0].count("{"), default=(None, None))

    def with_body(self):
        """(method, path, shape of the body) of every operation that takes JSON."""
        for (method, path), (_, operation) in self.operations.items():
            if "requestBody" in operation:
                shape = operation["requestBody"]["content"]["application/json"]["schema"]
                yield method, path, self.shapes.named(shape["$ref"])

    def offences(self, method, target, answer):
        """What an answer has that the description does not promise."""
        path, operation = self.find(method, target)
        kind = answer.headers.get("content-type", "")
        if operation is None:
            return [] if answer.status in (404, 405) else [f"{answer.status} off the routes"]
        if answer.status == 405:
            return []
        promised = operation["responses"].get(str(answer.status))
        if promised is None:
            return [f"{answer.status} of {path} is not described: {answer.body[:200]!r}"]
        if "content" not in promised:
            return [] if not answer.body else [f"{answer.status} of {path} has a body"]
        if kind.split(";")[0] not in promised["content"]:
            return [f"{path} answers {kind!r}, described are {list(promised['content'])}"]
        if not kind.startswith(("application/json", "application/problem+json")):
            return []
        shape = promised["content"][kind.split(";")[0]].get("schema", {})
        return self.shapes.offences(shape, answer.json())


class CheckedClient(ApiClient):
    """A client whose every answer must be as described. `answered` has the operations that did
    what was asked."""
    answered = set()

    def __init__(self, site, **options):
        super().__init__(site.program.port, **options)
        self._site = site

    def request(self, method, path, body=None, query=None, headers=None):
        answer = super().request(method, path, body, query, headers)
        target = path if path.startswith("/api/") else PREFIX + path
        if not target.startswith(PREFIX) or not self._site.description:
            return answer
        offences = self._site.description.offences(method, target, answer)
        expect(not offences, f"{method} {target}: {'; '.join(offences[:5])}")
        if answer.status >= 400:
            is_problem(answer)
        else:
            _, operation = self._site.description.find(method, target)
            self.answered.add(operation["operationId"])
        return answer


def is_problem(answer, status=None, field=None):
    """RFC 9457, and the field that is to blame."""
    what = f"{answer.status} {answer.body[:300]!r}"
    if status:
        equal(answer.status, status, what)
    expect(answer.headers.get("content-type", "").startswith("application/problem+json"), what)
    problem = answer.json()
    equal(problem["status"], answer.status, what)
    equal(problem["request_id"], answer.headers.get("x-request-id"), what)
    if field:
        fields = [error["field"] for error in problem["errors"]]
        expect(field in fields, f"{field} among {fields}: {what}")
    return problem


class ApiSite:
    """A program with a few pages, users of every role, and links."""

    def __init__(self, env=None, **options):
        self.description = None
        self._folder = tempfile.TemporaryDirectory()
        web = pathlib.Path(self._folder.name)
        web.chmod(0o755)
        for name, text in PAGES.items():
            (web / name).parent.mkdir(exist_ok=True)
            (web / name).write_text(text)
        self.program = Program(env={"WEB_DIR": str(web), "TRUSTED_PROXIES": "127.0.0.2"}
                               | (env or {}), **options)
        self.api = self.client()
        self.description = Description(self.api.get("/openapi.json").json())
        self.api.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD)
        self.me = self.api.get("/me").json()["user"]
        self.program_id = self.api.get("/programs").json()["data"][0]["id"]
        answer = self.api.patch(f"/programs/{self.program_id}", {"allowed_hosts": [HOST]})
        equal(answer.status, 200, answer.body)

    def client(self):
        """Somebody who has not signed in."""
        return CheckedClient(self)

    def close(self):
        self.program.close()
        self._folder.cleanup()

    def user(self, role, name=None):
        """A client signed in as a new user of a role."""
        email = f"{name or role}@example.com"
        self.program.postgres.rows(f"""
            insert into users (email, password_hash, name, role, created_at, updated_at)
            select '{email}', password_hash, '{name or role}', '{role}', now(), now()
            from users where role = 'admin' order by id limit 1 on conflict do nothing""")
        client = self.client()
        client.user = client.sign_in(email, ADMIN_PASSWORD)
        return client

    def link(self, api=None, **options):
        """A new link."""
        answer = (api or self.api).post("/links", {"destination_url": f"https://{HOST}/"} | options)
        equal(answer.status, 201, answer.body)
        return answer.json()

    def click(self, link, address, query="", user_agent=None, **headers):
        """A click by somebody at this address; gives its id."""
        options = {"user_agent": user_agent} if user_agent else {}
        return visit(self.program.port, link["code"], query, source="127.0.0.2", headers={
            "X-Forwarded-For": address, "Accept-Language": "en", **headers}, **options).click_id

    def wait_for_clicks(self, link, wanted):
        """Until so many clicks of the link are stored."""
        eventually(lambda: len(self.api.all("/clicks", link_id=link["id"])) >= wanted,
                   f"{wanted} clicks")


def site():
    """The program that the tests share."""
    if "site" not in kept:
        kept["site"] = ApiSite()
    return kept["site"]


@suite.at_end
def close():
    """Ends it."""
    for each in kept.values():
        each.close()


def say(text):
    print(f"   {text}", flush=True)


def raw_json(api, method, path, body, content_type="application/json"):
    """A request with a body as it stands."""
    headers = {"Content-Type": content_type} if content_type else {}
    return api.request(method, path, body, headers=headers)


__all__ = ["ApiSite", "HOST", "PREFIX", "is_problem", "raw_json", "say", "site", "suite"]
