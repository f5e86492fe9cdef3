"""The suite, and the program that its tests share."""
import os
import random

from fuzzed_api.world import World
from harness import Suite

SEED = int(os.environ.get("REFERRAL_FUZZ_SEED", "20261126"))
suite = Suite()
kept = {}


def world():
    """The program and its objects."""
    if "world" not in kept:
        kept["world"] = World(random.Random(SEED))
    return kept["world"]


@suite.at_end
def close():
    for each in kept.values():
        each.close()


def say(text):
    print(f"   {text}", flush=True)
