"""L-07: loads that are given back, in part or whole, wherever their commission stands."""
import itertools
from decimal import ROUND_HALF_UP, Decimal

from commissions.decisions import act
from commissions.shared import Offer, created, done, equal, proven, site, suite
from harness.suite import LONG

REVENUE, COST = Decimal("100.00"), Decimal("40.00")
# What pays, and what that makes of revenue and cost.
RULES = {
    "share": ({"basis": "revenue", "rate_ppm": 100000}, lambda revenue, cost: revenue / 10),
    "margin": ({"basis": "margin", "rate_ppm": 125000},
               lambda revenue, cost: max(revenue - cost, Decimal(0)) / 8),
    "flat": ({"basis": "fixed", "flat_amount": "25.00"}, lambda revenue, cost: Decimal(25)),
    "limited": ({"basis": "revenue", "rate_ppm": 100000, "min_amount": "5.00",
                 "max_amount": "9.00"},
                lambda revenue, cost: min(max(revenue / 10, Decimal(5)), Decimal(9))),
}
# What a commission goes through before anything is given back.
STANDINGS = {"pending": [], "approved": ["approve"], "held": ["hold"],
             "held late": ["approve", "hold"], "rejected": ["hold", "reject"],
             "in_payout": ["approve"], "paid": ["approve"]}


def back(amount):
    return {"kind": "refund", "revenue_change": amount}


CHANGES = {
    "a third": [back("-33.33")], "three thirds": [back("-33.33"), back("-33.33"), back("-33.34")],
    "all": [back("-100.00")], "more than all": [back("-150.00")],
    "a cent": [{"kind": "short_pay", "revenue_change": "-0.01"}],
    "dearer": [{"kind": "cost_change", "cost_change": "75.00"}],
    "cheaper": [{"kind": "cost_change", "cost_change": "-20.00"}],
    "canceled": [{"kind": "cancel"}], "written off": [{"kind": "write_off"}],
    "half written off": [{"kind": "write_off", "revenue_change": "-50.00"}],
    "put up": [{"kind": "correction", "revenue_change": "50.00"}],
    "back and again": [back("-60.00"), {"kind": "correction", "revenue_change": "60.00"}],
    "all and some again": [back("-100.00"), {"kind": "correction", "revenue_change": "40.00"}],
}
# Payouts are not there yet: what they will do, in SQL. That of a commission has its number here.
PAYOUT = """
    update commissions set status = '{status}' where id in ({ids});
    insert into ledger_accounts (kind, user_id, currency)
    select 'in_transit', user_id, currency from commissions where id in ({ids})
    on conflict do nothing;
    insert into ledger_accounts (kind, program_id, currency)
    select 'cash_clearing', program_id, currency from commissions where id in ({ids})
    on conflict do nothing;
    with added as (
        insert into ledger_transactions (posting, user_id, program_id, currency, payout_id,
                                         posted_at)
        select '{posting}', user_id, program_id, currency, id, now()
        from commissions where id in ({ids}) returning id, payout_id, user_id, program_id),
    entries as (
        insert into ledger_entries (transaction_id, number, account_id, amount)
        select added.id, side.number, a.id, c.amount * side.sign
        from added join commissions c on c.id = added.payout_id
        cross join (values (1, '{debit}', -1), (2, '{credit}', 1)) side (number, kind, sign)
        join ledger_accounts a on a.kind = side.kind and a.currency = c.currency
        where coalesce(a.user_id, added.user_id) = added.user_id
          and coalesce(a.program_id, added.program_id) = added.program_id)
    insert into ledger_unchained select id from added"""
PAYOUTS = {"batch": ("in_payout", "payable", "in_transit"),
           "settle": ("paid", "in_transit", "cash_clearing")}
PAID_BY = {"in_payout": "in_transit", "paid": "cash_clearing"}


def facts_after(changes):
    """Revenue and cost, whether nothing is left, and whether nothing was left meanwhile."""
    revenue, cost, is_gone, was_gone = REVENUE, COST, False, False
    for change in changes:
        revenue += Decimal(change.get("revenue_change", 0))
        cost += Decimal(change.get("cost_change", 0))
        is_all = change["kind"] == "cancel" or (change["kind"] == "write_off"
                                                and "revenue_change" not in change)
        is_gone = is_all or revenue <= 0
        was_gone |= is_gone
    return revenue, cost, is_gone, was_gone


