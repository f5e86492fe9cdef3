"""The journal's disk fails, stalls and gets full: visitors go on, and what is not recorded is
counted."""
import contextlib
import os
import pathlib
import subprocess
import time

from durability.clicks import Crowd, exactly_once, make_links
from durability.shared import LONG, none_failed, say, started, suite, unrecorded
from harness import FaultShim, Program, equal, eventually, expect, visit

FAILING_CALLS = range(1, 201) if LONG else (1, 2, 3, 4, 5, 7, 10, 15, 22, 33, 50, 75, 110, 160, 200)
ERRORS = ("EIO", "ENOSPC", "EINTR", "short")
OUTAGES = ("fail sync all EIO", "fail write all ENOSPC", "fail any all EIO", "fail open all EMFILE",
           "fail any 3+ EDQUOT", "fail rename all EIO")
STALL_SECONDS = 10 if LONG else 3
FULL_SECONDS = 20 if LONG else 4


def started_with_shim():
    """A program whose journal's disk fails at will."""
    program, codes = started()
    try:
        program.stop()
        shim = FaultShim(program.folder, program.data / "journal")
        program.set_env(**shim.env)
        program.start()
    except BaseException:
        program.close()
        raise
    return program, codes, shim


def commits(program):
    return program.metrics()["referral_click_commits_total"]


@suite.test
def failing_calls_cost_no_answered_click():
    program, codes, shim = started_with_shim()
    with program:
        pid, crowd = program.pid, Crowd(program, codes)
        for nth in FAILING_CALLS:
            before = commits(program)
            shim.set(f"fail any {nth} {ERRORS[nth % len(ERRORS)]}")
            eventually(lambda: commits(program) >= before + nth, f"{nth} commits", pause=0.02)
        singly = unrecorded(program)
        for rule in OUTAGES:
            with shim.rules(rule):
                time.sleep(0.4)
            # The pause after failures is at most a second.
            before = commits(program)
            eventually(lambda: commits(program) > before + 20, f"commits after: {rule}")
        total = crowd.end()
        none_failed(total)
        equal(program.pid, pid, "the process that was started")
        equal(total["unrecorded"], unrecorded(program), "redirects without a click id")
        acked, extra = exactly_once(program, crowd, 0)
        equal(extra, 0, "clicks stored that carried no click id")
        expect(total["unrecorded"] > singly, "outages leave clicks unrecorded")
        say(f"{len(FAILING_CALLS)} failing calls, {len(OUTAGES)} outages of 0.4 s: {acked} "
            f"answered with a click id, all stored once; {total['unrecorded']} without, as counted")


@suite.test
def a_stalled_disk_stops_no_visitor():
    program, codes, shim = started_with_shim()
    with program:
        api, crowd = program.sign_in(), Crowd(program, codes, rate=200)
        crowd.watch(1)
        slowest_api = slowest_visit = 0
        with shim.rules("stall sync"):
            stalled_until = time.monotonic() + 2 + STALL_SECONDS
            time.sleep(2)
            visits = 0
            while time.monotonic() < stalled_until:
                begun = time.monotonic()
                equal(api.get("/links").status, 200)
                answered = time.monotonic()
                redirect = visit(program.port, codes[visits % len(codes)])
                equal((redirect.status, redirect.click_id), (302, None))
                visits += 1
                slowest_api = max(slowest_api, answered - begun)
                slowest_visit = max(slowest_visit, time.monotonic() - answered)
            expect(slowest_api < 1, f"{slowest_api:.2f} s for an API request")
            expect(slowest_visit < 2, f"{slowest_visit:.2f} s for a redirect")
            equal(program.metrics()["referral_click_loops_stuck"] > 0, True, "an alarm")
        visits += clicks_until_recorded(program, codes[0])
        total = crowd.end()
        none_failed(total)
        equal(total["unrecorded"] + visits, unrecorded(program), "redirects without a click id")
        acked, extra = exactly_once(program, crowd, 0, also=1)
        say(f"{STALL_SECONDS} s without a sync: {visits} new visitors answered within "
            f"{slowest_visit * 1e3:.0f} ms, the API within {slowest_api * 1e3:.0f} ms; {acked} "
            f"answered with a click id, all stored once")


def clicks_until_recorded(program, code):
    """Visits the link until a visit is recorded; gives how many were not."""
    before, end = 0, time.monotonic() + 5
    while not visit(program.port, code).click_id:
        before += 1
        expect(time.monotonic() < end, "a recorded click within 5 s")
        time.sleep(0.05)
    return before


class SmallDisk:
    """A file system of 48 MiB for a program's journal, mounted where only the program sees it."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._image = self._folder / "disk.image"
        with self._image.open("wb") as image:
            image.truncate(48 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", self._image], check=True)
        (self._folder / "disk").mkdir()

    def before(self, data):
        """Words before the program's, for `Program(before=…)`."""
        disk, journal = self._folder / "disk", data / "journal"
        script = (f"mkdir -p {journal} && mount -o loop {self._image} {disk} && "
                  f"mkdir -p {disk}/journal && chown --reference={data} {disk}/journal && "
                  f"mount --bind {disk}/journal {journal} && exec \"$@\"")
        return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script, "sh"]

    def fill(self, pid):
        """Leaves no byte free."""
        with self._ballast(pid).open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
            for size in (1 << 20, 1 << 12, 1 << 9):
                with contextlib.suppress(OSError):
                    while True:
                        ballast.write(bytes(size))

    def free(self, pid):
        """Takes the ballast away."""
        self._ballast(pid).unlink()

    def _ballast(self, pid):
        return pathlib.Path(f"/proc/{pid}/root{self._folder}/disk/ballast")


@suite.test
def a_full_disk_stops_no_visitor():
    if os.geteuid() != 0:
        say("not tried: only root can mount a small disk")
        return
    program = Program(start=False, env={"JOURNAL_SEGMENT_BYTES": "1MiB"})
    with program:
        program.data.mkdir()
        disk = SmallDisk(program.folder)
        program.before = disk.before(program.data)
        program.start()
        codes = make_links(program.sign_in())
        crowd, pid = Crowd(program, codes, rate=4000), program.pid
        crowd.watch(2)
        disk.fill(pid)
        eventually(lambda: unrecorded(program) > 0, "a redirect without a record", 60)
        begun = time.monotonic()
        alarm = eventually(lambda: program.metrics()["referral_journal_alarm"], "an alarm", 5)
        alarmed = time.monotonic() - begun
        crowd.watch(FULL_SECONDS)
        disk.free(pid)
        freed = time.monotonic()
        visits = clicks_until_recorded(program, codes[0])
        recovered = time.monotonic() - freed
        eventually(lambda: program.metrics()["referral_journal_alarm"] == 0, "the alarm's end", 5)
        crowd.watch(2)
        total = crowd.end()
        none_failed(total)
        equal(program.pid, pid, "the process that was started")
        equal(total["unrecorded"] + visits, unrecorded(program), "redirects without a click id")
        acked, _ = exactly_once(program, crowd, 0, also=1)
        equal(alarm, 2, "the alarm of a full disk")
        say(f"disk full for {FULL_SECONDS} s: {total['unrecorded']} redirects without a record, as "
            f"counted; alarm after {alarmed:.1f} s, recording {recovered:.1f} s after there was "
            f"room; {acked} with a click id, all stored once")
