"""The same clicks give the same numbers everywhere, and days begin where the zone says."""
import collections
import datetime
import pathlib
import tempfile
import zoneinfo

from api.shared import ApiSite, say, site, suite
from harness import FakeClock, equal, eventually, expect

PEOPLE = ("human", "duplicate", "suspect", "self")
DIMENSIONS = ("country", "region", "city", "device_type", "browser", "os", "referrer",
              "utm_source", "utm_medium", "utm_campaign", "class", "link", "program", "user")
AGENTS = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/126.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
          "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")


def scattered_clicks(shared):
    """Clicks of all sorts on links of two users; gives the links."""
    partner = shared.user("partner", "counted")
    links = [shared.link(partner), shared.link(partner, utm={"source": "mail", "medium": "letter"}),
             shared.link()]
    networks = ("8.8.8", "133.11.0", "194.25.0", "10.0.0")
    number = 0
    for which, link in enumerate(links):
        for number in range(24 + 6 * which):
            referrer = {"Referer": f"https://blog{number % 3}.example.org/p"} if number % 2 else {}
            shared.click(link, f"{networks[number % 4]}.{number // 5}",
                         "?utm_source=ad&utm_campaign=may" if number % 5 == 0 else "",
                         AGENTS[number % 3], **referrer)
        shared.wait_for_clicks(link, 24 + 6 * which)
    return partner, links


def totals(rows):
    """(clicks, unique clicks) of rows of /clicks."""
    classes = collections.Counter(row["class"] for row in rows)
    return sum(classes[name] for name in PEOPLE), classes["human"]


@suite.test
def numbers_agree_to_the_unit():
    shared = site()
    partner, links = scattered_clicks(shared)
    checked = 0
    for api, scope in ((shared.api, {}), (shared.api, {"link_id": links[1]["id"]}),
                       (shared.api, {"user_id": partner.user["id"]}),
                       (shared.api, {"program_id": shared.program_id}), (partner, {}),
                       (partner, {"link_id": links[0]["id"]})):
        rows = api.all("/clicks", limit=200, **scope)
        summary = api.get("/analytics/summary", **scope).json()
        wanted = totals(rows)
        equal((summary["clicks"], summary["unique_clicks"]), wanted, f"summary of {scope}")
        equal({k: v for k, v in summary["by_class"].items() if v},
              dict(collections.Counter(row["class"] for row in rows)), f"classes of {scope}")
        for interval in ("hour", "day", "week", "month"):
            points = api.get("/analytics/timeseries", interval=interval, **scope).json()["data"]
            equal((sum(p["clicks"] for p in points), sum(p["unique_clicks"] for p in points)),
                  wanted, f"{interval}s of {scope}")
            equal(sum(p["bots"] for p in points), summary["by_class"]["bot"], f"bots of {scope}")
        for by in DIMENSIONS:
            for limit in (2, 200):
                found = api.get("/analytics/breakdown", by=by, limit=limit, **scope).json()
                clicks = sum(row["clicks"] for row in found["data"]) + found["other"]["clicks"]
                unique = (sum(row["unique_clicks"] for row in found["data"])
                          + found["other"]["unique_clicks"])
                of_all = (len(rows), wanted[1]) if by == "class" else wanted
                equal((clicks, unique), of_all, f"by {by} of {scope}, {limit} rows")
                expect(len(found["data"]) <= limit or by == "class", f"by {by}: {limit} rows")
                checked += 1
    link = shared.api.get(f"/links/{links[1]['id']}").json()
    equal((link["clicks"], link["unique_clicks"]),
          totals(shared.api.all("/clicks", link_id=links[1]["id"])), "the link's own")
    say(f"{checked} breakdowns equal their rows")


