"""A clock that the test turns, for one program."""
import datetime
import os
import pathlib

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


class FakeClock:
    """The wall clock of a program started with `env`: it stands still until the test moves it. Time
    that is only measured (pauses, time limits) goes on. Sessions do not end. PostgreSQL keeps the
    true time, since the program gives it an environment of its own.

        clock = FakeClock(folder)
        program = Program(env=clock.env)
        clock.advance(seconds=3600)
    """

    def __init__(self, folder, start=None):
        self._file = pathlib.Path(folder) / "clock"
        self.now = (start or datetime.datetime.now(datetime.timezone.utc)).replace(microsecond=0)
        self._write()
        self.env = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self._file), "TZ": "UTC",
                    "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
                    "SESSION_IDLE_MINUTES": "43200", "SESSION_HOURS": "8760"}

    def advance(self, **duration):
        """Moves it by what `timedelta` takes; backwards, too."""
        self.now += datetime.timedelta(**duration)
        self._write()

    def text(self, **offset):
        """The time, moved by an offset, as the API writes it."""
        return (self.now + datetime.timedelta(**offset)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _write(self):
        fresh = self._file.with_name("clock.new")
        fresh.write_text(self.now.strftime("%Y-%m-%d %H:%M:%S\n"))
        fresh.chmod(0o644)
        os.replace(fresh, self._file)
