"""Files of conversions: looked at, stored, the same again, taken back."""
import time

from conversions.shared import Partner, created, equal, eventually, expect, program, site, suite
from harness.suite import LONG

ROWS, BAD = (10_000 if LONG else 600), 12


def rows_of(code, prefix):
    """A file of ROWS rows, BAD of which cannot be stored."""
    lines = ["kind,source,external_id,occurred_at,revenue,currency,customer_external_id,code"]
    for number in range(ROWS):
        good = number >= BAD
        amount = f"{number}.50" if good else ("x", "-1.00", "1.001")[number % 3]
        lines.append(f"delivered,{prefix},{prefix}-{number},2026-07-{number % 28 + 1:02},{amount},"
                     f"USD,{prefix}-customer-{number % 50},{code if number % 2 else ''}")
    return "\r\n".join(lines) + "\r\n"


def upload(text, **more):
    return created(site().manager.post("/imports", {"csv": text, "name": "july.csv"} | more))


def until(state, made):
    def row():
        found = site().manager.get(f"/imports/{made['id']}").json()
        return found if found["status"] == state else None
    return eventually(row, state, seconds=1000 if LONG else 300, pause=1 if LONG else 0.05)


class Watch:
    """Says how long each step took."""

    def __init__(self):
        self._since = time.monotonic()

    def tell(self, step):
        print(f"   {ROWS} rows {step} in {time.monotonic() - self._since:.1f} s", flush=True)
        self._since = time.monotonic()


@suite.test
def a_file_is_looked_at_stored_and_the_same_again_is_nothing():  # O4
    partner = Partner(program())
    text = rows_of(partner.code, "o4")
    manager = site().manager
    watch = Watch()
    looked_at = until("checked", upload(text))
    equal((looked_at["counts"]["bad"], looked_at["counts"]["good"]), (BAD, ROWS - BAD))
    equal(len(looked_at["errors"]), BAD)
    equal(looked_at["errors"][0]["errors"][0]["field"], "revenue")
    equal(manager.get("/conversions", source="o4").json()["data"], [])
    watch.tell("looked at")

    equal(manager.post(f"/imports/{looked_at['id']}/commit").status, 200)
    stored = until("committed", looked_at)
    equal((stored["counts"]["made"], stored["counts"]["bad"]), (ROWS - BAD, BAD))
    equal(site().one("select count(*) from conversions where source = 'o4'"), str(ROWS - BAD))
    credited = site().one("select count(*) from attribution_credits r join conversions c on c.id = "
                          "r.conversion_id where c.source = 'o4'")
    expect(int(credited) >= (ROWS - BAD) // 2, credited)
    watch.tell("stored")

    again = until("committed", upload(text, dry_run=False))
    equal((again["counts"]["made"], again["counts"]["same"]), (0, ROWS - BAD))
    watch.tell("the same again")

    equal(manager.post(f"/imports/{looked_at['id']}/undo").status, 200)
    equal(until("undone", looked_at)["counts"]["undone"], ROWS - BAD)
    watch.tell("taken back")
    left = site().one("select count(*) from conversions where source = 'o4' and not is_undone")
    equal(left, "0", "conversions that are left")


@suite.test
def a_file_is_taken_back_as_a_whole():
    text = "\n".join(rows_of("", "undo").splitlines()[:40])
    manager = site().manager
    made = until("committed", upload(text, dry_run=False))
    count = made["counts"]["made"]
    expect(count > 20, made["counts"])
    rows = manager.get("/conversions", source="undo", import_id=made["id"]).json()["data"]
    equal({row["status"] for row in rows}, {"organic"})
    equal(manager.post(f"/imports/{made['id']}/undo").status, 200)
    undone = until("undone", made)
    equal(undone["counts"]["undone"], count)
    equal({row["status"] for row in manager.get("/conversions", source="undo").json()["data"]},
          {"undone"})
    equal(manager.post(f"/imports/{made['id']}/undo").status, 409)
    anew = until("committed", upload(text, dry_run=False))
    equal(anew["counts"]["made"], count, "the keys are free again")


@suite.test
def a_mapping_fits_the_files_of_others():
    text = "Load No;Charge;Shipper\n4711;\"$1,234.56\";Acme\n"
    made = until("committed", upload(text, dry_run=False, mapping={
        "external_id": "Load No", "revenue": "Charge", "customer.external_id": "Shipper"},
        defaults={"kind": "booked", "source": "other tms"}))
    equal(made["counts"]["made"], 1, made["errors"])
    row = site().manager.get("/conversions", source="other tms").json()["data"][0]
    equal((row["external_id"], row["kind"], row["revenue"]), ("4711", "booked", "1234.56"))
    answer = site().manager.post("/imports", {"csv": text, "mapping": {"kind": "Nothing"}})
    equal(answer.status, 422, answer.body)
    equal(site().signed_in("partner").post("/imports", {"csv": text}).status, 403)
