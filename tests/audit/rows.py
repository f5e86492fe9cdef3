"""Changes are kept with who made them, before and after; few may read them."""
import csv
import io

from audit.shared import HOST, site, suite, user
from harness import equal, expect


def latest(api, **filters):
    """The newest row, as the API shows it."""
    rows = api.get("/audit-logs", limit=1, **filters).json()["data"]
    expect(rows, f"a row of {filters}")
    return rows[0]


@suite.test
def changes_are_kept_with_who_made_them_before_and_after():
    program, api = site()
    me = api.get("/me").json()["user"]
    made = api.post("/links", {"destination_url": f"https://{HOST}/a", "password": "hunter2"})
    equal(made.status, 201, made.body)
    link = made.json()["id"]
    row = latest(api, object_id=link)
    equal((row["action"], row["object_type"], row["before"]), ("links.create", "link", None), row)
    equal((row["user_id"], row["user_name"], row["ip"]), (me["id"], me["name"], "127.0.0.1"), row)
    equal(row["request_id"], made.headers["x-request-id"], "the request")
    equal(row["after"]["destination_url"], f"https://{HOST}/a", row)

    equal(api.patch(f"/links/{link}", {"name": "Summer", "password": "hunter3"}).status, 200)
    row = latest(api, object_id=link)
    equal((row["action"], row["before"], row["after"]),
          ("links.change", {"name": None}, {"name": "Summer", "password": "(secret)"}), row)

    for verb, before, after in (("pause", "active", "paused"), ("activate", "paused", "active"),
                                ("disable", "active", "disabled"), ("ban", "disabled", "banned")):
        equal(api.post(f"/links/{link}/{verb}").status, 200, verb)
        row = latest(api, object_id=link)
        equal((row["action"], row["before"], row["after"]),
              (f"links.{verb}", {"status": before}, {"status": after}), row)

    default = api.get("/programs").json()["data"][0]
    days = default["click_window_days"]
    equal(api.patch(f"/programs/{default['id']}", {"click_window_days": days + 1}).status, 200)
    row = latest(api, action="programs")
    equal((row["action"], row["before"], row["after"]),
          ("programs.change", {"version": default["version"], "click_window_days": days},
           {"version": default["version"] + 1, "click_window_days": days + 1}), row)
    equal(api.get(f"/audit-logs/{row['id']}").json()["after"], row["after"], "looked up alone")
    stored = program.database.rows("select coalesce(before::text, '') || coalesce(after::text, '') "
                                   "from audit_logs")
    expect(not any("hunter" in text or "argon2" in text for (text,) in stored), "no secrets")


@suite.test
def what_is_refused_leaves_no_row():
    _, api = site()
    link = api.post("/links", {"destination_url": f"https://{HOST}/b"}).json()["id"]
    before = latest(api)["id"]
    equal(api.post(f"/links/{link}/activate").status, 409)
    equal(api.patch(f"/links/{link}", {"destination_url": "https://evil.example/"}).status, 422)
    equal(latest(api)["id"], before, "the newest row")


@suite.test
def filters_and_pages_agree_with_each_other():
    _, api = site()
    rows = api.all("/audit-logs", limit=3)
    equal(len({row["id"] for row in rows}), len(rows), "each once")
    equal([row["created_at"] for row in rows],
          sorted((row["created_at"] for row in rows), reverse=True), "newest first")
    middle = rows[len(rows) // 2]
    for name in ("user_id", "action", "object_type", "object_id", "request_id"):
        wanted = middle[name]
        equal([row["id"] for row in api.all("/audit-logs", **{name: wanted})],
              [row["id"] for row in rows if (row[name] or "").startswith(wanted)
               and (name == "action" or row[name] == wanted)], name)
    when = middle["created_at"]
    newer = [row["id"] for row in api.all("/audit-logs", from_=when)]
    older = [row["id"] for row in api.all("/audit-logs", to=when)]
    equal(newer + older, [row["id"] for row in rows], "from and to share nothing")
    for wrong in ({"cursor": "x"}, {"user_id": "lnk_1"}, {"from_": "today"}, {"limit": 201},
                  {"unknown": 1}):
        equal(api.get("/audit-logs", **wrong).status, 422, wrong)


@suite.test
def an_export_holds_every_row_and_no_formula():
    _, api = site()
    name = "=HYPERLINK(\"https://evil.example\")"
    made = api.post("/links", {"destination_url": f"https://{HOST}/c", "name": name})
    equal(made.status, 201, made.body)
    rows = api.all("/audit-logs")
    answer = api.get("/audit-logs/export")
    equal((answer.status, answer.headers["content-type"]), (200, "text/csv; charset=utf-8"))
    expect("attachment" in answer.headers["content-disposition"], answer.headers)
    lines = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    equal([line["id"] for line in lines], [row["id"] for row in rows], "rows")
    expect(not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for line in lines
                   for cell in line.values()), "a formula")
    equal(len(list(csv.DictReader(io.StringIO(
        api.get("/audit-logs/export", action="programs.").body.decode(), newline="")))),
          len(api.all("/audit-logs", action="programs.")), "filtered")


@suite.test
def admin_finance_and_analyst_read_them_and_nobody_else():
    program, _ = site()
    for role, status in (("finance", 200), ("analyst", 200), ("manager", 403), ("partner", 403)):
        client = user(program, role)
        for path in ("/audit-logs", "/audit-logs/export", "/audit-logs/proof"):
            equal(client.get(path).status, status, f"{role} {path}")
    equal(program.client().get("/audit-logs").status, 401, "nobody signed in")
