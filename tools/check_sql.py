#!/usr/bin/python3
"""Prepares every R"sql(…)sql" of src/**/*queries.hpp on a migrated, throwaway PostgreSQL.

What PostgreSQL refuses is printed as file:line: what, and the exit code is 1. So is a `select *`.
"""
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from harness.postgres import Postgres  # noqa: E402

STATEMENT = re.compile(r'R"sql\((.*?)\)sql"', re.S)
MARK = re.compile(r"^@@ (.*)$")


def statements():
    """("file:line", SQL) of every statement of the program."""
    for path in sorted((ROOT / "src").rglob("*queries.hpp")):
        text = path.read_text()
        for match in STATEMENT.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(ROOT)}:{line}", match.group(1)


def migrate(database):
    """Applies the migrations in order; says what the first refused one said, or None."""
    for path in sorted((ROOT / "migrations").glob("*.sql")):
        done = database.psql(path.read_text(), "--single-transaction", "-v", "ON_ERROR_STOP=1")
        if done.returncode:
            return f"{path.relative_to(ROOT)}:1: {done.stderr.strip()}"
    return None


def refused(database, wanted):
    """The complaints about the statements, as "file:line: what"."""
    script = "".join(f"\\warn '@@ {place}'\nprepare q{number} as {sql.strip().rstrip(';')};\n"
                     for number, (place, sql) in enumerate(wanted))
    place = ""
    for line in database.psql(script).stderr.splitlines():
        mark = MARK.match(line)
        if mark:
            place = mark.group(1)
        elif "ERROR:" in line:
            yield f"{place}: {line.partition('ERROR:')[2].strip()}"


def main():
    wanted = list(statements())
    complaints = [f"{place}: select * names no columns" for place, sql in wanted
                  if re.search(r"\bselect\s+\*", sql, re.I)]
    with tempfile.TemporaryDirectory(prefix="referral-sql-") as folder:
        with Postgres(folder) as database:
            failed = migrate(database)
            complaints += [failed] if failed else list(refused(database, wanted))
    print("\n".join(complaints) if complaints else f"{len(wanted)} statements")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
