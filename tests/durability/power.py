"""The power fails: what was not on the disk is gone."""
import random
import time

from durability.clicks import Crowd, exactly_once
from durability.shared import LONG, say, started, suite
from harness import FaultShim, expect

CUTS = 50 if LONG else 4


@suite.test
def power_cuts_lose_nothing():
    program, codes = started()
    with program:
        program.stop()
        shim = FaultShim(program.folder, program.data / "journal", log=True)
        program.set_env(**shim.env)
        program.start()
        crowd, sectors = Crowd(program, codes), 0
        for seed in range(CUTS):
            if not program.is_running():
                program.start(wait=False)
                program.wait_until_ready(target="/readyz")
            crowd.watch(1)
            time.sleep(random.uniform(0, 0.5))
            program.kill()
            sectors += int(shim.cut_power(seed).split()[-1])
        program.start()
        crowd.end()
        acked, extra = exactly_once(program, crowd, CUTS)
        expect(sectors > 0, "no cut tore anything")
        say(f"{CUTS} power cuts, {acked} answered, all stored once, {extra} more were on the way; "
            f"{sectors} sectors were lost")