def expected(standing, rule, changes):
    """The statuses of the conversion's commissions, and what is on which account for them."""
    def earned(revenue, cost):
        return RULES[rule][1](revenue, cost).quantize(Decimal("0.01"), ROUND_HALF_UP)
    revenue, cost, is_gone, was_gone = facts_after(changes)
    before = earned(REVENUE, COST)
    after = Decimal(0) if is_gone else earned(revenue, cost)
    status = standing.split()[0]
    if status == "rejected":
        return [status], {}
    if status in PAID_BY:
        return [status], {PAID_BY[status]: before, "payable": after - before,
                          "commission_expense": -after}
    # What was canceled stays so; what comes back is a new one.
    statuses = ["canceled"] * was_gone + [status] * (not was_gone)
    statuses += ["pending"] * (was_gone and not is_gone)
    account = {"approved": "payable"}.get(statuses[-1], statuses[-1])
    return statuses, {account: after, "commission_expense": -after}


def pay(verb, loads):
    """Does with the commissions of these loads what payouts will do."""
    status, debit, credit = PAYOUTS[verb]
    keys = ", ".join(f"'{load['external_id']}'" for load in loads)
    ids = (f"select c.id from commissions c join conversions v on v.id = c.conversion_id "
           f"where v.external_id in ({keys})")
    site().rows(PAYOUT.format(ids=ids, posting=verb, status=status, debit=debit, credit=credit))


def found(loads):
    """The same as `expected`, of each load's key."""
    keys = ", ".join(f"'{load['external_id']}'" for load in loads)
    statuses = site().rows(f"""
        select v.external_id, string_agg(c.status, ' ' order by c.id)
        from conversions v join commissions c on c.conversion_id = v.id
        where v.external_id in ({keys}) group by 1""")
    sums = site().rows(f"""
        select v.external_id, a.kind, sum(e.amount)
        from conversions v join commissions c on c.conversion_id = v.id
        join ledger_transactions t on c.id in (t.commission_id, t.payout_id)
        join ledger_entries e on e.transaction_id = t.id
        join ledger_accounts a on a.id = e.account_id
        where v.external_id in ({keys}) group by 1, 2 having sum(e.amount) <> 0""")
    result = {key: (words.split(), {}) for key, words in statuses}
    for key, account, minor in sums:
        result[key][1][account] = Decimal(minor) / 100
    return result


@suite.test
def what_is_given_back_leaves_what_the_rest_earns():
    offers = {name: Offer() for name in RULES}
    for name, (form, _) in RULES.items():
        offers[name].rule(**form)
    cases = list(itertools.product(STANDINGS, RULES, CHANGES))[::1 if LONG else 9]
    loads = [offers[rule].sell(str(REVENUE), str(COST)) for _, rule, _ in cases]
    for (standing, _, _), load in zip(cases, loads):
        for verb in STANDINGS[standing]:
            done(act(site().finance, load["commissions"][0], verb, reason="as the table says"))
    for verb, standings in (("batch", ("in_payout", "paid")), ("settle", ("paid",))):
        pay(verb, [load for (standing, _, _), load in zip(cases, loads) if standing in standings])

    for (_, rule, change), load in zip(cases, loads):
        for each in CHANGES[change]:
            created(offers[rule].adjust(load, **each))

    became = found(loads)
    for (standing, rule, change), load in zip(cases, loads):
        statuses, sums = expected(standing, rule, CHANGES[change])
        equal(became[load["external_id"]], (statuses, {name: sum for name, sum in sums.items()
                                                       if sum}), f"{standing}, {rule}, {change}")
    for rule in RULES:
        total = sum((became[load["external_id"]][1].get("payable", Decimal(0))
                     for (_, name, _), load in zip(cases, loads) if name == rule), Decimal(0))
        equal(offers[rule].balances()[2], f"{total:.2f}", rule)
    proven()
    print(f"   {len(cases)} cases as computed by hand", flush=True)
