"""The suite, and the program its tests share."""
import pathlib
import tempfile

from harness import (PREFIX, CheckedClient, Description, Program, Suite, equal, eventually,
                     is_problem, visit)
from harness.program import ADMIN_EMAIL, ADMIN_PASSWORD

HOST = "www.example.com"
suite = Suite()
kept = {}

PAGES = {"dashboard/index.html": "<!doctype html><title>Dashboard</title>" + "<p>row</p>" * 500,
         "referrals/links.html": "<!doctype html><title>Links</title>" + "<p>row</p>" * 500,
         "assets/app-1234abcd.js": "export const x = 1;\n" * 500,
         "favicon.ico": "not really", "public/404.html": "<!doctype html><h1>No such page</h1>"}


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
        client = self.client()
        client.user = client.sign_in(self.program.add_user(role, name), ADMIN_PASSWORD)
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


__all__ = ["ApiSite", "CheckedClient", "HOST", "PREFIX", "is_problem", "raw_json", "say", "site",
           "suite"]
