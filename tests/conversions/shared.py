"""The suite, its program, and short ways to report, click and look."""
import datetime
import itertools

from accounts.shared import HOST, Site
from harness import Suite, equal, eventually, expect, visit

suite = Suite()
kept = {}
numbers = itertools.count(1)


def site():
    """The program that the tests share."""
    if "site" not in kept:
        shared = kept["site"] = Site()
        shared.manager = shared.signed_in("manager")
    return kept["site"]


@suite.at_end
def close():
    for each in kept.values():
        each.close()


def now(seconds=0):
    """An instant so many seconds from now."""
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def created(answer):
    equal(answer.status, 201, answer.body)
    return answer.json()


def program(**terms):
    """A new program that behaves as a row of the table says."""
    made = created(site().manager.post("/programs", {
        "name": f"program {next(numbers)}", "allowed_hosts": [HOST]} | terms))
    return made["id"]


class Partner:
    """A partner in a program, with a link."""

    def __init__(self, program_id, name=None):
        shared = site()
        self.name = name or f"partner{next(numbers)}"
        made = created(shared.manager.post("/partners", {
            "email": f"{self.name}@partners.example", "name": self.name,
            "program_id": program_id}))
        self.id = made["id"]
        self.link = created(shared.manager.post("/links", {
            "destination_url": f"https://{HOST}/", "program_id": program_id,
            "user_id": self.id}))
        self.code = self.link["code"]
        self.enrolment = next(row["id"] for row in made["enrolments"]
                              if row["program_id"] == program_id)


class Visitor:
    """A browser that keeps its cookie."""

    def __init__(self):
        self.cookie = None
        self.address = f"198.51.100.{next(numbers) % 250}"

    def click(self, partner, when=None):
        """Follows the partner's link; gives the click's id once it is stored. `when`: the click is
        made one of that time."""
        headers = {"X-Forwarded-For": self.address, "Accept-Language": "en"}
        if self.cookie:
            headers["Cookie"] = f"lv={self.cookie}"
        shared = site()
        # The directory hears of a new link within a second.
        seen = eventually(lambda: (lambda v: v if v.status == 302 else None)(
            visit(shared.program.port, partner.code, headers=headers)), "the link redirects")
        given = seen.headers.get("set-cookie", "").partition("lv=")[2].partition(";")[0]
        self.cookie = self.cookie or given
        stored(seen.click_id, partner)
        if when:
            shared.rows(f"select make_click_partition('{when}'::timestamptz::date)")
            shared.rows(f"update link_clicks set clicked_at = '{when}' where clicked_at > now() - "
                        f"interval '1 minute' and referral_link_id = (select id from "
                        f"referral_links where code = '{partner.code}') and class = 1")
        return seen.click_id


def stored(click_id, partner):
    """Waits until a click is in the database."""
    shared = site()
    eventually(lambda: any(row["id"] == click_id for row in shared.admin.get(
        "/clicks", link_id=partner.link["id"]).json()["data"]), "the click is stored")


def load(**more):
    """A report of a delivered load of a customer of its own."""
    number = next(numbers)
    return {"kind": "delivered", "source": "tms", "external_id": f"load-{number}",
            "occurred_at": now(), "revenue": "100.00", "currency": "USD",
            "customer": {"external_id": f"customer-{number}"}} | more


def report(**more):
    """Reports it; the conversion."""
    return created(site().manager.post("/conversions", load(**more)))


def credits(conversion, *partners):
    """[("ann", "code", 1000000), …]"""
    names = {partner.id: partner.name for partner in partners}
    return [(names.get(row["user_id"], "?"), row["source"], row["weight_ppm"])
            for row in conversion["attributions"]]


def journey(conversion):
    answer = site().manager.get(f"/conversions/{conversion['id']}/attribution")
    equal(answer.status, 200, answer.body)
    return answer.json()


def reason(conversion, partner):
    """What became of the partner's claim."""
    steps = [step for step in journey(conversion)["trace"]["steps"]
             if step["user_id"] == partner.id]
    expect(steps, "no claim")
    return steps[0]["reason"]


def refused(answer, *fields, status=422):
    """Fails unless the answer names exactly these fields."""
    equal(answer.status, status, answer.body)
    equal({error["field"] for error in answer.json()["errors"]}, set(fields), answer.body)


__all__ = ["HOST", "Partner", "Visitor", "created", "credits", "equal", "eventually", "expect",
           "journey", "load", "now", "program", "reason", "refused", "report", "site", "stored",
           "suite", "visit"]
