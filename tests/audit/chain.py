"""What is done to rows behind the program's back is found, and the first place is named."""
import shutil
import time

from audit.shared import (LONG, broken_at, fill, say, site, start, suite, tamper, verify,
                          wait_until_chained)
from harness import equal, eventually, expect

ROWS = 100_000 if LONG else 3_000
MANY = 1_000_000
SAVE = """create schema saved; create table saved.audit_logs as table audit_logs;
    create table saved.audit_chain as table audit_chain"""
RESTORE = """delete from audit_logs; delete from audit_chain;
    insert into audit_logs overriding system value select * from saved.audit_logs;
    insert into audit_chain select * from saved.audit_chain"""


def sequence_of(program, sequence):
    """The row in a place."""
    return program.database.rows(
        f"select audit_id from audit_chain where sequence = {sequence}")[0][0]


def anchored(program):
    """A program whose chain's end is anchored: it is at each start."""
    program.restart()
    return eventually(lambda: (program.data / "audit-anchors").exists()
                      and (program.data / "audit-anchors").read_text().splitlines(), "an anchor")


def kinds(program):
    """What is done to the rows, and the place that must be named."""
    place = ROWS // 2
    row, other = sequence_of(program, place), sequence_of(program, place + 1)
    moved = f"sequence in ({place}, {place + 1})"
    return {
        "altered": (f"update audit_logs set after = '{{}}' where id = {row}", place),
        "deleted": (f"delete from audit_logs where id = {row}", place),
        "deleted with its place": (f"delete from audit_logs where id = {row};"
                                   f"delete from audit_chain where sequence = {place}", place),
        "reordered rows": (f"""update audit_logs a set (object_id, after, request_id) =
            (select b.object_id, b.after, b.request_id from audit_logs b
             where b.id = {row} + {other} - a.id) where a.id in ({row}, {other})""", place),
        "reordered places": (f"""create table moved as select * from audit_chain where {moved};
            delete from audit_chain where {moved};
            insert into audit_chain select {2 * place + 1} - sequence, audit_id, created_at,
                row_hash, hash from moved; drop table moved""", place),
        "inserted": ("""insert into audit_logs (created_at, action, object_type, object_id)
            values (now(), 'links.create', 'link', 'lnk_x')""", ROWS + 1),
        "truncated": ("truncate audit_logs cascade", 1),
        "tail cut off": (f"delete from audit_chain where sequence > {ROWS - 10};"
                         f"""delete from audit_logs a where not exists
                             (select from audit_chain c where c.audit_id = a.id)""", ROWS - 9),
        "all gone": ("truncate audit_logs cascade; truncate audit_chain", 1),
    }


@suite.test
def whatever_is_done_to_one_row_of_many_is_found_and_named():  # S-24
    program, _ = start()
    with program:
        fill(program, ROWS)
        expect(len(anchored(program)) >= 1, "an anchor")
        equal(broken_at(program), None, "before anything was done")
        program.database.rows(SAVE)
        for name, (statements, place) in kinds(program).items():
            tamper(program, statements)
            equal(broken_at(program), place, name)
            tamper(program, RESTORE)
        began = time.monotonic()
        line, code = verify(program)
        equal(code, 0, line)
        say(f"{ROWS} rows followed in {time.monotonic() - began:.1f} s with the start of the "
            f"program: {line}")


@suite.test
def a_row_changed_in_sql_is_named_by_the_api():  # O5
    program, api = site()
    default = api.get("/programs").json()["data"][0]
    for window in (30, 60, 90):
        equal(api.patch(f"/programs/{default['id']}", {"click_window_days": window}).status, 200)
    end = wait_until_chained(program)
    proof = api.get("/audit-logs/proof").json()
    equal((proof["intact"], proof["broken"], proof["sequence"], proof["verified_up_to"]),
          (True, None, end, end), proof)

    row = sequence_of(program, end - 1)
    tamper(program, f"update audit_logs set reason = 'other' where id = {row}")
    proof = api.get("/audit-logs/proof").json()
    equal((proof["intact"], proof["broken"]["sequence"], proof["verified_up_to"]),
          (False, end - 1, end - 2), proof)
    equal(broken_at(program), end - 1, "by the command")

    tamper(program, f"update audit_logs set reason = null where id = {row}")
    equal(api.get("/audit-logs/proof").json()["intact"], True, "as it was")
    equal(api.get("/audit-logs/proof", after=end).json()["verified_up_to"], end, "from the end")
    equal(api.get("/audit-logs/proof", after=end + 1).status, 422, "beyond the end")


@suite.test
def hashes_made_anew_do_not_fit_the_anchors():
    program, _ = start()
    with program:
        fill(program, 100)
        anchored(program)
        tamper(program, """update audit_logs set reason = 'other'
                where id = (select audit_id from audit_chain where sequence = 50);
            truncate audit_chain; insert into audit_unchained select id from audit_logs""")
        wait_until_chained(program)
        equal(broken_at(program), 100, "the anchor's place")


@suite.test
def anchors_in_the_log_are_as_good_as_those_beside_the_data():
    program, _ = start()
    with program:
        fill(program, 100)
        anchored(program)
        elsewhere = program.folder / "shipped.log"
        eventually(lambda: "audit_anchor" in program.output(), "an anchor in the log")
        shutil.copy(program.log, elsewhere)
        elsewhere.chmod(0o644)
        (program.data / "audit-anchors").unlink()
        tamper(program, "delete from audit_chain where sequence > 90; delete from audit_logs a "
                        "where not exists (select from audit_chain c where c.audit_id = a.id)")
        equal(broken_at(program), None, "without anchors")
        equal(broken_at(program, "--anchors", str(elsewhere)), 91, "with those of the log")


@suite.test
def a_chain_is_followed_without_the_program():
    program, _ = start()
    with program:
        fill(program, 100)
        program.stop()
        equal(broken_at(program), None, "the command starts PostgreSQL itself")
        program.start()


@suite.test
def a_million_rows_are_followed_in_a_minute():
    if not LONG:
        return
    program, _ = start()
    with program:
        fill(program, MANY)
        began = time.monotonic()
        equal(broken_at(program), None)
        took = time.monotonic() - began
        say(f"{MANY} rows in {took:.1f} s")
        expect(took < 60, f"{took:.1f} s")
