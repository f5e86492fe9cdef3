"""A database for jobs, and processes that work on it: tests/jobs/program.cpp."""
import contextlib
import os
import pathlib
import signal
import subprocess
import tempfile

from harness import Postgres, eventually
from harness.faults import built


class JobSite:
    """A PostgreSQL with the program's schema, and workers that can be killed."""

    def __init__(self, durable=False):
        self._folder = tempfile.TemporaryDirectory(prefix="referral-jobs-")
        self.database = Postgres(self._folder.name, durable=durable)
        self.database.__enter__()
        self.workers = []
        self.run("migrate")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.database.stop("immediate")
        self._folder.cleanup()

    @property
    def folder(self):
        return pathlib.Path(self._folder.name)

    def run(self, command, *arguments):
        """A command of the program to its end; what it printed."""
        done = subprocess.run([built("job_program"), command, self.database.url,
                               *map(str, arguments)], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def add(self, kind, count, first=0):
        self.run("add", kind, count, first)

    def start_worker(self, threads=2, lease_ms=3000, env=None):
        """A process that works, once it does."""
        log = (self.folder / "workers.log").open("ab")
        worker = subprocess.Popen([built("job_program"), "work", self.database.url, str(threads),
                                   str(lease_ms)], stdout=subprocess.PIPE, stderr=log,
                                  stdin=subprocess.DEVNULL, env=dict(os.environ) | (env or {}))
        log.close()
        self.workers.append(worker)
        worker.stdout.readline()
        return worker

    def kill_worker(self, worker):
        worker.kill()
        worker.wait()
        worker.stdout.close()
        self.workers.remove(worker)

    def stop_workers(self):
        """Tidily; gives their exit codes."""
        for worker in self.workers:
            with contextlib.suppress(ProcessLookupError):
                worker.send_signal(signal.SIGTERM)
        codes = [worker.wait(30) for worker in self.workers]
        for worker in self.workers:
            worker.stdout.close()
        self.workers = []
        return codes

    def number(self, sql):
        """The one number that a statement gives."""
        return int(self.database.rows(sql)[0][0])

    def jobs_left(self, state=None):
        return self.number("select count(*) from jobs" +
                           (f" where state = '{state}'" if state else ""))

    def wait_until_done(self, seconds):
        eventually(lambda: self.jobs_left() == 0, "all jobs done", seconds)

    def counts(self, kind):
        """done, failed, dead and lost attempts of a kind, as the page shows them."""
        row = self.database.rows("select coalesce(sum(done), 0), coalesce(sum(failed), 0), "
                                 "coalesce(sum(dead), 0), coalesce(sum(lost), 0) from job_counts "
                                 f"where kind = '{kind}'")[0]
        return dict(zip(("done", "failed", "dead", "lost"), map(int, row)))

    def ticks(self):
        """How often schedules had their effect."""
        return self.number("select count(*) from effects where note <> ''")

    def effects(self, number=None):
        """(effects, different numbers) made, of one job or all. What schedules do has a note, and
        is not among them: a test may see an hour begin."""
        which = "note = ''" + ("" if number is None else f" and number = {number}")
        row = self.database.rows(
            f"select count(*), count(distinct number) from effects where {which}")[0]
        return int(row[0]), int(row[1])


def say(text):
    print(f"   {text}", flush=True)
