"""A company with partners, an API key, and as many conversions as wanted from the start."""
import concurrent.futures
import itertools
import os
import pathlib
import random
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from harness import Program  # noqa: E402

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
HOST = "www.example.com"
PARTNERS = 2_000
PER_CUSTOMER = 20  # Conversions.
PLAIN = {"basis": "margin", "rate_ppm": 100000}
# While a database is filled; what is lost then is made again.
FILLING = """
    fsync = off
    full_page_writes = off
    synchronous_commit = off
    wal_level = minimal
    max_wal_senders = 0
    max_wal_size = 4GB
    maintenance_work_mem = 1GB
    autovacuum = off
"""

# What a filled table holds. {n} conversions of {c} customers; conversion g is of customer
# 1 + g * 7919 % {c}, so the first {c} are each customer's first, which tells the code.
PLACES = "cross join lateral (select 1 + g * 7919 % {c} as customer) w " \
         "join fill_partners p on p.place = 1 + w.customer % {partners}"
OCCURRED = "(timestamptz '{now}' - ({n} - g) * interval '1 second' * ({seconds} / {n}) " \
           "- interval '1 hour')"
EARNED = "(2000 + g * 37 % 6000)"  # Minor units: a tenth of the margin, a 50th of the revenue.
TABLES = {
    "accounts": """
        insert into accounts (id, name, country, first_known_at, created_at, updated_at)
        overriding system value
        select g, 'Shipper ' || g, 'US', '{first}', '{first}', '{first}'
        from generate_series(1, {c}) g""",
    "account_domains": """
        insert into account_domains (domain, account_id, created_at)
        select 'shipper' || g || '.example', g, '{first}' from generate_series(1, {c}) g""",
    "customers": """
        insert into customers (id, account_id, external_id, email, mailbox, country, first_seen_at,
                               created_at, updated_at)
        overriding system value
        select g, g, 'customer-' || g, 'desk@shipper' || g || '.example',
               'desk@shipper' || g || '.example', 'US', '{first}', '{first}', '{first}'
        from generate_series(1, {c}) g""",
    "customer_touches": f"""
        insert into customer_touches (conversion_id, source, customer_id, program_id, user_id,
                                      link_id, made_at, note)
        select g, 'code', w.customer, {{program}}, p.user_id, p.link_id, {OCCURRED}, p.code
        from generate_series(1::bigint, {{c}}) g {PLACES}""",
    "customer_locks": f"""
        insert into customer_locks (customer_id, program_id, user_id, weight_ppm, locked_from,
                                    locked_until, conversion_id, link_id)
        select w.customer, {{program}}, p.user_id, 1000000, {OCCURRED},
               {OCCURRED} + interval '3650 days', g, p.link_id
        from generate_series(1::bigint, {{c}}) g {PLACES}""",
    "conversions": f"""
        insert into conversions (id, program_id, kind, source, external_id, line, occurred_at,
            received_at, currency, revenue, cost, quantity, unit, mode, lane, customer_id,
            customer_country, metadata, facts_hash, program_is_given, code, is_organic, created_by)
        overriding system value
        select g, {{program}}, 'delivered', 'tms', 'load-' || g, '', {OCCURRED},
               {OCCURRED} + interval '3 seconds', 'USD', {EARNED} * 50, {EARNED} * 40, 1000, 'load',
               'ftl', 'CHI-DAL', w.customer, 'US', '{{{{}}}}', sha256(int8send(g)), true,
               case when g <= {{c}} then p.code end, false, 1
        from generate_series(1::bigint, {{n}}) g {PLACES}""",
    "attributions": f"""
        insert into attributions (id, conversion_id, decided_at, cause, source, trace, decided_by)
        overriding system value
        select g, g, {OCCURRED}, 'conversion', 'lock', '{{{{}}}}', 1
        from generate_series(1::bigint, {{n}}) g""",
    "attribution_credits": f"""
        insert into attribution_credits (conversion_id, position, user_id, weight_ppm, source,
                                         link_id, occurred_at)
        select g, 0, p.user_id, 1000000, 'lock', p.link_id, {OCCURRED}
        from generate_series(1::bigint, {{n}}) g {PLACES}""",
    "commissions": f"""
        insert into commissions (id, conversion_id, program_id, customer_id, user_id, credited_id,
            level, rule_id, rule_version, currency, event_kind, occurred_at, facts_currency,
            revenue, cost, quantity, unit, is_reversed, weights, own_weight, computed, amount,
            qualifies, counted, is_accrued, triggered_at, created_at, created_by, updated_at)
        overriding system value
        select g, g, {{program}}, w.customer, p.user_id, p.user_id, 1, {{rule}}, 1, 'USD',
               'delivered', {OCCURRED}, 'USD', {EARNED} * 50, {EARNED} * 40, 1000, 'load', false,
               '{{{{1000000}}}}', 0, {EARNED}, {EARNED}, true, {EARNED} * 10, true, {OCCURRED},
               {OCCURRED}, 1, {OCCURRED}
        from generate_series(1::bigint, {{n}}) g {PLACES}""",
    "commission_changes": f"""
        insert into commission_changes (id, commission_id, action, status, amount_before, amount,
                                        changed_at, user_id)
        overriding system value
        select g, g, 'accrue', 'pending', 0, {EARNED}, {OCCURRED}, 1
        from generate_series(1::bigint, {{n}}) g""",
    "ledger_transactions": f"""
        insert into ledger_transactions (id, posting, user_id, program_id, currency, commission_id,
                                         posted_at, period)
        overriding system value
        select g, 'accrue', p.user_id, {{program}}, 'USD', g, {OCCURRED},
               date_trunc('month', {OCCURRED})
        from generate_series(1::bigint, {{n}}) g {PLACES}""",
    "ledger_entries": f"""
        insert into ledger_entries (transaction_id, number, account_id, amount)
        select g, number, case number when 1 then p.account_id else {{expense}} end,
               case number when 1 then {EARNED} else -{EARNED} end
        from generate_series(1::bigint, {{n}}) g {PLACES}
        cross join (values (1), (2)) entry (number)""",
    "audit_logs": f"""
        insert into audit_logs (created_at, user_id, action, object_type, object_id, after, ip,
                                request_id)
        select {OCCURRED}, 1, 'conversions.create', 'conversion',
               'cnv_' || substr(md5(g::text), 1, 13), jsonb_build_object('amount', {EARNED}),
               '127.0.0.1', 'req_' || lpad(to_hex(g), 13, '0')
        from generate_series({{n}}::bigint / 2, {{n}}) g""",
}
NUMBERED = ("accounts", "customers", "conversions", "attributions", "commissions",
            "commission_changes", "ledger_transactions")


