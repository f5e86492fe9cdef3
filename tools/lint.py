#!/usr/bin/python3
"""Checks the style rules that a script can see; docs/style.md has their reasons.

Looks at every file that git knows or would add. Prints each offence as
file:line: what, and exits 1 if there was one.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

COLUMNS_MAX = 100
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
# Of the whole program: where requests end and where threads end.
CATCH_ALL_MAX = 2

BANNED_NAMES = re.compile(r"(?:^|[_/.-])(utils?|helpers?|common|managers?|misc)(?:[_/.-]|$)", re.I)
BANNED_TYPES = re.compile(r"\b(?:class|struct)\s+(\w*(?:Util|Helper|Manager|Misc|Impl)s?)\b")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
# Folders of the machine the file was written on, and servers that packages come from.
ELSEWHERE = re.compile(r"/(?:work|root)/|registry\.npm" r"js|deb\.deb" r"ian\.org")
SOURCES = (".cpp", ".hpp")
TEXTS = SOURCES + (".py", ".sql", ".ts", ".mjs", ".scss", ".html", ".njk", ".cmake", ".md", ".txt",
                   ".json", ".sh", "")
# Comments and literals of C++; a quote between digits begins none.
TEXT = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*\"|"""
                  r"""(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""", re.S)
# What stands before the brace of a function, and before that of a type.
AFTER_PARENTHESIS = re.compile(r"\)[^;{})]*$")
OF_A_TYPE = re.compile(r"\b(namespace|struct|class|enum)\b[^;{}]*$")
# A link of Markdown to a file of ours.
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s]+)\)")
GENERATED = ("package-lock.json", "docs/openapi.json", "docs/configuration.md")


def files():
    """Every file of the checkout that is or would be committed, as paths below ROOT."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                             capture_output=True, text=True, check=True).stdout
    return sorted(name for name in listing.split("\0") if name and (ROOT / name).is_file())


def without_text(source):
    """C++ with comments and literals blanked out, line breaks kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return TEXT.sub(blank, source)


def function_offences(code, is_test):
    """(line, what) of functions that are too long: by braces, a block that follows a `)`. In tests,
    lines that end with a comma are the rows of a table and do not count."""
    lines = code.splitlines()
    opened = []
    line = 1
    before = ""
    for char in code:
        if char == "\n":
            line += 1
        elif char == "{":
            opened.append((line, bool(AFTER_PARENTHESIS.search(before)
                                      and not OF_A_TYPE.search(before))))
            before = ""
            continue
        elif char == "}":
            if opened:
                start, is_function = opened.pop()
                rows = sum(is_test and row.rstrip().endswith(",") for row in lines[start - 1:line])
                length = line - start + 1 - rows
                if is_function and length > FUNCTION_LINES_MAX:
                    yield start, f"a block of {length} lines; {FUNCTION_LINES_MAX} are the most"
            before = ""
            continue
        before = (before + char)[-400:]


def cpp_offences(name, text):
    """(line, what) of what only C++ can do wrong."""
    code = without_text(text)
    rules = [
        (r"\busing\s+namespace\b(?!\s+[\w:]*literals\b)", "using namespace"),
        (BANNED_TYPES.pattern, "a type name that says nothing"),
    ]
    if name.startswith("src/"):
        rules.append((r"\bnew\s+[\w:<]|\bdelete\s+\w|\bdelete\[\]", "naked new or delete"))
    for number, line in enumerate(code.splitlines(), 1):
        for pattern, what in rules:
            if re.search(pattern, line):
                yield number, what
    if name.endswith(".hpp") and not re.search(r"^#pragma once$", text, re.M):
        yield 1, "#pragma once is missing"
    yield from function_offences(code, name.endswith("_test.cpp"))


def text_offences(name, text):
    """(line, what) of what any file can do wrong."""
    is_source = name.endswith(SOURCES)
    lines = text.splitlines()
    if is_source and len(lines) > FILE_LINES_MAX:
        yield 1, f"{len(lines)} lines; {FILE_LINES_MAX} are the most"
    for number, line in enumerate(lines, 1):
        if name.endswith(SOURCES + (".py",)) and len(line) > COLUMNS_MAX:
            yield number, f"{len(line)} columns; {COLUMNS_MAX} are the most"
        if UNFINISHED.search(line):
            yield number, "unfinished work is an issue, not a comment"
        if ELSEWHERE.search(line):
            yield number, "names a machine's folder or a package server"
        if line != line.rstrip() and not name.endswith(".md"):
            yield number, "white space at the end"
    if text and not text.endswith("\n"):
        yield len(lines), "no line break at the end"


def lock_offences(text):
    """(line, what) of a lock file that says where packages were fetched."""
    for number, line in enumerate(text.splitlines(), 1):
        if '"resolved": "http' in line:
            yield number, "names the server a package came from; see .npmrc"
    for name, package in json.loads(text)["packages"].items():
        if name and not package.get("link") and "integrity" not in package:
            yield 1, f"{name} has no checksum"


def link_offences(name, text):
    """(line, what) of links in a page to files that are not there."""
    for number, line in enumerate(text.splitlines(), 1):
        for target in LINK.findall(line):
            if not ((ROOT / name).parent / target.partition("#")[0]).exists():
                yield number, f"links to {target}, which is not there"


def third_party_offences():
    """(file, line, what) of dependencies that THIRD_PARTY.md does not name."""
    page = (ROOT / "THIRD_PARTY.md").read_text()
    named = {name for row in re.findall(r"^\| ([^|]+) \|", page, re.M) for name in row.split(", ")}
    debian = (ROOT / "tools/packages.txt").read_text().splitlines()
    used = [("tools/packages.txt", line.split()[1]) for line in debian if not line.startswith("#")]
    npm = json.loads((ROOT / "package.json").read_text())
    used += [("package.json", name) for kind in ("dependencies", "devDependencies")
             for name in npm.get(kind, {})]
    for file, name in used:
        if name not in named:
            yield file, 1, f"THIRD_PARTY.md says nothing of {name}"


def offences():
    """(file, line, what), all of them."""
    yield from third_party_offences()
    catch_all = []
    for name in files():
        path = ROOT / name
        if BANNED_NAMES.search(name):
            yield name, 1, "a name that says nothing: name the file by its subject"
        if path.suffix not in TEXTS:
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if name == "package-lock.json":
            yield from ((name, *o) for o in lock_offences(text))
        if name in GENERATED:
            continue
        yield from ((name, *o) for o in text_offences(name, text))
        if path.suffix == ".md":
            yield from ((name, *o) for o in link_offences(name, text))
        if name.endswith(SOURCES):
            yield from ((name, *o) for o in cpp_offences(name, text))
            if name.startswith("src/") and not name.endswith("_test.cpp"):
                catch_all += [(name, number) for number, line in enumerate(text.splitlines(), 1)
                              if "catch (...)" in line]
    if len(catch_all) > CATCH_ALL_MAX:
        for name, number in catch_all:
            yield name, number, f"catch (...) stands {len(catch_all)} times, not {CATCH_ALL_MAX}"


def main():
    found = 0
    for name, line, what in offences():
        print(f"{name}:{line}: {what}")
        found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
