"""Lists give every row once, in the order asked for."""
import random

from api.shared import HOST, is_problem, site, suite
from harness import equal, expect

LINKS = 120
# By which value, and whether the largest comes first.
ORDERS = {"-created_at": (lambda link: link["created_at"], True),
          "created_at": (lambda link: link["created_at"], False),
          "-clicks": (lambda link: link["clicks"], True),
          "-unique_clicks": (lambda link: link["unique_clicks"], True),
          "code": (lambda link: link["code"].translate(str.maketrans("oil", "011")), False),
          "name": (lambda link: (link["name"] or "").lower(), False)}


def owner_of_many(shared):
    """A partner with 120 links, some of them with clicks and some names equal."""
    partner = shared.user("partner", "collector")
    if partner.get("/links").json()["data"]:
        return partner
    names = ["Alpha", "alpha", "Ümlaut", "beta", None, "Zürich", "zeta 10%", "_under"]
    links = [shared.link(partner, name=names[i % len(names)]) for i in range(LINKS)]
    for number, link in enumerate(random.Random(3).sample(links, 12)):
        for visitor in range(number % 4 + 1):
            shared.click(link, f"192.0.2.{visitor}")
        shared.wait_for_clicks(link, number % 4 + 1)
    return partner


@suite.test
def cursors_walk_every_order_once():
    shared = site()
    partner = owner_of_many(shared)
    for sort, (key, falling) in ORDERS.items():
        for limit in (7, 50, 200):
            rows = partner.all("/links", sort=sort, limit=limit)
            equal(len({row["id"] for row in rows}), LINKS, f"{sort} by {limit}")
            equal(len(rows), LINKS, f"{sort} by {limit}")
            if sort != "name":  # What sorts first among letters is the database's affair.
                values = [key(row) for row in rows]
                equal(values, sorted(values, reverse=falling), sort)
    plain = [row["id"] for row in partner.all("/links", limit=50)]
    equal(plain, [row["id"] for row in partner.all("/links", sort="-created_at")], "the default")


@suite.test
def cursors_belong_to_their_order():
    shared = site()
    partner = owner_of_many(shared)
    cursor = partner.get("/links", sort="name", limit=5).json()["next_cursor"]
    is_problem(partner.get("/links", sort="-clicks", cursor=cursor), 422, "cursor")
    for broken in (cursor[:-1], cursor + "x", cursor[::-1], "", "=" * 50):
        answer = partner.get("/links", sort="name", cursor=broken)
        expect(answer.status in (200, 422), f"{broken!r}: {answer.status}")


@suite.test
def new_rows_do_not_disturb_a_walk():
    shared = site()
    partner = shared.user("partner", "walker")
    first = {shared.link(partner)["id"] for _ in range(20)}
    page = partner.get("/links", limit=5).json()
    seen = [row["id"] for row in page["data"]]
    while page["next_cursor"]:
        shared.link(partner)
        page = partner.get("/links", limit=5, cursor=page["next_cursor"]).json()
        seen += [row["id"] for row in page["data"]]
    equal(len(seen), len(set(seen)), "links seen twice")
    equal(first - set(seen), set(), "links missed")


@suite.test
def links_are_filtered():
    shared = site()
    partner = shared.user("partner", "filterer")
    link = shared.link(partner, name="Freight of 100% quality", code="freight-zz9")
    other = shared.link(partner, name="Something else",
                        destination_url=f"https://{HOST}/carriers/new")
    partner.post(f"/links/{other['id']}/pause")
    for query, wanted in (({"q": "freight-z"}, [link]), ({"q": "100%"}, [link]),
                          ({"q": "%"}, []), ({"q": "00%"}, [link]), ({"q": "10_"}, []),
                          ({"q": "QUALITY"}, [link]),
                          ({"q": "carriers/n"}, [other]),
                          ({"q": "no such thing"}, []), ({"q": "_"}, []),
                          ({"status": "paused"}, [other]), ({"status": "active"}, [link]),
                          ({"status": "banned"}, []),
                          ({"program_id": shared.program_id, "sort": "created_at"}, [link, other])):
        rows = partner.get("/links", **query).json()["data"]
        equal([row["code"] for row in rows], [each["code"] for each in wanted], str(query))
    mine = shared.api.all("/links", user_id=partner.user["id"])
    equal({row["id"] for row in mine}, {link["id"], other["id"]}, "by user")


@suite.test
def clicks_are_walked_and_filtered():
    shared = site()
    link = shared.link()
    ids = {shared.click(link, f"8.8.8.{n}") for n in range(25)}
    iphone = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
              "like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
    ids |= {shared.click(link, f"133.11.0.{n}", user_agent=iphone) for n in range(5)}
    shared.click(link, "8.8.8.1")
    shared.wait_for_clicks(link, 31)
    for limit in (4, 31, 200):
        rows = shared.api.all("/clicks", link_id=link["id"], limit=limit)
        equal(len(rows), 31)
        equal(len({row["id"] for row in rows}), 31)
        equal([row["clicked_at"] for row in rows],
              sorted((row["clicked_at"] for row in rows), reverse=True), "newest first")
    def count(**query):
        return len(shared.api.all("/clicks", link_id=link["id"], **query))
    equal((count(class_="human"), count(class_="duplicate"), count(class_="bot")), (30, 1, 0))
    equal((count(country="JP"), count(country="US")), (5, 26))
    equal((count(device_type="mobile"), count(device_type="desktop")), (5, 26))
    middle = rows[10]["clicked_at"]
    equal(count(from_=middle) + count(to=middle), 31, "from is included, to is not")
    equal(count(user_id=shared.me["id"]), 31)
    equal(count(program_id=shared.program_id), 31)
    everything = shared.api.all("/clicks", limit=200)
    equal(len({row["id"] for row in everything}), len(everything))
    expect(ids <= {row["id"] for row in everything}, "all of them without a filter")
