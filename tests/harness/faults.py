"""Disks that fail, for one program: tests/faults/fault_shim.cpp says how the rules are written."""
import contextlib
import os
import pathlib
import subprocess

ROOT = pathlib.Path(os.environ.get("REFERRAL_ROOT") or pathlib.Path(__file__).resolve().parents[2])


def built(name):
    """A file that is built for tests: always the fast one, however the program is built."""
    return ROOT / "build/release/tests" / name


class FaultShim:
    """The calls for files below `path` go wrong as the test says, in a program started with `env`.

        shim = FaultShim(folder, data / "journal")
        program = Program(data=data, env=shim.env)
        with shim.rules("fail sync all EIO"):
            …
    """

    def __init__(self, folder, path, log=False):
        self._control = pathlib.Path(folder) / "faults"
        self._log = pathlib.Path(folder) / "faults.log"
        self._path = path
        self.env = {"LD_PRELOAD": str(built("libfault_shim.so")), "FAULT_PATH": f"{path}/",
                    "FAULT_CONTROL": str(self._control)}
        if log:
            self.env["FAULT_LOG"] = str(self._log)

    def set(self, *rules):
        """These rules are in force from the next call on; none: nothing fails."""
        fresh = self._control.with_name("faults.new")
        fresh.write_text("".join(f"{rule}\n" for rule in rules))
        fresh.chmod(0o644)
        os.replace(fresh, self._control)

    @contextlib.contextmanager
    def rules(self, *rules):
        """The rules are in force inside the block."""
        self.set(*rules)
        try:
            yield
        finally:
            self.set()

    def cut_power(self, seed):
        """What was not synced is lost, wholly or partly. The program has been killed; what is in
        the files afterwards counts as synced."""
        done = subprocess.run([built("power_cut"), self._log, self._path, str(seed)], check=True,
                              capture_output=True, text=True)
        self._log.unlink()
        return done.stdout.strip()
