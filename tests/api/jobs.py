"""Jobs as administrators see them."""
from api.shared import is_problem, site, suite
from harness import equal, eventually, expect


def make_dead(shared, count=1, key="null"):
    """Jobs of no kind that a worker knows, given up; newest first."""
    shared.program.postgres.rows(f"""
        insert into jobs (kind, state, attempts, last_error, unique_key, run_at, created_at,
                          updated_at)
        select 'tests.nothing', 'dead', 12, 'spoilt', {key}, now(), now(), now()
        from generate_series(1, {count})""")
    return shared.api.all("/jobs", state="dead", kind="tests.nothing")[:count]


@suite.test
def jobs_are_listed_page_by_page():
    shared = site()
    ids = [job["id"] for job in make_dead(shared, 25)]
    page = shared.api.get("/jobs", kind="tests.nothing", limit=10).json()
    equal([job["id"] for job in page["data"]], ids[:10])
    equal([job["id"] for job in shared.api.all("/jobs", kind="tests.nothing", limit=10)], ids)
    equal(shared.api.get("/jobs", kind="tests.nothing", state="running").json()["data"], [])
    is_problem(shared.api.get("/jobs", state="lazy"), 422, "state")
    is_problem(shared.api.get("/jobs", cursor="x"), 422, "cursor")
    for each in ids:
        equal(shared.api.post(f"/jobs/{each}/discard").status, 204)


@suite.test
def dead_jobs_are_replayed_or_discarded():
    shared = site()
    one, two = make_dead(shared, 2)
    found = shared.api.get(f"/jobs/{one['id']}").json()
    equal((found["state"], found["attempts"], found["last_error"]), ("dead", 12, "spoilt"))
    again = shared.api.post(f"/jobs/{one['id']}/replay").json()
    equal((again["state"], again["attempts"]), ("waiting", 0))
    is_problem(shared.api.post(f"/jobs/{one['id']}/replay"), 409, "id")
    for each in (one, two):
        equal(shared.api.post(f"/jobs/{each['id']}/discard").status, 204)
        is_problem(shared.api.get(f"/jobs/{each['id']}"), 404)
        is_problem(shared.api.post(f"/jobs/{each['id']}/replay"), 404)
    key = make_dead(shared, 1, "'k'")[0]
    other = make_dead(shared, 1, "'k'")[0]
    equal(shared.api.post(f"/jobs/{key['id']}/replay").status, 200)
    is_problem(shared.api.post(f"/jobs/{other['id']}/replay"), 409, "id")
    for each in (key, other):
        equal(shared.api.post(f"/jobs/{each['id']}/discard").status, 204)


@suite.test
def queues_and_schedules_are_shown():
    shared = site()
    row = eventually(lambda: next((row for row in shared.api.get("/job-queues").json()["data"]
                                   if row["kind"] == "click-partitions.make" and row["done_24h"]),
                                  None), "a scheduled job is done")
    expect(row["meaning"] and row["dead"] == 0, row)
    schedules = shared.api.get("/job-schedules").json()["data"]
    expect(len(schedules) >= 4, schedules)
    for schedule in schedules:
        expect(schedule["next_at"] > (schedule["last_at"] or ""), schedule)


@suite.test
def jobs_are_for_those_who_may():
    shared = site()
    job = make_dead(shared)[0]
    analyst = shared.user("analyst", "watcher")
    equal(analyst.get(f"/jobs/{job['id']}").status, 200)
    is_problem(analyst.post(f"/jobs/{job['id']}/replay"), 403)
    for role in ("manager", "finance", "partner"):
        is_problem(shared.user(role, f"jobs-{role}").get("/jobs"), 403)
    equal(shared.api.post(f"/jobs/{job['id']}/discard").status, 204)
