"""SQL through psql: a process for one script, or sessions that are kept."""
import functools
import os
import pathlib
import pwd
import subprocess
import threading


@functools.cache
def binaries():
    """The bin folder of the newest PostgreSQL installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"),
                   key=lambda path: int(path.parent.name))
    if not found:
        raise FileNotFoundError("no PostgreSQL in /usr/lib/postgresql")
    return found[-1]


def psql_command(socket_dir, port, user, database, *options, role=None):
    """(command, how to start it) of psql as a user of the system and a role of the database, of
    the same name unless given; rows come unaligned, with `|` between the columns."""
    # Not Debian's `psql`, a script that takes longer than most statements.
    command = [binaries() / "psql", "-qXAt", "-h", str(socket_dir), "-p", str(port),
               "-U", role or user, "-d", database, *options]
    become = {"text": True, "cwd": "/"}
    if os.geteuid() == 0:  # Without runuser, whose sessions take longer than most statements.
        entry = pwd.getpwnam(user)
        become |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return command, become


def psql(socket_dir, port, user, database, sql, *options, role=None):
    """Runs SQL and gives the CompletedProcess."""
    command, become = psql_command(socket_dir, port, user, database, *options, role=role)
    return subprocess.run(command, input=sql, capture_output=True, check=False, **become)


class Session:
    """One psql for many statements, each committed by itself."""
    END = "-- end of rows --"

    def __init__(self, command, become):
        options = ["-v", "ON_ERROR_STOP=1"]
        env = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
        self._psql = subprocess.Popen([*command, *options], stdin=subprocess.PIPE, env=env,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **become)

    def close(self):
        try:
            self._psql.stdin.close()
        except BrokenPipeError:
            pass  # It has ended.
        self._psql.wait(60)
        self._psql.stdout.close()

    def rows(self, sql):
        """The rows of a script as lists of text. RuntimeError when it is refused or the connection
        is lost, after which the session is of no use."""
        lines = []
        try:
            self._psql.stdin.write(f"{sql}\n;\n\\echo {self.END}\n")
            self._psql.stdin.flush()
        except BrokenPipeError:
            pass  # What psql said before it ended is read below.
        while (line := self._psql.stdout.readline()) != f"{self.END}\n":
            lines.append(line.rstrip("\n"))
            if not line:
                raise RuntimeError("\n".join(lines).strip())
        return [line.split("|") for line in lines]


class Sessions:
    """Sessions that are kept for whoever asks next, in any thread, as a psql and its connection
    take longer than most statements."""

    def __init__(self):
        self._idle, self._server, self._lock = [], None, threading.Lock()

    def rows(self, server, start, sql):
        """As Session.rows, each time as if the connection were new. `server` names the server that
        runs, whose sessions end with it; `start()` gives a command as psql_command does."""
        session = self._take(server) or Session(*start())
        try:
            rows = session.rows(sql)
        except RuntimeError:
            session.close()
            raise
        with self._lock:
            self._idle.append(session)
        return rows

    def close(self):
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    def _take(self, server):
        """One that still lives, as if it were new, or None."""
        if server != self._server:
            self.close()
            self._server = server
        while self._idle:
            with self._lock:
                session = self._idle.pop() if self._idle else None
            try:
                if session:
                    session.rows("rollback; discard all")
                    return session
            except RuntimeError:  # Its connection was ended while nobody used it.
                session.close()
        return None
