#!/usr/bin/python3
"""Runs the GoogleTest programs of a build preset and counts the single tests, not the programs.

Usage: unit_tests.py PRESET [--label LABEL] [PROGRAM…]. The programs and their time limits are those
that ctest knows by the label, which is `unit` unless another is given. A program that dies, hangs
or runs no test counts as one failed test. Exits 1 if any failed.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS_MAX = 300
# What GoogleTest prints of one failed test.
FAILED = re.compile(r"\[ RUN      \] (?:(?!\[ RUN  ).)*?\[  FAILED  \][^\n]*\n", re.S)


def programs_of(preset, label):
    """(command, seconds allowed) of each test program of the preset with the label."""
    listing = subprocess.run(["ctest", "--show-only=json-v1"], cwd=ROOT / "build" / preset,
                             capture_output=True, text=True, check=True)
    for test in json.loads(listing.stdout)["tests"]:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        if label in properties.get("LABELS", []):
            # ctest gives no command for what is not built yet.
            command = test.get("command", [f"{test['name']}_test"])
            yield command, float(properties.get("TIMEOUT", SECONDS_MAX))


def run(command, seconds, preset):
    """(name, passed, failed, seconds taken, what to show) of one program."""
    name = pathlib.Path(command[0]).name
    # ThreadSanitizer cannot map its shadow memory where addresses are very random.
    prefix = ["setarch", "-R"] if preset == "tsan" else []
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        # A test program that was started by root may have become another user by its end.
        os.chmod(folder, 0o777)
        report = pathlib.Path(folder) / "report.json"
        try:
            done = subprocess.run(prefix + command + [f"--gtest_output=json:{report}"],
                                  cwd=ROOT, capture_output=True, text=True, errors="replace",
                                  timeout=seconds, stdin=subprocess.DEVNULL)
            code, output = done.returncode, done.stdout + done.stderr
        except FileNotFoundError:
            code, output = -1, "it was not built"
        except subprocess.TimeoutExpired as late:
            output = (late.stdout or b"").decode(errors="replace") + f"\nno end in {seconds:.0f} s"
            code = -1
        text = report.read_text() if report.exists() else ""
    taken = time.monotonic() - started
    if not text:
        return name, 0, 1, taken, f"exit code {code}\n{output[-4000:]}"
    suites = json.loads(text)
    failed = suites["failures"] + suites["errors"]
    passed = suites["tests"] - failed - suites["disabled"]
    if code != 0 and failed == 0 or passed + failed == 0:
        return name, passed, failed + 1, taken, f"exit code {code}\n{output[-4000:]}"
    return name, passed, failed, taken, "".join(FAILED.findall(output))


def main(preset, *wanted):
    label = "unit"
    if wanted[:1] == ("--label",):
        label, wanted = wanted[1], wanted[2:]
    chosen = [p for p in programs_of(preset, label)
              if not wanted or pathlib.Path(p[0][0]).name in wanted]
    os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, good, bad, taken, shown in pool.map(lambda p: run(*p, preset), chosen):
            word = "FAIL" if bad else "ok"
            print(f"{word} {name}: {good} of {good + bad} in {taken:.1f} s\n{shown}", end="",
                  flush=True)
            passed += good
            failed += bad
    if not chosen:
        print(f"no such test program in build/{preset}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
