#!/usr/bin/python3
"""Checks the first line of commit messages: `type(folder): sentence`, 72 columns, no full stop.

Usage: commit_message.py FILE (the commit-msg hook), or without one: the commits that `origin` does
not have yet. Prints each offence and exits 1 if there was one.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPES = "feat|fix|test|docs|build|chore|refactor|perf"
FORM = re.compile(rf"^({TYPES})(\([a-z0-9_/.-]+\))?: \S")
COLUMNS_MAX = 72
# Lines that git writes itself.
BY_GIT = re.compile(r"^(Merge|Revert|fixup!|squash!) ?")


def offence(title):
    """What is wrong with the line, or None."""
    if BY_GIT.match(title):
        return None
    if not FORM.match(title):
        return f"is not `type(folder): sentence` with a type of {TYPES.replace('|', ' ')}"
    if len(title) > COLUMNS_MAX:
        return f"has {len(title)} columns; {COLUMNS_MAX} are the most"
    if title.endswith("."):
        return "ends with a full stop"
    return None


def unpublished():
    """(short hash, title) of the commits that no remote branch has; none without a remote."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True,
                              check=True).stdout.splitlines()
    if not git("remote"):
        return []
    log = git("log", "--format=%h %s", "HEAD", "--not", "--remotes")
    return [line.split(" ", 1) for line in log]


def main(arguments):
    if arguments:
        titles = [("commit message", pathlib.Path(arguments[0]).read_text().partition("\n")[0])]
    else:
        titles = unpublished()
    wrong = [(name, what) for name, title in titles if (what := offence(title))]
    for name, what in wrong:
        print(f"{name}: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
