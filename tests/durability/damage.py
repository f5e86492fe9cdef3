"""Journal files are damaged, copied and read again; the database is set back."""
import random
import shutil

from durability.clicks import (Crowd, count, exactly_once, rollups_equal_rows, stored_ids,
                               wait_until_loaded)
from durability.shared import LONG, none_failed, say, started, suite
from harness import equal, eventually, expect

FLIPS = 1000
# Everything that a loaded click changes.
TABLES = ("journal_nodes", "journal_positions", "journal_days", "journal_quarantine", "link_clicks",
          "link_click_counts", "program_click_counts", "link_totals")


def segments(program):
    """The journal's files with records in them, by name."""
    return sorted(path for path in (program.data / "journal").glob("*.seg")
                  if any(path.read_bytes()[4096:8192]))


def flip_bits(paths, flips, seed):
    """Turns so many bits in the used parts of the files."""
    generator = random.Random(seed)
    contents = {path: bytearray(path.read_bytes()) for path in paths}
    used = {path: len(content.rstrip(b"\0")) for path, content in contents.items()}
    for _ in range(flips):
        path = generator.choices(list(used), weights=used.values())[0]
        contents[path][generator.randrange(4096, used[path])] ^= 1 << generator.randrange(8)
    for path, content in contents.items():
        path.write_bytes(content)


@suite.test
def damaged_records_are_left_out_and_counted():
    program, codes = started(env={"JOURNAL_SEGMENT_BYTES": "1MiB"})
    with program:
        program.set_env(CLICK_INGEST="false")
        program.restart()
        crowd = Crowd(program, codes, rate=4000)
        crowd.watch(5)
        none_failed(crowd.end())
        program.stop()
        equal(len(crowd.ids()) > 10_000, True, "enough clicks")
        files = segments(program)
        flip_bits(files, FLIPS, seed=15)

        program.set_env(CLICK_INGEST="true")
        program.start()
        acked = crowd.ids()
        eventually(lambda: program.metrics()["referral_ingest_lag_seconds"] < 1 and count(program),
                   "everything loaded", 60)
        stored = stored_ids(program)
        lost = len(acked - stored)
        equal(len(stored - acked), 0, "rows that nobody clicked")
        expect(0 < lost <= FLIPS, f"{lost} records lost to {FLIPS} flipped bits")
        equal(int(program.metrics()["referral_journal_quarantined_records_total"]), lost,
              "records lost to damage, as counted")
        wrong = program.database.rows("""
            select count(*) from link_clicks k
            left join referral_links l on l.id = k.referral_link_id
            where l.id is null or k.user_id <> l.user_id or k.program_id <> l.program_id
               or k.class <> 1""")
        equal(wrong, [["0"]], "rows with wrong values")
        rollups_equal_rows(program)
        kept = list((program.data / "journal/quarantine").iterdir())
        expect(kept, "damaged stretches are kept")
        crowd = Crowd(program, codes)
        crowd.watch(1)
        none_failed(crowd.end())
        wait_until_loaded(program, crowd.ids())
        say(f"{FLIPS} bits flipped in {len(files)} files: {lost} of {len(acked)} records lost and "
            "counted, all others stored")


@suite.test
def a_segment_read_twice_counts_once():  # K5
    program, codes = started()
    with program:
        crowd = Crowd(program, codes)
        crowd.watch(2)
        none_failed(crowd.end())
        exactly_once(program, crowd, 0)
        before = count(program)
        program.stop()
        for number, path in enumerate(segments(program)):
            twin = path.with_name(f"{90_000_000 + number:08d}.seg")
            shutil.copy(path, twin)
            shutil.chown(twin, path.stat().st_uid, path.stat().st_gid)
        program.start()
        eventually(lambda: program.metrics()["referral_ingest_lag_seconds"] < 1, "all loaded")
        equal(count(program), before, "rows after the copies were read")
        exactly_once(program, crowd, 0)


def save(program):
    """Keeps the tables as they are at one moment."""
    program.database.rows("begin isolation level repeatable read; create schema saved;" + "".join(
        f"create table saved.{table} as table {table};" for table in TABLES) + "commit")


def set_back(program):
    """Makes the tables what they were, as a restored backup does. The program goes on with the
    tables meanwhile: when PostgreSQL ends this side of a deadlock, it is tried again. Gives how
    many clicks there are then, before the program can add any."""
    statements = "begin;" + "truncate {};".format(", ".join(TABLES)) + "".join(
        f"insert into {table} overriding system value select * from saved.{table};"
        for table in TABLES) + "select count(*) from link_clicks; commit; drop schema saved cascade"
    for _ in range(20):
        try:
            return int(program.database.rows(statements)[-1][0])
        except RuntimeError as error:
            if "deadlock" not in str(error):
                raise
    raise RuntimeError("twenty deadlocks")


@suite.test
def a_database_set_back_gets_its_clicks_again():  # B-07
    for restarted in (False, True) if LONG else (False,):
        program, codes = started()
        with program:
            crowd = Crowd(program, codes)
            crowd.watch(2)
            eventually(lambda: count(program) > 1000, "the first clicks stored")
            save(program)
            crowd.watch(3)
            if restarted:
                program.restart()
                crowd.watch(1)
            acked_before = len(crowd.ids())
            eventually(lambda: count(program) >= acked_before, "clicks after the backup stored")
            if restarted:
                program.set_env(CLICK_INGEST="false")
                program.restart()
            kept = set_back(program)
            expect(kept < acked_before, "the database has been set back")
            if restarted:
                program.set_env(CLICK_INGEST="true")
                program.restart()
            crowd.watch(2)
            total = crowd.end()
            equal(total["lost"], 0, "redirects cut off")
            acked, _ = exactly_once(program, crowd, 0)
            say(f"set back to {kept} rows of {acked}: all there again, each once"
                + (" (restarted)" if restarted else ""))
