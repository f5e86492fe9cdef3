"""Clients that sell, give back and decide at once, of a program that is killed meanwhile: each
repeats what was not answered with the same key until it is told what became of it."""
import http.client
import itertools
import random
import threading
import time

from commissions.shared import HOST, created, equal, expect, site

WORKERS = 6
PATIENCE_SECONDS = 120
CUSTOMERS = 6
DAYS = [f"2026-{month:02}-{day:02}" for month in (3, 4, 5) for day in range(1, 29)]
SHARE = {"basis": "revenue", "rate_ppm": 100000, "name": "Share"}
MARGIN = {"basis": "margin", "rate_ppm": 125000, "name": "Margin", "priority": 5,
          "conditions": {"field": "mode", "is": "ftl"}}
SECOND = {"basis": "commission", "rate_ppm": 100000, "name": "Second", "level": 2}
# Where conversions depend on each other.
LINKED = {"basis": "revenue", "name": "Linked", "tier_mode": "whole", "cap_customer": "60.00",
          "cap_partner_period": "120.00",
          "tiers": [{"from": "0", "rate_ppm": 50000}, {"from": "900.00", "rate_ppm": 90000}]}


class Market:
    """A program with its rules and two partners, the first of whom the second referred."""

    def __init__(self, name, rules, **terms):
        self.name = name
        self.program = created(site().manager.post("/programs", {
            "name": name, "allowed_hosts": [HOST], "hold_days": 3650} | terms))["id"]
        second = self._partner(f"{name} two")
        self.partners = [self._partner(f"{name} one", referred_by=second["user_id"]), second]
        self.rules = [created(site().finance.post("/commission-rules", self.form(rule)))
                      for rule in rules]

    def _partner(self, name, **more):
        return created(site().manager.post("/partners", {
            "email": f"{name.replace(' ', '-')}@partners.example", "name": name,
            "program_id": self.program} | more))

    def form(self, rule, **more):
        return {"program_id": self.program, "effective_from": "2026-01-01T00:00:00Z"} | rule | more


