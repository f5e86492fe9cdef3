"""The program and its database are killed, stopped and started under load."""
import contextlib
import os
import random
import signal
import time

from durability.clicks import Crowd, exactly_once
from durability.shared import LONG, none_failed, say, started, suite
from harness import equal, eventually, expect

KILLS = 50 if LONG else 5
DATABASE_KILLS = 20 if LONG else 3
OUTAGE_SECONDS = 60 if LONG else 5
kept = []


@contextlib.contextmanager
def shared_program():
    """A program for several tests, whatever was done to it before; started anew when it ended."""
    if not kept:
        kept[:] = started()
    program, codes = kept
    if not program.is_running():
        program.start()
    yield program, codes


@suite.at_end
def close():
    """Ends it."""
    if kept:
        kept[0].close()


def first_redirect_after_start(program, codes):
    """Starts the program again; seconds until it answers a click."""
    begun = time.monotonic()
    program.start(wait=False)
    while program.status_of(f"/r/{codes[0]}") != 302:
        expect(program.is_running(), program.last_words())
        expect(time.monotonic() - begun < 30, "a redirect within 30 s of the start")
        time.sleep(0.005)
    return time.monotonic() - begun


@suite.test
def ten_thousand_clicks_survive_a_kill():  # K4
    with shared_program() as (program, codes):
        crowd = Crowd(program, codes, rate=4000)
        while sum(second["recorded"] for second in crowd.seconds) < 10_000:
            crowd.watch(1)
        program.kill()
        crowd.end()
        program.start()
        acked, extra = exactly_once(program, crowd, 1)
        expect(acked >= 10_000, f"only {acked} clicks")
        say(f"{acked} answered, all stored once, {extra} more were on the way")


@suite.test
def kills_of_the_server_lose_nothing():  # R-01, K4
    with shared_program() as (program, codes):
        crowd, starts = Crowd(program, codes), []
        for _ in range(KILLS):
            crowd.watch(1)
            time.sleep(random.uniform(0, 0.7))
            program.kill()
            starts.append(first_redirect_after_start(program, codes))
        crowd.watch(1)
        program.wait_until_ready()
        crowd.end()
        starts.sort()
        acked, extra = exactly_once(program, crowd, KILLS)
        say(f"{KILLS} kills, {acked} answered, all stored once, {extra} more were on the way; "
            f"first redirect after a start: median {starts[len(starts) // 2]:.2f} s, "
            f"p95 {starts[int(len(starts) * 0.95)]:.2f} s")


@suite.test
def kills_of_the_database_lose_nothing():
    with shared_program() as (program, codes):
        crowd = Crowd(program, codes)
        for _ in range(DATABASE_KILLS):
            crowd.watch(1)
            time.sleep(random.uniform(0, 0.7))
            pid = program.postgres.pid()
            if pid:
                os.kill(pid, signal.SIGKILL)
            eventually(lambda: program.postgres.pid() not in (None, pid), "PostgreSQL is back")
        crowd.watch(1)
        total = crowd.end()
        program.wait_until_ready()
        none_failed(total)
        acked, extra = exactly_once(program, crowd, 0)
        say(f"{DATABASE_KILLS} kills of PostgreSQL, {acked} answered, all stored once")


@suite.test
def an_outage_of_the_database_is_not_seen_by_visitors():  # R-03, K6
    with shared_program() as (program, codes):
        crowd = Crowd(program, codes)
        before = crowd.watch(3)
        api = program.sign_in()
        stop_database(program)
        refused = time.monotonic()
        answer = api.get("/links")
        equal(answer.status, 503)
        expect("retry-after" in answer.headers, "Retry-After with the 503")
        took = time.monotonic() - refused
        during = crowd.watch(OUTAGE_SECONDS)
        continue_database(program)
        crowd.watch(2)
        total = crowd.end()
        none_failed(total)
        begun = time.monotonic()
        exactly_once(program, crowd, 0)
        p99 = [sorted(second["p99_us"] for second in part)[len(part) // 2]
               for part in (before, during)]
        say(f"{OUTAGE_SECONDS} s without PostgreSQL, {total['recorded']} answered, all stored once "
            f"{time.monotonic() - begun:.1f} s after; p99 {p99[0]} µs before, {p99[1]} µs during; "
            f"the API said 503 after {took * 1e3:.0f} ms")


def stop_database(program):
    """PostgreSQL cannot be started again until `continue_database`."""
    data = program.data / "postgres/data"
    (data / "PG_VERSION").rename(data / "PG_VERSION.away")
    os.kill(program.postgres.pid(), signal.SIGQUIT)
    eventually(lambda: program.postgres.pid() is None, "PostgreSQL has stopped")


def continue_database(program):
    data = program.data / "postgres/data"
    (data / "PG_VERSION.away").rename(data / "PG_VERSION")
    eventually(lambda: program.postgres.pid() is not None, "PostgreSQL is back")


@suite.test
def terminated_sessions_are_no_errors():
    with shared_program() as (program, codes):
        crowd, api = Crowd(program, codes, rate=500), program.sign_in()
        asked = failed = 0
        for _ in range(15 if LONG else 3):
            program.postgres.psql("select pg_terminate_backend(pid) from pg_stat_activity "
                                  "where pid <> pg_backend_pid() and "
                                  "backend_type = 'client backend'")
            end = time.monotonic() + 2
            while time.monotonic() < end:
                answer = api.get("/links")
                asked += 1
                failed += answer.status != 200
        total = crowd.end()
        none_failed(total)
        expect(failed * 100 <= asked, f"{failed} of {asked} API requests failed")
        exactly_once(program, crowd, 0)
        say(f"{failed} of {asked} API requests failed while all sessions were ended every 2 s")


@suite.test
def a_deploy_is_not_seen_by_visitors():
    with shared_program() as (program, codes):
        crowd = Crowd(program, codes)
        crowd.watch(3)
        begun = time.monotonic()
        equal(program.stop(), 0, program.last_words())
        took = time.monotonic() - begun
        total = crowd.end()
        equal(total["lost"], 0, "redirects cut off")
        expect(took <= 10, f"{took:.1f} s until it ended")
        program.start()
        exactly_once(program, crowd, 0)
        say(f"ended {took:.1f} s after SIGTERM under 2,000 clicks/s, none of {total['recorded']} "
            "cut off")
