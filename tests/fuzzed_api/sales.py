"""What operations of a sale need to be taken."""
from fuzzed_api.market import RULE
from fuzzed_api.world import Ready

# What an order may be without.
LEAST = dict.fromkeys(("click_id", "code", "token", "visitor", "currency", "line", "quantity"))


def on_commission(*verbs, **fields):
    return lambda world: Ready(world.anybody(), world.market.commission(*verbs), fields)


def on_sale(**fields):
    return lambda world: Ready(world.anybody(), world.market.sale()["id"], fields)


def on_rule(**fields):
    def ready(world):
        made = world.post("/commission-rules", RULE | {"name": "Made", "event_kind": "custom"})
        return Ready(world.anybody(), made["id"], fields)
    return ready


def on_file(*verbs):
    return lambda world: Ready(world.anybody(), world.market.imported(*verbs))


def adjusting(world):
    return Ready(world.anybody(), world.market.sale()["id"], {
        "kind": "correction", "external_id": world.unique("change"), "revenue_change": "1.00",
        "cost_change": None, "quantity_change": None, "occurred_at": None})


def reporting(world):
    return Ready(world.anybody(), fields=LEAST | {
        "external_id": world.unique("report"), "program_id": world.market.program,
        "code": world.market.code, "customer": {"external_id": world.unique("customer")}})


def telling_by_address(world):
    """Whoever has the key may."""
    return Ready(world.callers["nobody"], query=LEAST | {
        "key": world.market.key, "timestamp": None, "signature": None,
        "external_id": world.unique("postback")})


def uploading(world):
    return Ready(world.anybody(), fields={
        "csv": f"kind,source,external_id\nbooked,file,{world.unique('row')}\n",
        "mapping": None, "defaults": None, "dry_run": True})


def telling_a_rate(world):
    number = int(world.unique("day").split()[1])
    return Ready(world.anybody(), fields={
        "from_currency": "EUR", "to_currency": "USD",
        "day": f"{2000 + number % 20}-{1 + number // 20 % 12:02}-{1 + number // 240 % 28:02}"})


def closing(world):
    return Ready(world.anybody(), fields={"program_id": world.id_of("prg", "program"),
                                          "period": "2020-01-01"})


def revoking(world):
    made = world.post("/postback-keys", {"name": world.unique("Key")})
    return Ready(world.anybody(), made["key"]["id"])


PREPARED = {
    "changeAccount": lambda world: Ready(world.anybody(), world.market.account(), {
        "domains": None, "mc_number": None, "dot_number": None, "tms_id": None}),
    "createCommissionRule": lambda world: Ready(world.anybody(), fields=dict(RULE)),
    "previewCommissionRule": lambda world: Ready(world.anybody(), fields={
        "rule": RULE | {"name": "Draft"}}),
    "tryCommissionRule": lambda world: Ready(world.anybody(), fields={
        "rule": RULE | {"name": "Draft"}, "replaces": None, "from": None, "to": None}),
    "getTrial": lambda world: Ready(world.anybody(), world.market.trial),
    "createCommissionRuleVersion": on_rule(**RULE | {"effective_from": "2026-02-01T00:00:00Z"}),
    "retireCommissionRule": on_rule(effective_from=None),
    "approveCommission": on_commission(reason="Early"), "holdCommission": on_commission(),
    "releaseCommission": on_commission("hold"), "rejectCommission": on_commission("hold"),
    "adjustCommission": on_commission(amount_change="1.00"),
    "clawBackCommission": on_commission("approve", amount=None),
    # As the partner it is for.
    "createConversion": reporting, "adjustConversion": adjusting,
    "overrideAttribution": on_sale(user_id=None, reason="A house account"),
    "reattributeConversion": on_sale(),
    "createExchangeRate": telling_a_rate,
    "explain": lambda world: Ready(world.anybody(), query={
        "external_id": world.market.first["external_id"], "code": None, "click_id": None,
        "user_id": None}),
    "createImport": uploading, "commitImport": on_file(), "undoImport": on_file("commit"),
    "closeLedgerPeriod": closing, "postback": telling_by_address, "revokePostbackKey": revoking,
    "createToken": lambda world: Ready(world.anybody(), fields={
        "link_id": world.fixed["links"], "code": None}),
}
