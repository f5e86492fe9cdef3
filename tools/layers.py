#!/usr/bin/python3
"""Checks every #include in src/ against the map in src/layers.txt.

- A file includes its own folder and folders listed above it, nothing else.
- A slice (a folder without a "/") is entered from outside by its front header, <slice>/<slice>.hpp.
- A library from outside is included only where FENCES says.

Prints each offence as file:line: what, and exits 1 if there was one.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# How a library's headers begin, and the folders that may include them. Tests may include what
# the code beside them may.
FENCES = {
    "libpq-fe.h": ["platform/db"],
    "libpq/": ["platform/db"],
    "boost/asio": ["platform/http"],
    "boost/beast": ["platform/http"],
    "boost/url": ["platform/http", "base"],
    "boost/json": ["platform", "clicks"],
    "hiredis": ["platform/cache"],
    "sodium": ["platform/crypto"],
    "openssl/": ["platform/http", "platform/crypto"],
    "curl/": ["platform/http", "platform/mail", "testing"],
    "kainjow/": ["platform/mail"],
    "maxminddb": ["clicks"],
    "re2/": ["clicks"],
    "yaml-cpp": ["clicks"],
    "qrencode": ["base"],
    "png.h": ["base"],
    "liboath/": ["accounts"],
    "utf8proc": ["accounts"],
    "spdlog": ["platform/log"],
    "prometheus/": ["platform/metrics"],
    "CLI/": ["app"],
    "gtest/": ["testing"],
    "gmock/": ["testing"],
}
# Not slices: entered by any header.
OPEN = {"base", "testing"}


def layers():
    """The folders of the map, lowest first."""
    text = (ROOT / "src/layers.txt").read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def folder_of(path, listed):
    """The deepest listed folder that holds the path below src/, or None."""
    return max((f for f in listed if path.startswith(f + "/")), key=len, default=None)


def fence_offence(header, here, is_test):
    """What is wrong with including a library's header here, or None."""
    for prefix, owners in FENCES.items():
        if not header.startswith(prefix):
            continue
        if prefix in ("gtest/", "gmock/") and is_test:
            return None
        if not any(here == owner or here.startswith(owner + "/") for owner in owners):
            return f"<{header}> belongs in {' or '.join(owners)}"
    return None


def layer_offence(header, here, is_test, listed):
    """What is wrong with including a header of ours here, or None."""
    there = folder_of(header, listed)
    if there is None:
        return f'"{header}" is in no folder of src/layers.txt; includes start at src/'
    if there == here or (there == "testing" and is_test):
        return None
    if there == "testing":
        return f'"{header}" is for tests only'
    if listed.index(there) > listed.index(here) and here != "testing":
        return f"{here} may not include {there}, which stands after it in src/layers.txt"
    slice_ = "/" not in there and there not in OPEN
    if slice_ and header != f"{there}/{there}.hpp":
        return f'"{header}" is private to {there}; include "{there}/{there}.hpp"'
    return None


def offences(path, listed):
    """(line number, what) of each wrong include of a file."""
    file = path.relative_to(ROOT).as_posix()
    here = folder_of(file.removeprefix("src/"), listed)
    if here is None:
        yield 1, "its folder is missing from src/layers.txt"
        return
    is_test = file.endswith(("_test.cpp", "_test.hpp"))
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, header = match.groups()
        what = (fence_offence(header, here, is_test) if kind == "<"
                else layer_offence(header, here, is_test, listed))
        if what:
            yield number, what


def main():
    listed = layers()
    found = 0
    for path in sorted((ROOT / "src").rglob("*.[ch]pp")):
        for number, what in offences(path, listed):
            print(f"{path.relative_to(ROOT)}:{number}: {what}")
            found += 1
    for folder in listed:
        if not (ROOT / "src" / folder).is_dir():
            print(f"src/layers.txt:1: {folder} is no folder of src/")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
