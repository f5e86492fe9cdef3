"""The suite, its program, and people who use it: each client comes from an address of its own."""
import itertools
import re

from accounts.ids import id_text
from harness import CheckedClient, Description, Program, Suite, equal, eventually, expect
from harness.program import ADMIN_EMAIL, ADMIN_PASSWORD

BASE_URL = "https://go.example.com"
HOST = "www.example.com"
PASSWORD = ADMIN_PASSWORD
ROLES = ("admin", "manager", "finance", "analyst", "partner")
suite = Suite()
kept = {}
addresses = (f"10.{a}.{b}.{c}" for a, b, c in itertools.product(range(1, 250), range(256),
                                                                range(1, 255)))


class Person(CheckedClient):
    """A client behind the trusted proxy, at `address`."""

    def __init__(self, site, address=None):
        super().__init__(site)
        self.address = address or next(addresses)
        self.key = None
        self.email = None

    def request(self, method, path, body=None, query=None, headers=None):
        sent = {"X-Forwarded-For": self.address}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        return super().request(method, path, body, query, sent | (headers or {}))

    def sign_in(self, email, password=PASSWORD, totp=None):
        body = {"email": email, "password": password} | ({"totp": totp} if totp else {})
        answer = self.post("/auth/sign-in", body)
        if answer.status == 200:
            self.csrf_token = answer.json()["csrf_token"]
            self.email = email
        return answer

    def me(self):
        return self.get("/me").json()


class Site:
    """A program and its people, whose password is PASSWORD."""

    def __init__(self, env=None):
        self.description = None
        self.program = Program(env={"TRUSTED_PROXIES": "127.0.0.1", "BASE_URL": BASE_URL}
                               | (env or {}))
        self.description = Description(Person(self).get("/openapi.json").json())
        self.admin = Person(self)
        equal(self.admin.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).status, 200)
        self.program_id = self.admin.get("/programs").json()["data"][0]["id"]
        self.admin.patch(f"/programs/{self.program_id}", {"allowed_hosts": [HOST]})
        self._names = itertools.count(1)

    def close(self):
        self.program.close()

    def rows(self, sql):
        return self.program.postgres.rows(sql)

    def one(self, sql):
        """The only column of the only row."""
        return self.rows(sql)[0][0]

    def person(self):
        """Somebody who has not signed in."""
        return Person(self)

    def password_hash(self):
        """That of PASSWORD."""
        return self.one("select password_hash from users where role = 'admin' order by id limit 1")

    def user(self, role="partner", name=None):
        """(number, address) of a new user."""
        email = self.program.add_user(role, name or f"{role}{next(self._names)}")
        return int(self.one(f"select id from users where email = '{email}'")), email

    def signed_in(self, role="partner", name=None):
        """Somebody signed in as a new user of a role."""
        number, email = self.user(role, name)
        person = self.person()
        equal(person.sign_in(email).status, 200)
        person.number, person.id = number, id_text("usr", number)
        return person

    def mail(self, template, to):
        """The newest mail of a template to an address, as the values it was filled with."""
        wanted = (f"select details->>'link' from mails where template = '{template}' "
                  f"and to_address = '{to}' order by id desc limit 1")
        return eventually(lambda: (self.rows(wanted) or [[None]])[0][0], f"{template} to {to}")

    def mails(self, template, to):
        return int(self.one(f"select count(*) from mails where template = '{template}' "
                            f"and to_address = '{to}'"))

    def token(self, template, to):
        link = self.mail(template, to)
        found = re.fullmatch(re.escape(BASE_URL) + r"/auth/[a-z-]+\?token=([\w-]{43})", link)
        expect(found, f"{template}: {link}")
        return found.group(1)

    def idle_jobs(self):
        """Waits until no job of accounts or partners waits."""
        waiting = ("select count(*) from jobs where state <> 'dead' and (kind like 'accounts.%' or "
                   "kind like 'partners.%')")
        eventually(lambda: self.one(waiting) == "0", "jobs done")


def site():
    """The program that the tests share."""
    if "site" not in kept:
        kept["site"] = Site()
    return kept["site"]


@suite.at_end
def close():
    for each in kept.values():
        each.close()


def say(text):
    print(f"   {text}", flush=True)
