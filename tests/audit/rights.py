"""The program may do little: its role in the database, its files, its user."""
import pathlib
import stat
import tempfile

from audit.shared import site, start, suite, verify, wait_until_chained
from harness import Postgres, equal, eventually, expect
from harness.psql import psql

REFUSED = (
    "create table made (a integer)", "create temporary table made (a integer)",
    "create schema made", "create role made", "drop table users", "drop table audit_logs",
    "alter table audit_logs disable trigger all", "alter table users add column made integer",
    "truncate audit_logs", "truncate audit_chain", "truncate link_clicks", "truncate users cascade",
    "update audit_logs set reason = 'other'", "delete from audit_logs",
    "update audit_chain set hash = hash", "delete from audit_chain",
    "alter role current_user superuser", "set session_replication_role = replica",
    "select make_append_only('users')", "delete from schema_migrations",
    "copy users to program 'true'")


def all_refused(ask):
    """As the serving role; `ask` gives a CompletedProcess."""
    for statement in REFUSED:
        done = ask(statement)
        expect(done.returncode and ("permission denied" in done.stderr
                                    or "must be" in done.stderr), f"{statement}: {done.stderr}")
    equal(ask("select count(*) from audit_logs").returncode, 0, "what it may")


@suite.test
def the_serving_role_changes_no_tables_and_no_audit_rows():  # S-28, L-08
    program, _ = site()
    lines = (program.postgres.folder / "data/postmaster.pid").read_text().split("\n")
    owner = (program.postgres.folder / "data").owner()

    all_refused(lambda statement: psql(lines[4], lines[3], owner, "referral", statement, "-v",
                                       "ON_ERROR_STOP=1", role="referral_app"))

    for statement in ("update audit_logs set reason = 'x'", "delete from audit_logs",
                      "truncate audit_logs cascade", "truncate audit_chain"):
        done = program.postgres.psql(statement, "-v", "ON_ERROR_STOP=1")
        expect("is refused" in done.stderr, f"{statement} by the owner: {done.stderr}")
    roles = program.postgres.rows("""select distinct usename, rolsuper from pg_stat_activity
        join pg_roles on rolname = usename where application_name = 'referral'""")
    equal(roles, [["referral_app", "f"]], "who is connected")


@suite.test
def files_are_the_programs_own_and_the_program_is_not_root():  # S-28
    program, _ = site()
    wait_until_chained(program)
    program.restart()  # Each start anchors the chain's end.
    eventually(lambda: (program.data / "audit-anchors").exists(), "an anchor")
    status = pathlib.Path(f"/proc/{program.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    expect("0" not in uids, f"user ids {uids}")
    owner = int(uids[0])
    equal(stat.S_IMODE((program.data / "secret").stat().st_mode), 0o400, "secret")
    private = [program.data / "secret", program.data / "audit-anchors", program.data / "postgres",
               program.postgres.folder / "data",
               *(path for path in (program.data / "journal").iterdir() if path.is_file())]
    lines = (program.postgres.folder / "data/postmaster.pid").read_text().split("\n")
    private += [pathlib.Path(lines[4]), pathlib.Path(lines[4]) / f".s.PGSQL.{lines[3]}"]
    for path in private:
        found = path.lstat()
        equal(found.st_uid, owner, f"owner of {path}")
        equal(found.st_mode & 0o077, 0, f"rights of others on {path}")
    effective = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    equal(int(effective.split()[1], 16), 0, "capabilities")


def urls(database, *names):
    """How roles of a database of one's own reach it."""
    return [f"postgresql://{name}@127.0.0.1:{database.port}/referral" for name in names]


@suite.test
def a_database_of_ones_own_has_two_roles_too():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o711)
        with Postgres(folder) as database:
            database.rows("create role boss login; create role server login; "
                          "alter database referral owner to boss")
            boss, server = urls(database, "boss", "server")
            program, api = start(env={"DATABASE_URL": server, "DATABASE_OWNER_URL": boss})
            with program:
                program.database = database
                owners = database.rows("select distinct tableowner from pg_tables "
                                       "where schemaname = 'public'")
                equal(owners, [["boss"]], "who owns the tables")
                all_refused(lambda statement: psql(database.folder, database.port, database.user,
                                                   "referral", statement, "-v", "ON_ERROR_STOP=1",
                                                   role="server"))
                expect("database_role_may_too_much" not in program.output(), "a warning")
                equal(api.get("/audit-logs/proof").json()["intact"], True)
                eventually(lambda: verify(program)[1] == 0, "the chain is followed")
                equal(program.restart().status_of("/readyz?for=api"), 200, "started again")


@suite.test
def one_role_for_both_is_warned_about_once():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o711)
        with Postgres(folder) as database:
            database.rows("create role boss login; alter database referral owner to boss")
            program, api = start(env={"DATABASE_URL": urls(database, "boss")[0]})
            with program:
                equal(program.output().count("database_role_may_too_much"), 1, "warnings")
                equal(api.get("/audit-logs").status, 200)