def told(text):
    print(text, file=sys.stderr, flush=True)


def made(answer):
    if answer.status != 201:
        raise SystemExit(f"{answer.status} {answer.body[:500]!r}")
    return answer.json()


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Company:
    """A program with partners and an API key, and `stored` conversions of which reports go on."""

    def __init__(self, stored, data=None):
        self.stored = stored
        self.customers = max(1, stored // PER_CUSTOMER)
        self.program = Program(env={"LOG_LEVEL": "warn"}, data=data)
        try:
            self._numbers = itertools.count(1)
            self._chance = random.Random(time.time())
            self._run = f"{time.time():.0f}"  # Keys of a run before are taken.
            admin = self.program.sign_in()
            self.key = made(admin.post("/api-keys", {
                "name": f"tms {self._run}", "scopes": ["conversions:write"]}))["key"]
            if self.number("select count(*) from pg_class where relname = 'fill_partners'"):
                raise SystemExit(f"{data} was filled by half; delete it")
            if not self.number("select count(*) from customers"):
                self.new_offer(admin, "Loads", PLAIN)
                self._partners()
                self._fill()
            self.offer = next(each for each in admin.all("/programs") if each["name"] == "Loads")
            self.codes = [code for code, in self.rows(f"select code from referral_links "
                                                      f"where code <> '' limit {PARTNERS}")]
        except BaseException:
            self.close()
            raise

    def close(self):
        self.program.close()

    def rows(self, sql):
        return self.program.postgres.rows(sql)

    def number(self, sql):
        return int(self.rows(sql)[0][0])

    @staticmethod
    def new_offer(admin, name, rule, **terms):
        """A program with a rule, whose commissions stay pending."""
        offer = made(admin.post("/programs", {"name": name, "allowed_hosts": [HOST],
                                              "hold_days": 3650, "lock_days": 3650,
                                              **terms}))
        made(admin.post("/commission-rules", {
            "program_id": offer["id"], "name": name, "effective_from": "2020-01-01T00:00:00Z",
            **rule}))
        return offer

    def _partners(self):
        """Partners in the program, each with a link."""
        chance = random.Random(7)
        codes = ["".join(chance.choices(ALPHABET, k=10)) for _ in range(PARTNERS)]
        listed = ",".join(f"({place}, '{code}')" for place, code in enumerate(codes, 1))
        self.rows(f"""
            create table fill_partners (place integer primary key, code text, user_id bigint,
                                        link_id bigint, account_id bigint);
            insert into fill_partners (place, code) values {listed};
            insert into users (email, password_hash, name, role, created_at, updated_at)
            select 'partner' || place || '@partners.example', 'none', 'Partner ' || place,
                   'partner', now(), now() from fill_partners order by place;
            update fill_partners p set user_id = u.id from users u
            where u.email = 'partner' || p.place || '@partners.example';
            insert into partners (user_id, kind, country, created_at, updated_at)
            select user_id, 'person', 'US', now(), now() from fill_partners;
            with added as (
                insert into enrolments (program_id, user_id, status, since, created_at, updated_at)
                select (select id from programs where name = 'Loads'), user_id, 'approved', now(),
                       now(), now() from fill_partners returning id)
            insert into enrolment_changes (enrolment_id, since, counts_from, status)
            select id, now(), 'epoch', 'approved' from added;
            with added as (
                insert into referral_links (user_id, program_id, code, code_key, destination_url,
                                            created_at, updated_at)
                select user_id, (select id from programs where name = 'Loads'), code, code,
                       'https://{HOST}/', now(), now() from fill_partners returning id, code)
            update fill_partners p set link_id = a.id from added a where a.code = p.code;
            insert into ledger_accounts (kind, user_id, currency)
            select 'pending', user_id, 'USD' from fill_partners;
            insert into ledger_accounts (kind, program_id, currency)
            select 'commission_expense', id, 'USD' from programs where name = 'Loads';
            update fill_partners p set account_id = a.id from ledger_accounts a
            where a.user_id = p.user_id;
            update programs set currency_fixed = true where name = 'Loads';
            analyze""")

    def configure(self, settings):
        """Restarts with more settings of PostgreSQL, or with none."""
        file = self.program.postgres.folder / "local.conf"
        file.write_text(settings or "")
        file.chmod(0o644)
        if not settings:
            file.unlink()
        self.program.restart()

    def _fill(self):
        if not self.stored:
            self.rows("drop table fill_partners")
            return
        began = time.monotonic()
        words = {
            "n": self.stored, "c": self.customers, "partners": PARTNERS,
            "seconds": 3 * 365 * 86_400, "now": self.rows("select now()")[0][0],
            "first": "2023-11-01T00:00:00Z",
            "program": self.number("select id from programs where name = 'Loads'"),
            "rule": self.number("select max(id) from commission_rules"),
            "expense": self.number("select id from ledger_accounts where program_id is not null")}
        self.configure(FILLING)
        # The largest first, two at a time.
        order = sorted(TABLES, key=lambda name: -TABLES[name].count(","))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: self._fill_table(name, TABLES[name].format(**words)), order))
        self.rows("""
            set session_replication_role = replica;
            update ledger_balances b set balance = e.amount
            from (select account_id, sum(amount) as amount from ledger_entries
                  group by account_id) e
            where e.account_id = b.account_id""")
        for table in NUMBERED:
            self.rows(f"select setval(pg_get_serial_sequence('{table}', 'id'), "
                      f"(select max(id) from {table}))")
        self.rows("drop table fill_partners; vacuum analyze ledger_balances; checkpoint")
        os.sync()
        self.configure(None)
        told(f"{self.stored:,} conversions stored in {time.monotonic() - began:.0f} s, "
             f"{self.number('select pg_database_size(current_database())') / 1e9:.1f} GB")

    def _fill_table(self, table, insert):
        """Its rows, without the triggers; indexes are made afterwards."""
        began = time.monotonic()
        # `|` stands between columns in the answer.
        indexes = self.rows(f"""
            select indexrelid::regclass, replace(pg_get_indexdef(indexrelid), '||', '/*or*/')
            from pg_index where indrelid = '{table}'::regclass
              and not exists (select from pg_constraint where conindid = indexrelid)""")
        for name, _ in indexes:
            self.rows(f"drop index {name}")
        self.rows(f"set session_replication_role = replica; {insert}")
        for _, definition in indexes:
            self.rows(definition)
        self.rows(f"vacuum analyze {table}")
        told(f"  {table}: {time.monotonic() - began:.0f} s")

    def client(self):
        """A connection that sends the key."""
        client = self.program.client()
        client.headers = {"Authorization": f"Bearer {self.key}"}
        return client

    def report(self):
        """The next load."""
        number, chance = next(self._numbers), self._chance
        revenue = chance.randrange(1_000, 4_000)
        load = {"kind": "delivered", "source": "tms", "external_id": f"new-{self._run}-{number}",
                "program_id": self.offer["id"], "occurred_at": now(), "currency": "USD",
                "revenue": f"{revenue}.00", "cost": f"{revenue * 4 // 5}.00", "unit": "load",
                "mode": "ftl", "lane": "CHI-DAL"}
        if number % 4:
            name = f"customer-{chance.randrange(1, self.customers + 1)}"
            return load | {"customer": {"external_id": name}}
        name = f"new-{self._run}-{number}"
        return load | {"code": chance.choice(self.codes), "customer": {
            "external_id": name, "email": f"desk@{name}.example", "company": name,
            "country": "US"}}