@suite.test
def breakdowns_name_their_values():
    shared = site()
    partner, links = scattered_clicks(shared)
    def keys(by, **scope):
        rows = shared.api.get("/analytics/breakdown", by=by, limit=200, **scope).json()["data"]
        return {row["key"]: row["label"] for row in rows}
    scope = {"link_id": links[1]["id"]}
    found = keys("country", **scope)
    expect({"US", "JP", "DE"} <= set(found), found)
    equal(found.get(""), "Unknown", "10.0.0.0/8 is nowhere")
    expect({"desktop", "mobile"} <= set(keys("device_type", **scope)), "devices")
    expect({"ad", "mail"} <= set(keys("utm_source", **scope)), keys("utm_source", **scope))
    expect("blog1.example.org" in keys("referrer", **scope), keys("referrer", **scope))
    equal(keys("link", **scope), {links[1]["id"]: links[1]["code"]})
    equal(keys("user", **scope), {partner.user["id"]: "counted"})


def by_local_day(instants, zone):
    """How many instants lie in each calendar day of a zone, keyed as the API writes its start."""
    days = collections.Counter(instant.astimezone(zone).date() for instant in instants)
    return {datetime.datetime.combine(day, datetime.time(), zone).isoformat(): count
            for day, count in sorted(days.items())}


def hourly_clicks(timed, clock, link, hours):
    """A click of another visitor every hour; gives their times."""
    instants = []
    for number in range(hours):
        instants.append(clock.now)
        expect(timed.click(link, f"192.0.{number}.{clock.now.month}"), "a click id")
        clock.advance(hours=1)
    timed.api.sign_in("admin@example.com", "correct horse battery")
    eventually(lambda: timed.api.get(f"/links/{link['id']}").json()["clicks"] >= hours, "stored")
    return instants


@suite.test
def days_begin_where_the_zone_says():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o711)
        clock = FakeClock(folder, datetime.datetime(2026, 3, 7, tzinfo=datetime.timezone.utc))
        timed = ApiSite(env=clock.env)
        try:
            for start in ((2026, 3, 7), (2026, 10, 31)):
                clock.advance(
                    seconds=(datetime.datetime(*start, tzinfo=datetime.timezone.utc)
                             - clock.now).total_seconds())
                timed.program.restart()
                timed.api.close()
                timed.api.sign_in("admin@example.com", "correct horse battery")
                days_are_right(timed, clock)
        finally:
            timed.close()


def days_are_right(timed, clock):
    link = timed.link()
    instants = hourly_clicks(timed, clock, link, 72)
    first, last = instants[0].date().isoformat(), instants[-1].date().isoformat()
    for name in ("UTC", "America/Chicago", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"):
        zone = zoneinfo.ZoneInfo(name)
        wanted = by_local_day(instants, zone)
        begin = min(wanted)[:10]
        found = timed.api.get("/analytics/timeseries", link_id=link["id"], timezone=name,
                              interval="day", from_=begin, to=max(wanted)[:10]).json()["data"]
        equal({point["at"]: point["clicks"] for point in found}, wanted, f"days of {name}")
        hours = timed.api.get("/analytics/timeseries", link_id=link["id"], timezone=name,
                              interval="hour", from_=begin, to=max(wanted)[:10]).json()["data"]
        equal(sum(point["clicks"] for point in hours), 72, f"hours of {name}")
        expect(len({point["at"] for point in hours}) == len(hours), f"hours of {name} told apart")
        for day, count in wanted.items():
            summary = timed.api.get("/analytics/summary", link_id=link["id"], timezone=name,
                                    from_=day[:10], to=day[:10]).json()
            equal(summary["clicks"], count, f"{day} in {name}")
    say(f"days of {first} to {last} are right in five zones")


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@suite.test
def periods_are_compared():
    shared = site()
    link = shared.link()
    shared.click(link, "192.0.2.77")
    shared.wait_for_clicks(link, 1)
    now = datetime.datetime.now(datetime.timezone.utc)
    day = now.date()
    for compare, days in (("previous", 7), ("year", 365)):
        found = shared.api.get("/analytics/summary", link_id=link["id"], compare=compare,
                               from_=(day - datetime.timedelta(days=6)).isoformat(),
                               to=day.isoformat()).json()
        equal((found["clicks"], found["previous"]["clicks"]), (1, 0), compare)
        moved = instant(found["from"]) - instant(found["previous"]["from"])
        equal(moved.days, days, compare)
