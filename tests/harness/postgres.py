"""PostgreSQL for tests: a throwaway server, and a hand on the program's private one."""
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

from harness.ports import free_port
from harness.psql import Session, Sessions, binaries, psql, psql_command

# PostgreSQL refuses to run as root.
SERVICE_USER = "postgres"
# Who owns everything in a program's private PostgreSQL.
PRIVATE_ROLE = "referral"
# As whom the program serves there.
SERVING_ROLE = "referral_app"


def unprivileged(command, user=SERVICE_USER):
    """The command as it must be called: through runuser when we are root."""
    command = [str(word) for word in command]
    return ["runuser", "-u", user, "--", *command] if os.geteuid() == 0 else command


def is_alive(pid):
    """Whether a process with this id runs (a zombie does not)."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class Postgres:
    """A PostgreSQL of its own in a folder, on a Unix socket and a free port of 127.0.0.1. Fast and
    forgetful: it does not sync unless told to.

        with Postgres(folder) as database:
            database.psql("select 1").stdout
            Program(env={"DATABASE_URL": database.url})
    """

    def __init__(self, folder, durable=False):
        self.folder = pathlib.Path(folder) / "postgres-of-test"
        self.port = free_port()
        self.user = SERVICE_USER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.url = f"postgresql://{self.user}@127.0.0.1:{self.port}/referral"
        self._bin = binaries()
        self._durable = durable
        self._server = None
        self._sessions = Sessions()

    def __enter__(self):
        self.create()
        self.start()
        self.psql("create database referral", database="postgres")
        return self

    def __exit__(self, *_):
        self.stop("immediate")

    def create(self):
        """Makes the cluster: about a second."""
        self.folder.parent.chmod(0o711)
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
        command = [self._bin / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", self.user,
                   "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(unprivileged(command), check=True, capture_output=True, cwd="/")

    def start(self, seconds=60):
        """Starts it and waits until it takes connections."""
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "max_connections": 100,
                   "unix_socket_directories": self.folder}
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [self._bin / "postgres", "-D", self.folder / "data"]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        log = self.folder.parent / "postgres-of-test.log"
        with log.open("ab") as out:
            self._server = subprocess.Popen(unprivileged(command), stdout=out, stderr=out, cwd="/",
                                            stdin=subprocess.DEVNULL)
        end = time.monotonic() + seconds
        while self.psql("select 1", database="postgres").returncode != 0:
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL does not start: {log.read_text()[-500:]}")
            time.sleep(0.05)

    def stop(self, mode="fast", seconds=60):
        """Stops it: `fast` tidily, `immediate` as a crash would."""
        self._sessions.close()
        if self._server is None:
            return
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGINT if mode == "fast" else signal.SIGQUIT)
        self._server.wait(seconds)
        self._server = None

    def pid(self):
        """The server's process, or None."""
        try:
            return int((self.folder / "data/postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def psql(self, sql, *options, database="referral"):
        """Runs SQL as the owner of everything; gives the CompletedProcess."""
        return psql(self.folder, self.port, self.user, database, sql, *options)

    def rows(self, sql):
        """The rows of a statement as lists of text. RuntimeError when it is refused."""
        return self._sessions.rows(self.pid(), lambda: psql_command(
            self.folder, self.port, self.user, "referral"), sql)


class PrivatePostgres:
    """The hand on the PostgreSQL that a program keeps in DATA/postgres."""

    def __init__(self, data):
        self.folder = pathlib.Path(data) / "postgres"
        self._sessions = Sessions()

    def _pid_file(self):
        try:
            return (self.folder / "data/postmaster.pid").read_text().split("\n")
        except OSError:
            return None

    def pid(self):
        """The running server's process, or None."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines else None
        return pid if pid and is_alive(pid) else None

    def psql(self, sql, *options, database="referral", role=PRIVATE_ROLE):
        """Runs SQL, as the cluster's owner unless a role is given; gives the CompletedProcess."""
        return psql(*self._place(), database, sql, *options, role=role)

    def session(self):
        """A Session as the cluster's owner."""
        return Session(*self._command())

    def close(self):
        """Ends the sessions that were kept."""
        self._sessions.close()

    def _command(self):
        return psql_command(*self._place(), "referral", role=PRIVATE_ROLE)

    def _place(self):
        """Socket, port and the system's user."""
        lines = self._pid_file()
        if not lines or len(lines) < 5:
            raise RuntimeError("the private PostgreSQL does not run")
        return lines[4], lines[3], pwd.getpwuid((self.folder / "data").stat().st_uid).pw_name

    def rows(self, sql):
        """The rows of a statement as lists of text. RuntimeError when it is refused."""
        return self._sessions.rows(self._pid_file(), self._command, sql)

    def kill(self):
        """kill -9 of the postmaster; its children notice and end. The program starts it again."""
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGKILL)
            _wait_for_end(pid)

    @contextlib.contextmanager
    def outage(self):
        """PostgreSQL is down inside the block and cannot be started again; afterwards it can."""
        control = self.folder / "data/global/pg_control"
        aside = control.with_name("pg_control.aside")
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGQUIT)
            _wait_for_end(pid)
        control.rename(aside)
        try:
            yield
        finally:
            aside.rename(control)

    @contextlib.contextmanager
    def frozen(self):
        """PostgreSQL accepts connections inside the block, but neither answers nor works."""
        pid = self.pid()
        processes = [pid, *_children(pid)] if pid else []
        for process in processes:
            _signal(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in reversed(processes):
                _signal(process, signal.SIGCONT)

    def end(self):
        """Ends a server that a killed program left behind."""
        pid = self.pid()
        if pid:
            _signal(pid, signal.SIGQUIT)
            _wait_for_end(pid)


def _signal(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _children(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _wait_for_end(pid, seconds=30):
    end = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > end:
            raise TimeoutError(f"process {pid} does not end")
        time.sleep(0.01)