class Crowd:
    """The clients, and everything that they were told."""

    def __init__(self, seed, markets):
        self.markets = markets
        self.done = {}     # By key: path, body and the answer of what was done.
        self.refused = {}  # By key: the path of what was not.
        self.sales = []    # (market, sale as it was answered)
        self.errors = []
        self.unanswered = 0
        self.stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(f"{seed}-{n}",))
                         for n in range(WORKERS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self._threads:
            thread.join()
        expect(not self.errors, f"{len(self.errors)}: {self.errors[:3]}")

    @property
    def answered(self):
        return len(self.done) + len(self.refused)

    def _work(self, name):
        try:
            worker = Worker(self, name)
            while not self.stopping.is_set():
                worker.step()
        except Exception as error:  # noqa: BLE001 - told by who waits for the threads
            self.errors.append(f"{name}: {type(error).__name__} {error}")
            self.stopping.set()

    def repeat(self, draw, count=10):
        """Requests that were answered before are answered so again."""
        api = client()
        for key in draw.sample(sorted(self.done), min(count, len(self.done))):
            path, body, first = self.done[key]
            again = api.post(path, body, headers={"Idempotency-Key": key})
            equal((again.status, again.body), (first.status, first.body), f"{path} {key} again")
            equal(again.headers.get("idempotency-replayed"), "true", f"{path} {key} was done")


def client():
    """The administrator on a connection of its own."""
    fresh = site().program.client()
    fresh.cookies, fresh.csrf_token = dict(site().admin.cookies), site().admin.csrf_token
    return fresh


class Worker:
    """One client. What it asks for depends on its seed and on what there is."""

    def __init__(self, crowd, name):
        self._crowd, self._name = crowd, name
        self._draw = random.Random(name)
        self._api = client()
        self._turns = itertools.count(1)

    def step(self):
        kind = self._draw.choices([self.sell, self.give_back, self.change_cost, self.put_right,
                                   self.cancel, self.decide, self.change_rule, self.suspend],
                                  [8, 5, 4, 2, 1, 8, 1, 1])[0]
        kind(f"{self._name}-{next(self._turns)}")

    def told(self, key, path, body):
        """The answer, however often it takes to ask for it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._api.post(path, body, headers={"Idempotency-Key": key})
                waits = answer.status == 503 or (answer.status == 409
                                                 and b"Idempotency-Key" in answer.body)
            except (OSError, http.client.HTTPException):
                self._crowd.unanswered += 1
                self._api.close()
                waits = True
            if not waits:
                break
            expect(time.monotonic() < end, f"no answer to {path} {key}")
            time.sleep(0.02)
        expect(answer.status in (200, 201, 409, 422), f"{path} {body}: {answer.status} "
               f"{answer.body[:300]}")
        if answer.status < 300:
            self._crowd.done[key] = (path, body, answer)
        else:
            self._crowd.refused[key] = path
        return answer

    def sell(self, key):
        market = self._draw.choice(self._crowd.markets)
        cents = self._draw.randint(1, 40_000)
        body = {"kind": "delivered", "source": "history", "external_id": key,
                "program_id": market.program, "revenue": money(cents),
                "cost": money(self._draw.randint(0, cents)),
                "mode": self._draw.choice(["ftl", "ltl"]),
                "customer": {"external_id": f"history-{self._draw.randint(1, CUSTOMERS)}"},
                "code": self._draw.choice(market.partners)["code"]}
        if self._draw.random() < 0.8:  # Others occur as they are reported.
            body["occurred_at"] = (f"{self._draw.choice(DAYS)}T{self._draw.randint(0, 23):02}:"
                                   f"{self._draw.randint(0, 59):02}:00Z")
        answer = self.told(key, "/conversions", body)
        equal(answer.status, 201, answer.body)
        self._crowd.sales.append((market, answer.json()))

    def sale(self):
        return self._draw.choice(self._crowd.sales)[1] if self._crowd.sales else None

    def _adjust(self, key, ends=None, **change):
        """Of sales that end by being canceled nothing is put right: each is one or the other."""
        sale = self.sale()
        if sale and ends in (None, int(sale["external_id"].split("-")[-1]) % 2 == 0):
            self.told(key, f"/conversions/{sale['id']}/adjustments", {"external_id": key} | change)

    def give_back(self, key):
        self._adjust(key, kind="refund", revenue_change=money(-self._draw.randint(1, 20_000)))

    def change_cost(self, key):
        self._adjust(key, kind="cost_change",
                     cost_change=money(self._draw.choice([-1, 1]) * self._draw.randint(1, 5_000)))

    def put_right(self, key):
        amount = money(self._draw.randint(1, 20_000))
        self._adjust(key, ends=False, kind="correction", revenue_change=amount)

    def cancel(self, key):
        self._adjust(key, ends=True, kind="cancel")

    def decide(self, key):
        sale = self.sale()
        if not sale or not sale["commissions"]:
            return
        commission = self._draw.choice(sale["commissions"])["id"]
        verb = self._draw.choice(["approve", "approve", "hold", "hold", "release", "release",
                                  "reject", "adjust", "claw_back"])
        body = {"reason": key}
        if verb == "adjust":
            body["amount_change"] = money(self._draw.choice([-1, 1]) * self._draw.randint(1, 1_000))
        self.told(key, f"/commissions/{commission}/{verb}", body)

    def change_rule(self, key):
        market = self._draw.choice(self._crowd.markets)
        rule = market.rules[0]
        form = SHARE if rule["basis"] == "revenue" and not rule["tiers"] else LINKED
        rate = {"rate_ppm": self._draw.randint(0, 300_000)} if form is SHARE else {
            "tiers": [{"from": "0", "rate_ppm": self._draw.randint(0, 100_000)},
                      {"from": "700.00", "rate_ppm": self._draw.randint(0, 200_000)}]}
        self.told(key, f"/commission-rules/{rule['id']}/versions", market.form(
            form, name=key, effective_from=f"{self._draw.choice(DAYS)}T00:00:00Z", **rate))

    def suspend(self, key):
        partner = self._draw.choice(self._draw.choice(self._crowd.markets).partners)
        verb = self._draw.choice(["suspend", "reinstate"])
        self.told(key, f"/enrolments/{partner['enrolments'][0]['id']}/{verb}", {"reason": key})


def money(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
