"""Visitors of links, and what the API says of their clicks."""
import collections
import datetime
import http.client
import urllib.parse

from harness import EventStream, Program, equal, eventually
from harness.client import BROWSER, exchange

HOST = "www.example.com"
PROXY = "127.0.0.2"  # Trusted by the programs of these tests.
CLASSES = ("human", "duplicate", "suspect", "self", "blocked", "embedded", "bot", "prefetch",
           "non_get", "orphan")


class Visitor:
    """Somebody with a browser: a kept connection, a cookie jar, an address."""

    def __init__(self, program, ip=None, user_agent=BROWSER, source=PROXY):
        self._connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=10,
                                                      source_address=(source, 0))
        self.cookies = {}
        self.ip = ip
        self.user_agent = user_agent

    def get(self, code, query="", method="GET", headers=None, cookies=True):
        """Follows a link; the answer has `.location`, `.click_id` (or None) and `.parameters`."""
        sent = {"User-Agent": self.user_agent, "Accept-Language": "en"}
        if self.ip:
            sent["X-Forwarded-For"] = self.ip
        if cookies and self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {k: v for k, v in (sent | (headers or {})).items() if v is not None}
        return self._exchange(method, f"/r/{code}{query}", None, sent)

    def unlock(self, code, password):
        """Sends the form of a link with a password."""
        body = urllib.parse.urlencode({"code": code, "password": password})
        sent = {"User-Agent": self.user_agent, "Content-Type": "application/x-www-form-urlencoded"}
        if self.ip:
            sent["X-Forwarded-For"] = self.ip
        return self._exchange("POST", "/links/unlock", body, sent)

    def _exchange(self, method, target, body, sent):
        answer = exchange(self._connection, method, target, body, sent)
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        answer.location = answer.headers.get("location", "")
        answer.parameters = dict(urllib.parse.parse_qsl(
            urllib.parse.urlsplit(answer.location).query, keep_blank_values=True))
        answer.click_id = answer.parameters.get("click_id")
        return answer


def addresses(prefix="198.51"):
    """Addresses of visitors, each given once."""
    for number in range(65_536):
        yield f"{prefix}.{number // 256}.{number % 256}"


class Site:
    """A program with an administrator signed in, the test's host allowed, and visitors to it."""

    def __init__(self, env=None, **options):
        self.program = Program(env={"TRUSTED_PROXIES": "127.0.0.2,127.0.0.3"} | (env or {}),
                               **options)
        self.open()
        self._addresses = addresses()

    def open(self):
        """Signs in."""
        self.api = self.program.sign_in()
        self.program_id = self.api.get("/programs").json()["data"][0]["id"]
        self.change_program(allowed_hosts=[HOST, "*.deep.example.com"])

    def close(self):
        self.program.close()

    def change_program(self, **change):
        answer = self.api.patch(f"/programs/{self.program_id}", change)
        equal(answer.status, 200, answer.body)

    def link(self, path="/", **options):
        """A new link to HOST."""
        answer = self.api.post("/links", {"destination_url": f"https://{HOST}{path}"} | options)
        equal(answer.status, 201, answer.body)
        return answer.json()

    def change(self, link, **change):
        answer = self.api.patch(f"/links/{link['id']}", change)
        equal(answer.status, 200, answer.body)
        return answer.json()

    def visitor(self, **options):
        """Somebody new: nobody before had this address."""
        return Visitor(self.program, **{"ip": next(self._addresses)} | options)

    def clicks(self, link, wanted):
        """The rows of a link's clicks, newest first, once there are `wanted`."""
        def enough():
            rows = self.api.all("/clicks", link_id=link["id"], limit=200)
            return rows if len(rows) >= wanted else None
        rows = eventually(enough, f"{wanted} clicks of {link['code']}")
        equal(len(rows), wanted, f"clicks of {link['code']}")
        return rows

    def classes(self, link, wanted):
        """How many clicks of each class a link has."""
        return dict(collections.Counter(row["class"] for row in self.clicks(link, wanted)))

    def summary(self, **query):
        """The classes of /analytics/summary, zeros left out."""
        found = self.api.get("/analytics/summary", **query).json()
        return {name: count for name, count in found["by_class"].items() if count}

    def proof(self):
        """(journalled, stored, classes) of yesterday, today and tomorrow, all nodes."""
        journalled = stored = 0
        classes = collections.Counter()
        today = datetime.datetime.now(datetime.timezone.utc).date()
        for offset in (-1, 0, 1):
            day = (today + datetime.timedelta(days=offset)).isoformat()
            for node in self.api.get("/clicks/proof", day=day).json()["data"]:
                equal(node["complete"], True, f"proof of {day}: {node}")
                equal(len(node["sha256"]), 64)
                journalled += node["journalled"]
                stored += node["stored"]
                classes.update(node["by_class"])
        return journalled, stored, classes

    def events(self, api=None):
        """The live stream."""
        return EventStream(self.program.port, "/api/v1/analytics/live", api or self.api)
