"""Two programs with one journal, or with copies of it."""
import os
import pathlib
import shutil
import tempfile
import time

from durability.clicks import Crowd, exactly_once, make_links
from durability.shared import none_failed, say, suite
from harness import Postgres, Program, equal, eventually, expect, visit


@suite.test
def one_directory_serves_one_program():
    with Program() as program:
        other = Program(data=program.data, start=False)
        with other:
            other.start(wait=False)
            expect(other.wait_for_exit() != 0, "a second program on the same data ends")
            expect(str(program.data) in other.output(),
                   f"a line that names the folder: {other.last_words()}")
        equal(program.status_of("/readyz?for=api"), 200, "the first one is not disturbed")


def copied(data, to):
    """A copy of a data folder, as of a machine that was cloned."""
    # Without a segment in the making: it has another name a moment later.
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("*.new"))
    for path in (to, *to.rglob("*")):
        original = (data / path.relative_to(to)).stat()
        os.chown(path, original.st_uid, original.st_gid)


@suite.test
def a_copied_journal_loads_nothing():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o711)
        with Postgres(folder) as database:
            with Program(env={"DATABASE_URL": database.url}) as program:
                program.database = database
                codes = make_links(program.sign_in())
                crowd = Crowd(program, codes)
                crowd.watch(2)
                none_failed(crowd.end())
                acked, _ = exactly_once(program, crowd, 0)
                # Behind the copy's back the first one goes on: its positions are ahead of the copy.
                clone = pathlib.Path(folder) / "clone"
                copied(program.data, clone)
                with Program(data=clone, env={"DATABASE_URL": database.url}) as other:
                    fenced = eventually(lambda: other.metrics().get("referral_ingest_fenced"),
                                        "the copy is told apart")
                    equal(visit(other.port, codes[0]).status, 302, "visitors of the copy go on")
                    time.sleep(1)
                    equal(database.rows("select count(*) from link_clicks"), [[str(acked)]], "rows")
                    equal(program.metrics()["referral_ingest_fenced"], 0, "the first one loads")
                    crowd = Crowd(program, codes)
                    crowd.watch(1)
                    none_failed(crowd.end())
                    eventually(lambda: int(database.rows("select count(*) from link_clicks")[0][0])
                               == acked + len(crowd.ids()), "clicks of the first one")
                say(f"a copy of a journal of {acked} clicks loaded none (fenced: {fenced:g})")


@suite.test
def a_journal_from_yesterday_counts_anew():
    """A journal folder brought back from a copy begins where the copy ended. Its clicks are not
    taken for those that were loaded since."""
    with Program() as program:
        codes = make_links(program.sign_in())
        program.stop()
        saved = program.folder / "saved"
        copied(program.data / "journal", saved)
        program.start()
        first = Crowd(program, codes)
        first.watch(3)
        first.end()
        acked, _ = exactly_once(program, first, 0)
        program.stop()
        shutil.rmtree(program.data / "journal")
        copied(saved, program.data / "journal")

        program.start()
        second = Crowd(program, codes, rate=1000)
        second.watch(2)
        none_failed(second.end())
        rows = eventually(
            lambda: (n := int(program.postgres.rows("select count(*) from link_clicks")[0][0]))
            >= acked + len(second.ids()) and n, "clicks after the journal was brought back")
        equal(rows, acked + len(second.ids()), "rows")
