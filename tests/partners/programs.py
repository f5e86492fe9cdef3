"""Programs: all that they say, and since when."""
from harness import eventually, visit
from partners.shared import HOST, actions, created, equal, expect, refused, site, suite

FULL = {"name": "Drivers", "kind": "driver", "currency": "EUR", "timezone": "Europe/Berlin",
        "attribution_model": "decay", "click_window_days": 30, "duplicate_window_seconds": 60,
        "half_life_days": 3, "acquisition": True, "lock_days": 365, "protection_days": 45,
        "trigger": "paid", "hold_days": 14, "minimum_payout": "25.00", "budget": "10000.00",
        "four_eyes_above": "500.00", "allowed_hosts": [HOST, "*.example.com"],
        "fallback_url": f"https://{HOST}/drivers"}


@suite.test
def a_program_says_all_it_was_told():
    shared = site()
    made = created(shared.manager.post("/programs", FULL))
    for name, value in FULL.items():
        equal(made[name], value, name)
    equal((made["status"], made["version"], made["currency_fixed"]), ("active", 1, False))
    one = f"/programs/{made['id']}"
    equal(shared.manager.get(one).json(), made)
    changes = {"name": "Drivers of trucks", "kind": "agent", "timezone": "America/Chicago",
               "attribution_model": "first", "click_window_days": 60,
               "duplicate_window_seconds": 0, "half_life_days": 9, "acquisition": False,
               "lock_days": None, "protection_days": 10, "trigger": "booked", "hold_days": 0,
               "minimum_payout": "0.00", "budget": None, "four_eyes_above": None,
               "allowed_hosts": [HOST], "fallback_url": None, "status": "closed"}
    for name, value in changes.items():
        answer = shared.manager.patch(one, {name: value})
        equal((answer.status, answer.json().get(name)), (200, value), name)
    equal(shared.manager.get(one).json()["version"], 6, "five changes of what policies say")
    equal(actions(shared, made["id"]),
          ["programs.create"] + ["programs.change"] * len(changes))


@suite.test
def a_program_refuses_what_cannot_be():
    shared = site()
    refused(shared.manager.post("/programs", {
        "name": "", "currency": "usd", "timezone": "Mars/Olympus", "attribution_model": "best",
        "click_window_days": 0, "half_life_days": 4000, "lock_days": 0, "trigger": "sold",
        "hold_days": -1, "minimum_payout": 5.5, "allowed_hosts": ["https://x"], "surprise": 1}),
        "name", "currency", "timezone", "attribution_model", "click_window_days", "half_life_days",
        "lock_days", "trigger", "hold_days", "minimum_payout", "allowed_hosts.0", "surprise")
    refused(shared.manager.post("/programs", {
        "name": "X", "minimum_payout": "1.005", "budget": "-1.00", "four_eyes_above": "1e3",
        "fallback_url": f"http://{HOST}/"}), "four_eyes_above")
    refused(shared.manager.post("/programs", {
        "name": "X", "minimum_payout": "1.005", "budget": "-1.00",
        "fallback_url": f"http://{HOST}/"}), "minimum_payout", "budget", "fallback_url")
    refused(shared.manager.post("/programs", {"name": "default"}), "name", status=409)
    for role in ("finance", "analyst", "partner"):
        equal(shared.signed_in(role).post("/programs", {"name": "Y"}).status, 403, role)


@suite.test
def policies_are_kept_by_version():
    shared = site()
    made = created(shared.manager.post("/programs", {"name": "Kept"}))
    one = f"/programs/{made['id']}"
    shared.manager.patch(one, {"click_window_days": 30})
    shared.manager.patch(one, {"name": "Kept on", "hold_days": 3})
    shared.manager.patch(one, {"attribution_model": "linear", "lock_days": 100})
    policies = shared.manager.get(f"{one}/policies").json()["data"]
    equal([(each["version"], each["model"], each["click_window_days"], each["lock_days"])
           for each in policies], [(3, "linear", 30, 100), (2, "last", 30, None),
                                   (1, "last", 90, None)])
    times = [each["effective_from"] for each in policies]
    equal(times, sorted(times, reverse=True))
    equal(shared.manager.get("/programs/prg_0000000000000/policies").status, 404)


@suite.test
def a_currency_changes_only_while_nothing_is_counted_in_it():
    shared = site()
    made = created(shared.manager.post("/programs", {"name": "Yen", "budget": "100.00"}))
    one = f"/programs/{made['id']}"
    refused(shared.manager.patch(one, {"currency": "JPY"}), "budget")
    changed = shared.manager.patch(one, {"currency": "JPY", "budget": "9000"}).json()
    equal((changed["currency"], changed["budget"], changed["minimum_payout"]), ("JPY", "9000", "0"))
    shared.rows("update programs set currency_fixed = true where name = 'Yen'")
    refused(shared.manager.patch(one, {"currency": "USD", "budget": "1.00"}), "currency",
            status=409)


@suite.test
def partners_are_not_told_the_companys_limits():
    shared = site()
    made = created(shared.manager.post("/programs", FULL | {"name": "Quiet"}))
    shown = shared.signed_in().get(f"/programs/{made['id']}").json()
    equal((shown["budget"], shown["four_eyes_above"], shown["minimum_payout"]),
          (None, None, "25.00"))


@suite.test
def links_of_a_new_program_work_at_once():
    shared = site()
    made = created(shared.manager.post("/programs", {"name": "Linked", "allowed_hosts": [HOST],
                                                     "fallback_url": f"https://{HOST}/"}))
    partner = shared.signed_in()
    link = created(partner.post("/links", {"destination_url": f"https://{HOST}/a",
                                           "program_id": made["id"]}))
    eventually(lambda: visit(shared.program.port, link["code"]).status == 302, "it redirects")
    shared.manager.patch(f"/programs/{made['id']}", {"status": "closed"})
    answer = partner.post("/links", {"destination_url": f"https://{HOST}/a",
                                     "program_id": made["id"]})
    expect("is closed" in answer.body.decode(), answer.body)
