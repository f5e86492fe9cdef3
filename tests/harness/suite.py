"""Running tests and saying what came out, in the form that ./test counts."""
import os
import sys
import time
import traceback

# Whether the long forms are wanted.
LONG = os.environ.get("REFERRAL_TEST_LONG", "0") == "1"


# Of what went wrong, for an answer may be long.
LINE_MAX = 1000


class Failure(AssertionError):
    """What a test found wrong."""


def expect(condition, what):
    """Fails the test, saying what, unless the condition holds."""
    if not condition:
        raise Failure(what)


def equal(actual, expected, what=""):
    """Fails the test unless both are equal."""
    if actual != expected:
        raise Failure(f"{f'{what}: ' if what else ''}{actual!r} instead of {expected!r}")


def eventually(probe, what, seconds=90.0, pause=0.05):
    """Calls the probe until it gives something true, and gives that. Fails the test when the
    seconds are over; how long a slow machine takes otherwise does not matter."""
    end = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"not within {seconds:g} s: {what}")
        time.sleep(pause)


class Suite:
    """A list of tests, run in order. Each is a function without arguments; its name says what
    holds. A test that raises has failed, and the others go on."""

    def __init__(self):
        self._tests = []
        self._endings = []

    def test(self, function):
        """Decorator: adds a test."""
        self._tests.append(function)
        return function

    def at_end(self, function):
        """Decorator: calls the function after the last test, whatever happened."""
        self._endings.append(function)
        return function

    def run(self, arguments=None):
        """Runs the tests, or those named on the command line. Gives the exit code."""
        names = sys.argv[1:] if arguments is None else arguments
        passed = failed = 0
        try:
            for function in self._tests:
                if names and function.__name__ not in names:
                    continue
                why = self._why_failed(function)
                passed, failed = passed + (why is None), failed + (why is not None)
                name = function.__name__.replace("_", " ")
                print(f"ok {name}" if why is None else f"FAIL {name}: {why}", flush=True)
        finally:
            for function in self._endings:
                function()
        print(f"{passed} passed, {failed} failed", flush=True)
        return 0 if failed == 0 and passed > 0 else 1

    @staticmethod
    def _why_failed(function):
        """None, or one line with what went wrong and where."""
        try:
            function()
        except Exception as error:  # noqa: BLE001 - a test may fail in any way
            places = traceback.extract_tb(error.__traceback__)[1:]
            own = [p for p in places if "/harness/" not in p.filename] or places
            where = f" (line {own[-1].lineno})" if own else ""
            kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
            text = f"{kind}{error}".replace("\n", " | ")
            return (text if len(text) < LINE_MAX else text[:LINE_MAX] + " …") + where
        return None
