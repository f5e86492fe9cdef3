"""The real program, started for a test on free loopback ports with a data folder of its own."""
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from harness.client import ApiClient
from harness.ports import free_port
from harness.postgres import PrivatePostgres
from harness.template import copy_to

ROOT = pathlib.Path(os.environ.get("REFERRAL_ROOT") or pathlib.Path(__file__).resolve().parents[2])
# The first administrator of an installation made by a test.
ADMIN_EMAIL = "admin@example.com"
ADMIN_PASSWORD = "correct horse battery"
# How the program says whom it made on its first start, when no ADMIN_PASSWORD was given.
FIRST_SIGN_IN = re.compile(r"^First sign-in: (\S+) +password: (\S+)", re.M)


class DidNotStart(AssertionError):
    """The program ended, or did not get ready in time. Says why in its own words."""


class Program:
    """A program in a temporary folder, which `close` (or the end of the `with` block) removes.

        with Program(arguments=["--demo"], env={"CLICK_DURABILITY": "relaxed"}) as program:
            api = program.sign_in()
            program.kill()      # as kill -9 does
            program.start()

    `env` adds settings to a clean environment; a value of None takes a default one away. `data`
    keeps to an existing data folder, which then stays. `program` is another binary than $REFERRAL
    or build/release/referral. `before` are words of the command line before it, of a command that
    becomes the program. Started by root, it runs on as the user that the program chooses.
    """

    def __init__(self, arguments=(), env=None, data=None, port=None, program=None, start=True,
                 before=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="referral-test-"))
        self.folder.chmod(0o711)
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.port = port or free_port()
        self.metrics_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.postgres = PrivatePostgres(self.data)
        self.database = self.postgres  # Where its rows are; a test with DATABASE_URL sets its own.
        self.log = self.folder / "program.log"
        self._binary = program or os.environ.get("REFERRAL") or str(ROOT / "build/release/referral")
        self.before = list(before)
        self._arguments = list(arguments)
        self._env = self._environment(
            # Tests ask more than any user may; those of the limits set their own.
            {"METRICS_LISTEN": f"127.0.0.1:{self.metrics_port}", "RATE_LIMITS": "off"} |
            (env or {}))
        self._process = None
        if start:
            try:
                if not data and "DATABASE_URL" not in self._env:
                    copy_to(self.data, self._binary)
                self.start()
            except BaseException:
                self.close()
                raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @staticmethod
    def _environment(extra):
        env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "ASAN_OPTIONS",
                                                   "UBSAN_OPTIONS", "TSAN_OPTIONS", "LD_PRELOAD")
               if name in os.environ}
        env |= {"ADMIN_EMAIL": ADMIN_EMAIL, "ADMIN_PASSWORD": ADMIN_PASSWORD}
        env |= extra
        return {name: value for name, value in env.items() if value is not None}

    @property
    def pid(self):
        """The program's process, or None when it does not run."""
        return self._process.pid if self.is_running() else None

    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def start(self, wait=True, seconds=120.0):
        """Starts it; `wait`: until it is ready. DidNotStart with its last words otherwise."""
        self.start_as("serve", "--listen", f"127.0.0.1:{self.port}", *self._arguments)
        if wait:
            self.wait_until_ready(seconds)
        return self

    def start_as(self, subcommand, *arguments):
        """Starts another of its subcommands that works on the data folder, such as `worker`."""
        command = [*self.before, self._binary, subcommand, "--data", str(self.data), *arguments]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, env=self._env, stdout=log,
                                             stderr=log, stdin=subprocess.DEVNULL)

    def wait_until_ready(self, seconds=60.0, target="/readyz?for=api"):
        """Waits until the target answers 200: /readyz?for=api needs PostgreSQL, /healthz not."""
        end = time.monotonic() + seconds
        while self.status_of(target) != 200:
            if not self.is_running():
                raise DidNotStart(f"exit code {self._process.returncode}: {self.last_words()}")
            if time.monotonic() > end:
                raise DidNotStart(f"{target} not ready after {seconds:g} s: {self.last_words()}")
            time.sleep(0.02)

    def status_of(self, target):
        """The status that a GET of the target gets, or None when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", target)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def set_env(self, **settings):
        """Changes settings for the next start; None takes one away."""
        self._env = {name: value for name, value in (self._env | settings).items()
                     if value is not None}

    def metrics(self):
        """What Prometheus would read: values by name, or by name{label="…"}."""
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=10)
        try:
            connection.request("GET", "/metrics")
            lines = connection.getresponse().read().decode().splitlines()
        finally:
            connection.close()
        samples = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}

    def wait_for_exit(self, seconds=120.0):
        """Waits until it ends by itself, and gives the exit code (negative: the signal)."""
        return self._process.wait(seconds)

    def stop(self, seconds=120.0):
        """SIGTERM, as a service manager does; gives the exit code. Ended already: just that."""
        if self.is_running():
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds) if self._process else None

    def kill(self):
        """kill -9. Its PostgreSQL lives on, as after a real crash; the next start ends it."""
        if self.is_running():
            self._process.kill()
        self._process.wait(30)

    def signal(self, number):
        """Sends it a signal: SIGHUP reloads, SIGSTOP freezes."""
        self._process.send_signal(number)

    def restart(self):
        """A tidy stop and a start on the same data and port."""
        self.stop()
        return self.start()

    def output(self):
        """All that it wrote to stdout and stderr, over all starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def last_words(self, lines=5):
        """The last lines of its output in one."""
        return " | ".join(self.output().splitlines()[-lines:])

    def first_sign_in(self):
        """(email, password) that it printed on its first start. AssertionError when it did not."""
        end = time.monotonic() + 120  # It is said last of all, when everything serves already.
        while not (match := FIRST_SIGN_IN.search(self.output())):
            if time.monotonic() > end:
                raise AssertionError(f"no first sign-in in: {self.last_words()}")
            time.sleep(0.05)
        return match.groups()

    def client(self, source="127.0.0.1"):
        """A client that has not signed in, at an address of the loopback."""
        return ApiClient(self.port, source=source)

    def add_user(self, role, name=None):
        """The address of the user of a name (its role's, when absent), who is made in the database
        unless there is one, with the password of the first administrator."""
        name = name or role
        email = f"{name}@example.com"
        self.postgres.rows(f"""
            insert into users (email, password_hash, name, role, created_at, updated_at)
            select '{email}', password_hash, '{name}', '{role}', now(), now()
            from users where role = 'admin' order by id limit 1 on conflict do nothing""")
        return email

    def sign_in(self, email=ADMIN_EMAIL, password=ADMIN_PASSWORD):
        """A client signed in; without arguments as the first administrator."""
        client = self.client()
        client.sign_in(email, password)
        return client

    def close(self):
        """Stops it, whatever state it is in, and removes the folder."""
        if self.is_running():
            try:
                self._process.send_signal(signal.SIGCONT)
                self.stop(30)
            except subprocess.TimeoutExpired:
                self.kill()
        self.postgres.close()
        if self.data.parent == self.folder:
            self.postgres.end()
        shutil.rmtree(self.folder, ignore_errors=True)
