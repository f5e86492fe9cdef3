"""The suite, and how its tests begin."""
from durability.clicks import make_links
from harness import LONG, Program, Suite, equal

suite = Suite()


def say(text):
    print(f"   {text}", flush=True)


def started(env=None, **options):
    """A program with links that stand in the snapshot on disk, too."""
    program = Program(env=env, **options)
    try:
        codes = make_links(program.sign_in())
        program.restart()
    except BaseException:
        program.close()
        raise
    return program, codes


def none_failed(total):
    """Every redirect was answered; `total` as Crowd.end gives it."""
    equal(total["lost"] + total["unreachable"] + total["other"], 0, "redirects that failed")


def unrecorded(program):
    """How many redirects the program says it answered without a record."""
    return int(program.metrics()["referral_clicks_unrecorded_total"])


__all__ = ["LONG", "none_failed", "say", "started", "suite", "unrecorded"]
