"""The made-up company of `--demo` has sales, and its ledger is whole."""
from commissions.shared import suite
from harness import Program, equal, expect


@suite.test
def the_demo_has_sales_and_a_ledger_that_is_whole():
    with Program(arguments=["--demo"]) as program:
        api = program.sign_in()
        statuses = {row["status"] for row in api.all("/commissions", limit=200)}
        expect(statuses >= {"pending", "approved", "held", "rejected"}, statuses)
        sales = api.get("/conversions", limit=200).json()["data"]
        equal(len(sales), 200, "a full page of conversions")
        proof = api.get("/ledger/proof").json()
        expect(proof["intact"], proof["invariants"])
