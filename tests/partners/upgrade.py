"""Partners there were before programs could be enrolled in; and whether all was tried."""
import pathlib
import tempfile

from accounts.shared import Person
from harness import Postgres
from harness.program import ROOT
from partners.shared import equal, site, suite

BEFORE = """
    insert into programs (name, kind, currency, timezone, attribution_model, click_window_days,
        duplicate_window_seconds, trigger, hold_days, minimum_payout, created_at, updated_at)
    values ('default', 'generic', 'USD', 'UTC', 'first', 30, 3600, 'delivered', 30, 5000,
            '2025-01-01Z', '2025-02-01Z');
    insert into users (email, name, role, created_at, updated_at)
    select n || '@example.com', n, case n when 'boss' then 'admin' else 'partner' end,
           '2025-03-01Z', '2025-03-01Z' from unnest('{boss,ada,eve}'::text[]) n;
    insert into partners (user_id, kind, country, created_at, updated_at)
    select id, 'person', 'US', now(), now() from users where name = 'ada';
"""


@suite.test
def earlier_partners_take_part_from_the_beginning():
    files = sorted(pathlib.Path(ROOT, "migrations").glob("*.sql"))
    with tempfile.TemporaryDirectory(prefix="referral-upgrade-") as folder:
        with Postgres(folder) as database:
            for path in files:
                if path.name.startswith("0013"):
                    done = database.psql(BEFORE, "-v", "ON_ERROR_STOP=1")
                    equal(done.returncode, 0, done.stderr)
                done = database.psql(path.read_text(), "--single-transaction", "-v",
                                     "ON_ERROR_STOP=1")
                equal(done.returncode, 0, f"{path.name}: {done.stderr}")
            rows = database.rows("""
                select u.name, e.status, c.status, c.counts_from = 'epoch', p.kind
                from enrolments e join users u on u.id = e.user_id
                join enrolment_changes c on c.enrolment_id = e.id
                join partners p on p.user_id = u.id order by u.id""")
            equal([tuple(row) for row in rows],
                  [(name, "approved", "approved", "t", "person") for name in ("ada", "eve")])
            policies = database.rows(
                "select version, attribution_model, click_window_days, half_life_days "
                "from program_policies")
            equal([tuple(row) for row in policies], [("1", "first", "30", "7")])


@suite.test
def every_operation_of_partners_did_what_was_asked():
    words = {"programs", "groups", "partners", "enrolments", "leads"}
    every = {operation["operationId"]
             for (_, path), (_, operation) in site().description.operations.items()
             if path.split("/")[1] in words}
    equal(every - Person.answered, set(), "operations that never did what was asked")
