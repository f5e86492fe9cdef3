"""How soon a click is seen, and a change of a link felt."""
import pathlib
import tempfile
import threading
import time

from clicks.shared import say, site, suite
from clicks.visitors import HOST, Site
from harness import Postgres, equal, eventually, expect

WATCHED = 100


def percentile(values, share):
    """The value below which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def next_of(events, wanted, link=None):
    """The data of the next event of a kind; of clicks, only those of a link."""
    end = time.monotonic() + 30
    while True:
        expect(time.monotonic() < end, f"a {wanted} event within 30 s")
        name, data = events.next()
        if name == wanted and (link is None or data["link_id"] == link["id"]):
            return data


@suite.test
def a_click_is_seen_within_a_second():
    shared = site()
    link = shared.link("/live")
    visitors = [shared.visitor() for _ in range(WATCHED)]
    took = []
    with shared.events() as events:
        equal(events.status, 200)
        next_of(events, "counters")
        for visitor in visitors:
            begun = time.monotonic()
            answer = visitor.get(link["code"])
            click = next_of(events, "click", link)
            took.append(time.monotonic() - begun)
            equal((click["id"], click["class"]), (answer.click_id, "human"))
            time.sleep(0.03)  # A stream tells of at most 50 clicks a second.
    equal(click["visitor_ip"], visitors[-1].ip)
    rows = {row["id"]: row for row in shared.clicks(link, WATCHED)}
    equal(rows[click["id"]], click, "the event and the row")
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    expect(p99 < 1, f"p99 {p99:.2f} s")
    say(f"click to event of {WATCHED} clicks: p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms")


@suite.test
def counters_follow_the_clicks():
    shared = site()
    link = shared.link("/counters")
    with shared.events() as events:
        before = next_of(events, "counters")
        for _ in range(3):
            shared.visitor().get(link["code"])
        repeat = shared.visitor()
        repeat.get(link["code"])
        repeat.get(link["code"])
        end = time.monotonic() + 10
        gained = None
        while gained != (5, 4) and time.monotonic() < end:
            name, data = events.next()
            if name == "counters":
                gained = (data["clicks_today"] - before["clicks_today"],
                          data["unique_clicks_today"] - before["unique_clicks_today"])
        equal(gained, (5, 4), "clicks and unique clicks")
        expect(data["visitors_now"] >= 4, data)


@suite.test
def a_stream_needs_a_session():
    shared = site()
    with shared.events(shared.program.client()) as events:
        equal(events.status, 401)


def felt_after(probe):
    """Seconds until the probe holds; at most ten."""
    begun = time.monotonic()
    eventually(probe, "the change", 10, pause=0.005)
    return time.monotonic() - begun


@suite.test
def a_change_is_felt_by_another_process_within_a_second():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o711)
        with Postgres(folder) as database:
            here = Site(env={"DATABASE_URL": database.url})
            try:
                there = Site(env={"DATABASE_URL": database.url, "CLICK_DURABILITY": "relaxed"})
                try:
                    changes_are_felt(here, there)
                    both_nodes_count(here, there)
                finally:
                    there.close()
            finally:
                here.close()


def changes_are_felt(here, there):
    took = []
    visitor = there.visitor()
    for number in range(5):
        link = here.link("/first")
        took.append(felt_after(lambda: visitor.get(link["code"]).status == 302))
        here.change(link, destination_url=f"https://{HOST}/second-{number}")
        second = f"https://{HOST}/second-{number}?"
        took.append(felt_after(lambda: visitor.get(link["code"]).location.startswith(second)))
        for action, status in (("pause", 404), ("activate", 302), ("disable", 410)):
            equal(here.api.post(f"/links/{link['id']}/{action}").status, 200)
            took.append(felt_after(lambda: visitor.get(link["code"]).status == status))
    expect(max(took) < 1, f"{max(took):.2f} s until another process felt a change")
    say(f"{len(took)} changes felt by another process: "
        f"median {percentile(took, 0.5) * 1e3:.0f} ms, longest {max(took) * 1e3:.0f} ms")


def both_nodes_count(here, there):
    link = here.link("/both")
    eventually(lambda: there.visitor().get(link["code"], method="HEAD").status == 302, "the link")
    before = len(here.api.all("/clicks", link_id=link["id"], class_="human"))
    answers, lock = [], threading.Lock()

    def visit(place, prefix):
        for _ in range(20):
            answer = place.visitor(ip=f"{prefix}.{len(answers)}").get(link["code"])
            with lock:
                answers.append(answer.click_id)

    threads = [threading.Thread(target=visit, args=each)
               for each in ((here, "192.0.2"), (there, "203.0.113"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(all(answers), "a click id each")
    rows = eventually(lambda: (r := here.api.all("/clicks", link_id=link["id"], class_="human"))
                      and len(r) >= before + 40 and r, "clicks of both processes")
    expect(set(answers) <= {row["id"] for row in rows}, "every click of both")
    equal(here.proof()[0], there.proof()[0], "both tell the same")
    day = rows[0]["clicked_at"][:10]
    equal(len(here.api.get("/clicks/proof", day=day).json()["data"]), 2, "nodes of the proof")
