"""Visitors who keep their click ids, and what the database says of the same clicks."""
import json
import signal
import subprocess
import time

from harness import Failure, equal, eventually
from harness.faults import built

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def make_links(api, count=20, host="www.example.com"):
    """Allows a host, creates links to it and gives their codes."""
    program = api.get("/programs").json()["data"][0]
    equal(api.patch(f"/programs/{program['id']}", {"allowed_hosts": [host]}).status, 200)
    codes = []
    for number in range(count):
        answer = api.post("/links", {"destination_url": f"https://{host}/{number}"})
        equal(answer.status, 201, answer.body)
        codes.append(answer.json()["code"])
    return codes


class Crowd:
    """Visitors in a process of their own: `rate` a second over `connections` connections."""

    def __init__(self, program, codes, rate=2000, connections=64, seconds=600):
        self._program = program
        program.wait_until_ready()
        self.stored_before = count(program)
        self.connections = connections
        folder = program.folder
        (folder / "codes").write_text("\n".join(codes) + "\n")
        self._ids = folder / f"ids-{time.monotonic_ns()}"
        self._process = subprocess.Popen(
            [built("clicker"), str(program.port), str(rate), str(connections), str(seconds),
             folder / "codes", self._ids], stdout=subprocess.PIPE, text=True)
        self.seconds = []  # What happened in each second.
        self.total = None

    def watch(self, seconds):
        """Lets them go on for so many seconds; gives what happened in each."""
        lines = [json.loads(self._process.stdout.readline()) for _ in range(seconds)]
        self.seconds += lines
        return lines

    def end(self):
        """Sends them home, waits for the last answers and gives the sums."""
        self._process.send_signal(signal.SIGTERM)
        for line in self._process.stdout:
            found = json.loads(line)
            if "total" in found:
                self.total = found
            else:
                self.seconds.append(found)
        self._process.wait(30)
        if self.total is None:
            raise Failure("the visitors ended without their sums")
        return self.total

    def ids(self):
        """The click ids of all redirects that were read whole, as the database writes them."""
        ids = [as_uuid(line) for line in self._ids.read_text().split()]
        equal(len(set(ids)), len(ids), "click ids that were given twice")
        return set(ids)


def as_uuid(click_id):
    """"clk_…" as the uuid it stands for."""
    number = 0
    for digit in click_id.removeprefix("clk_"):
        number = number * 32 + DIGITS.index(digit)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def stored_ids(program):
    """The ids of all rows; fails when one is there twice."""
    ids = [row[0] for row in program.database.rows("select id from link_clicks")]
    equal(len(set(ids)), len(ids), "clicks that were stored twice")
    return set(ids)


def count(program):
    return int(program.database.rows("select count(*) from link_clicks")[0][0])


def wait_until_loaded(program, wanted, seconds=60, already=0):
    """Waits until all of `wanted` is stored, beside what was there already, and nothing more
    comes."""
    eventually(lambda: count(program) >= already + len(wanted), f"{len(wanted)} clicks stored",
               seconds)
    before = -1
    while before != (before := count(program)):
        time.sleep(0.5)
    missing = wanted - stored_ids(program)
    equal(len(missing), 0, f"clicks answered and not stored, such as {next(iter(missing), '')}")


def rollups_equal_rows(program):
    """Every count that is kept is the count of its rows."""
    differences = program.database.rows("""
        select 'link', count(*) from (
            select referral_link_id, class, count(*) from link_clicks
            where referral_link_id > 0 group by 1, 2
            except select link_id, class, sum(clicks) from link_click_counts group by 1, 2) d
        union all
        select 'program', count(*) from (
            select program_id, class, count(*) from link_clicks group by 1, 2
            except select program_id, class, sum(clicks) from program_click_counts
                   where dimension = 0 group by 1, 2) d
        union all
        select 'sums', abs((select count(*) from link_clicks where referral_link_id > 0)
                           - (select coalesce(sum(clicks), 0) from link_click_counts
                              where link_id > 0))
        union all
        select 'day', abs((select count(*) from link_clicks)
                          - (select coalesce(sum(journalled), 0) from journal_days))
    """)
    equal({name: int(rows) for name, rows in differences},
          {"link": 0, "program": 0, "sums": 0, "day": 0}, "counts that differ from their rows")


def exactly_once(program, crowd, faults, also=0):
    """Every click answered is stored once; of the others only those on the way at a fault, and
    `also` so many that are not the crowd's. Gives both numbers."""
    program.wait_until_ready()
    acked, also = crowd.ids(), also + crowd.stored_before
    wait_until_loaded(program, acked, already=crowd.stored_before)
    extra = count(program) - len(acked) - also
    if extra < 0:
        raise Failure(f"{-extra} clicks too few")
    if extra > crowd.connections * max(faults, 1):
        raise Failure(f"{extra} clicks stored that nobody got an answer for")
    rollups_equal_rows(program)
    return len(acked), extra
