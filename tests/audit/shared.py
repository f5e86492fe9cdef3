"""The suite, its program, and `referral audit verify`."""
import re
import subprocess

from harness import LONG, Program, Suite, equal, eventually, expect
from harness.program import ADMIN_PASSWORD

HOST = "www.example.com"
suite = Suite()
kept = {}


def say(text):
    print(f"   {text}", flush=True)


def start(env=None, **options):
    """A program whose default program allows links to HOST, and its administrator."""
    program = Program(env=env, **options)
    try:
        api = program.sign_in()
        default = api.get("/programs").json()["data"][0]
        answer = api.patch(f"/programs/{default['id']}", {"allowed_hosts": [HOST]})
        equal(answer.status, 200, answer.body)
    except BaseException:
        program.close()
        raise
    return program, api


def site():
    """The program and the administrator that most tests share."""
    if not kept:
        kept["program"], kept["api"] = start()
    return kept["program"], kept["api"]


@suite.at_end
def close():
    if kept:
        kept["program"].close()


def user(program, role):
    """A client signed in as a new user of a role."""
    return program.sign_in(program.add_user(role), ADMIN_PASSWORD)


def verify(program, *options):
    """What `referral audit verify` says, and its exit code."""
    binary = program.before + [program._binary]  # noqa: SLF001 - the same binary on the same data
    done = subprocess.run([*binary, "audit", "verify", "--data", str(program.data), *options],
                          capture_output=True, text=True, cwd=program.folder, env=program._env,
                          check=False)
    lines = done.stdout.splitlines()
    equal(len(lines), 1, f"lines of {done.stdout!r} {done.stderr!r}")
    return lines[0], done.returncode


def broken_at(program, *options):
    """The sequence number that `verify` names, or None when it finds nothing."""
    line, code = verify(program, *options)
    found = re.match(r"audit logs are broken at sequence (\d+): ", line)
    equal(code, 1 if found else 0, line)
    if not found:
        expect(line.startswith("audit logs are intact up to sequence "), line)
    return int(found.group(1)) if found else None


def tamper(program, statements):
    """What somebody does who owns the database and switches the triggers off."""
    program.database.rows("set session_replication_role = replica; begin;" + statements
                          + "; commit")


def wait_until_chained(program, seconds=60):
    """Until every row is in the chain; gives how many there are."""
    eventually(lambda: program.database.rows("select count(*) from audit_unchained") == [["0"]],
               "all rows are in the chain", seconds)
    return int(program.database.rows("select count(*) from audit_chain")[0][0])


def fill(program, rows):
    """Adds rows as the program would, until there are so many, and waits for the chain."""
    program.database.rows(f"""
        with added as (
            insert into audit_logs (created_at, user_id, action, object_type, object_id, before,
                                    after, ip, request_id)
            select now(), 1, 'links.change', 'link', 'lnk_' || n,
                   jsonb_build_object('name', 'a ' || n, 'destination_url', 'https://a.example'),
                   jsonb_build_object('name', 'b ' || n, 'destination_url', 'https://b.example'),
                   '203.0.113.7', 'req_' || n
            from generate_series((select count(*) + 1 from audit_logs), {rows}) n
            returning id)
        insert into audit_unchained select id from added""")
    equal(wait_until_chained(program, 300), rows, "rows in the chain")


__all__ = ["HOST", "LONG", "broken_at", "fill", "say", "site", "start", "suite", "tamper",
           "user", "verify", "wait_until_chained"]
