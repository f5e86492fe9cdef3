"""The suite, its program, and offers to sell under: each a program with a partner of its own."""
import itertools

from accounts.shared import HOST, Site
from harness import Suite, equal, eventually, expect

suite = Suite()
kept = {}
numbers = itertools.count(1)


def site():
    """The program that the tests share."""
    if "site" not in kept:
        shared = kept["site"] = Site()
        shared.manager = shared.signed_in("manager")
        shared.finance = shared.signed_in("finance")
    return kept["site"]


@suite.at_end
def close():
    for each in kept.values():
        each.close()


def created(answer):
    equal(answer.status, 201, answer.body)
    return answer.json()


def done(answer):
    equal(answer.status, 200, answer.body)
    return answer.json()


def refused(answer, *fields, status=422):
    """Fails unless the answer names exactly these fields."""
    equal(answer.status, status, answer.body)
    equal({error["field"] for error in answer.json()["errors"]}, set(fields), answer.body)


class Offer:
    """A program, a partner in it, and loads that are reported with the partner's code."""

    def __init__(self, **program):
        self.site = site()
        number = next(numbers)
        self.program = created(self.site.manager.post("/programs", {
            "name": f"Offer {number}", "allowed_hosts": [HOST],
            # The job that approves what is due leaves these alone.
            "hold_days": 3650} | program))
        self.partner = self.new_partner(f"offer{number}")
        self.loads = itertools.count(1)
        self.name = f"o{number}"

    def new_partner(self, name, **more):
        return created(self.site.manager.post("/partners", {
            "email": f"{name}@partners.example", "name": name,
            "program_id": self.program["id"]} | more))

    def rule(self, **form):
        return created(self.site.finance.post("/commission-rules", self.form(**form)))

    def form(self, **form):
        return {"program_id": self.program["id"], "name": "Standard",
                "effective_from": "2026-01-01T00:00:00Z"} | form

    def sell(self, *amounts, **more):
        """A load that is reported as `report` does, and taken."""
        answer = self.report(*amounts, **more)
        return created(answer) if answer.status == 201 else done(answer)

    def report(self, revenue="0.00", cost="0.00", at=None, **more):
        """Reports a delivered load, an hour after the one before."""
        number = next(self.loads)
        report = {"kind": "delivered", "source": "tms", "external_id": f"{self.name}-{number}",
                  "program_id": self.program["id"], "revenue": revenue, "cost": cost,
                  "occurred_at": at or f"2026-03-10T{number % 24:02}:{number // 24:02}:00Z",
                  "customer": {"external_id": f"{self.name}-customer"},
                  "code": self.partner["code"]} | more
        return self.site.manager.post("/conversions", report)

    def adjust(self, conversion, **change):
        return self.site.manager.post(
            f"/conversions/{conversion['id']}/adjustments",
            {"external_id": f"change{next(numbers)}", "kind": "correction"} | change)

    def amounts(self, conversion):
        """What the commissions of a conversion come to now."""
        page = done(self.site.finance.get("/commissions", conversion_id=conversion["id"]))
        return [row["amount"] for row in reversed(page["data"])]

    def commission(self, conversion):
        page = done(self.site.finance.get("/commissions", conversion_id=conversion["id"]))
        return page["data"][-1]

    def balances(self, partner=None):
        """Pending, held, payable."""
        rows = done(self.site.finance.get("/ledger/accounts",
                                          user_id=(partner or self.partner)["user_id"]))["data"]
        found = {row["account"]: row["balance"] for row in rows}
        return [found.get(account, "0.00") for account in ("pending", "held", "payable")]


def proven():
    """The ledger holds."""
    proof = done(site().finance.get("/ledger/proof"))
    expect(proof["intact"], str([each for each in proof["invariants"] if not each["holds"]]))
    return proof


__all__ = ["HOST", "Offer", "created", "done", "equal", "eventually", "expect", "proven", "refused",
           "site", "suite"]
