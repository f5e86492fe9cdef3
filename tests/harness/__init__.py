"""What the tests from outside share: the real program, its API, raw sockets, PostgreSQL.

Python's standard library only. A test from outside is an executable tests/NAME/run:

    #!/usr/bin/python3
    import pathlib, sys
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
    from harness import Program, Suite, equal

    suite = Suite()

    @suite.test
    def answers_who_i_am():
        with Program() as program:
            me = program.sign_in().get("/api/v1/me")
            equal(me.status, 200)

    if __name__ == "__main__":
        sys.exit(suite.run())

`./test` runs it, and so does the file itself; names of tests as arguments choose among them.
"""
from harness.client import ApiClient, EventStream, Response, visit
from harness.clock import FakeClock
from harness.description import PREFIX, CheckedClient, Description, is_problem
from harness.faults import FaultShim
from harness.ports import free_port
from harness.postgres import Postgres
from harness.program import DidNotStart, Program
from harness.raw import RawSocket
from harness.redis import GARBAGE, Redis, pretender
from harness.shapes import Shapes
from harness.suite import LONG, Failure, Suite, equal, eventually, expect

__all__ = ["PREFIX", "ApiClient", "CheckedClient", "Description", "DidNotStart", "EventStream",
           "Failure", "FakeClock", "FaultShim", "GARBAGE", "LONG", "Postgres", "Program",
           "RawSocket", "Redis", "Response", "Shapes", "Suite", "equal", "eventually", "expect",
           "free_port", "is_problem", "pretender", "visit"]
