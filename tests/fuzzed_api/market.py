"""Where the world's partner sells: loads, what they earned, and files of loads."""
from fuzzed_api.values import HOST
from harness import eventually

# A rule that is in order, whatever else is drawn for it.
RULE = dict.fromkeys(
    ("program_id", "scope", "scope_id", "conditions", "currency", "unit", "unit_amount",
     "flat_amount", "min_amount", "max_amount", "tier_mode", "tier_timing", "tier_measure",
     "tier_period", "tiers", "cap_customer", "cap_partner_period", "budget")) | {
         "basis": "revenue", "rate_ppm": 100_000, "level": 1,
         "effective_from": "2026-01-01T00:00:00Z"}


class Market:
    """A program of its own in which the world's partner sells, so that odd rules are of others."""

    def __init__(self, world):
        self._world = world
        self.partner = world.callers["partner"]
        self.program = world.post("/programs", {"name": "Market", "allowed_hosts": [HOST],
                                                "hold_days": 3650})["id"]
        world.post("/enrolments", {"user_id": self.partner.user_id, "program_id": self.program})
        self.code = world.post("/links", {
            "destination_url": f"https://{HOST}/", "program_id": self.program,
            "user_id": self.partner.user_id})["code"]
        self.rule = world.post("/commission-rules", RULE | {
            "program_id": self.program, "name": "Share", "event_kind": "delivered"})["id"]
        self.trial = world.post("/commission-rules/what-if", {"rule": RULE | {
            "name": "Draft", "program_id": self.program}})["id"]
        self.first = self.sale(email="first@kestrel.example", company="Kestrel Freight")
        self.file = self.imported()
        self.key = world.post("/api-keys", {"name": "shop", "scopes": ["conversions:write"]})["key"]

    def sale(self, **customer):
        """A conversion of the partner's, by which 10.00 are earned."""
        number = self._world.unique("load")
        return self._world.post("/conversions", {
            "kind": "delivered", "source": "fuzz", "external_id": number, "revenue": "100.00",
            "program_id": self.program, "code": self.code,
            "customer": {"external_id": f"customer of {number}"} | customer})

    def commission(self, *verbs):
        """The id of a new commission, after these actions on it."""
        made = self.sale()["commissions"][0]["id"]
        for verb in verbs:
            self._world.post(f"/commissions/{made}/{verb}", {"reason": "as it has to be"})
        return made

    def imported(self, *verbs):
        """The id of a new file, after these actions on it."""
        number = self._world.unique("row")
        made = self._world.post("/imports", {
            "csv": f"kind,source,external_id,revenue\nbooked,file,{number},5.00\n"})["id"]
        for verb in ("check", *verbs):
            if verb != "check":
                self._world.post(f"/imports/{made}/{verb}")
            eventually(lambda: not self._world.admin.get(f"/imports/{made}").json()["status"]
                       .endswith("ing"), f"{verb} of {made}")
        return made

    def account(self):
        """The id of a new customer's company."""
        domain = self._world.unique("company").replace(" ", "-") + ".example"
        self.sale(email=f"somebody@{domain}")
        return self._world.admin.get("/accounts", q=domain).json()["data"][0]["id"]
