"""Rows of the table A of the domain's contract, through the API and real clicks."""
from conversions.shared import (Partner, Visitor, created, credits, equal, eventually, expect,
                                journey, now, program, reason, report, site, suite, visit)

MARCH_1, MARCH_10, MARCH_12 = (f"2026-03-{day}T12:00:00Z" for day in ("01", "10", "12"))


def pair(**terms):
    place = program(**terms)
    return place, Partner(place), Partner(place)


def restart(**settings):
    """The program begins again with other settings; connections are new."""
    shared = site()
    shared.program.set_env(**settings)
    shared.program.restart()
    shared.manager.close()
    shared.admin.close()


@suite.test
def the_model_says_which_click_a1():
    for model, winner in (("last", 1), ("first", 0)):
        place, *partners = pair(attribution_model=model, click_window_days=90)
        visitor = Visitor()
        visitor.click(partners[0], MARCH_1)
        visitor.click(partners[1], MARCH_10)
        made = report(kind="lead", occurred_at=MARCH_12, visitor=visitor.cookie, program_id=place)
        equal(credits(made, *partners), [(partners[winner].name, "clicks", 1_000_000)], model)


@suite.test
def a_window_is_half_open_a2():
    place, ann, _ = pair(click_window_days=90)
    visitor = Visitor()
    visitor.click(ann, MARCH_1)
    inside = report(occurred_at="2026-05-30T11:59:59Z", visitor=visitor.cookie, program_id=place)
    outside = report(occurred_at="2026-05-30T12:00:00Z", visitor=visitor.cookie, program_id=place)
    equal(credits(inside, ann), [(ann.name, "clicks", 1_000_000)])
    equal((outside["status"], reason(outside, ann)), ("organic", "outside_window"))


@suite.test
def an_accepted_lead_wins_while_it_is_protected_a3_a4():
    place, ann, bob = pair()
    shared = site()
    lead = created(shared.manager.post("/leads", {
        "company": "Acme Three", "domain": "acme-three.example", "program_id": place,
        "user_id": ann.id, "registered_at": "2026-04-01T12:00:00Z"}))
    answer = shared.manager.post(f"/leads/{lead['id']}/accept",
                                 {"protected_until": "2099-06-30T12:00:00Z"})
    equal(answer.status, 200, answer.body)
    shared.rows("update leads set protected_until = '2026-06-30T12:00:00Z' where company = "
                "'Acme Three'")
    visitor = Visitor()
    visitor.click(bob, "2026-05-01T12:00:00Z")
    for occurred_at, winner, source in (("2026-05-15T12:00:00Z", ann, "lead"),
                                        ("2026-07-01T12:00:00Z", bob, "clicks")):
        made = report(kind="booked", occurred_at=occurred_at, visitor=visitor.cookie,
                      program_id=place, customer={"external_id": "acme-three",
                                                  "email": "jane@acme-three.example"})
        equal(credits(made, ann, bob), [(winner.name, source, 1_000_000)], occurred_at)


@suite.test
def a_typed_code_wins_over_a_cookie_a5():
    place, ann, bob = pair()
    visitor = Visitor()
    visitor.click(bob)
    made = report(visitor=visitor.cookie, code=ann.code.upper())
    equal(credits(made, ann, bob), [(ann.name, "code", 1_000_000)])
    equal(made["program_id"], place, "the code's program")
    equal(reason(made, bob), "outranked")


@suite.test
def a_locked_customer_stays_its_partners_a6():
    place, ann, bob = pair(lock_days=365)
    customer = {"external_id": "locked"}
    first = report(occurred_at="2026-02-01T00:00:00Z", code=ann.code, customer=customer)
    expect(journey(first)["locks_until"].startswith("2027-02-01"), journey(first))
    visitor = Visitor()
    click_id = visitor.click(bob)
    made = report(customer=customer, click_id=click_id, program_id=place)
    equal(credits(made, ann, bob), [(ann.name, "lock", 1_000_000)])


@suite.test
def event_time_decides_and_not_receipt_a7():
    place, ann, _ = pair(click_window_days=90)
    visitor = Visitor()
    visitor.click(ann, MARCH_1)
    made = report(kind="booked", occurred_at="2026-05-20T12:00:00Z", visitor=visitor.cookie,
                  program_id=place)
    equal(credits(made, ann), [(ann.name, "clicks", 1_000_000)])
    expect(made["received_at"] > "2026-08", made["received_at"])


@suite.test
def a_company_known_before_is_nobodys_a8():
    place, ann, _ = pair(acquisition=True)
    visitor = Visitor()
    visitor.click(ann, MARCH_1)
    made = report(occurred_at=MARCH_12, visitor=visitor.cookie, program_id=place,
                  customer={"external_id": "old", "company": "Old Ltd",
                            "known_since": "2026-01-15T00:00:00Z"})
    equal((made["status"], reason(made, ann)), ("organic", "existing_customer"))


@suite.test
def who_is_suspended_is_skipped_a9():
    place, ann, bob = pair()
    visitor = Visitor()
    visitor.click(bob)
    click_id = visitor.click(ann)
    answer = site().manager.post(f"/enrolments/{ann.enrolment}/suspend", {"reason": "a look"})
    equal(answer.status, 200, answer.body)
    made = report(click_id=click_id, occurred_at=now(1))
    equal(credits(made, ann, bob), [(bob.name, "clicks", 1_000_000)])
    equal(reason(made, ann), "suspended")


@suite.test
def models_share_among_partners_a10_a11_a12():
    for model, ages, shares in (("linear", (3, 2, 1), (333_334, 333_333, 333_333)),
                                ("position", (4, 3, 2, 1), (400_000, 100_000, 100_000, 400_000)),
                                ("decay", (14, 7, 0), (142_857, 285_714, 571_429))):
        place = program(attribution_model=model)
        partners, visitor = [Partner(place) for _ in ages], Visitor()
        for partner, age in zip(partners, ages):
            visitor.click(partner, f"2026-06-{20 - age:02}T12:00:00Z")
        made = report(occurred_at="2026-06-20T12:00:00Z", visitor=visitor.cookie, program_id=place)
        equal(credits(made, *partners),
              [(partner.name, "clicks", share) for partner, share in zip(partners, shares)], model)


@suite.test
def clicks_are_kept_with_the_customer():
    _, ann, _ = pair()
    customer = {"external_id": "kept", "email": "jo@kept.example"}
    click_id = Visitor().click(ann)
    report(kind="lead", source="form", click_id=click_id, customer={"email": "jo@kept.example"})
    made = report(kind="delivered", customer=customer, program_id=ann.link["program_id"])
    equal(credits(made, ann), [(ann.name, "clicks", 1_000_000)])


@suite.test
def a_match_of_the_company_is_a_hint_only():
    place, ann, _ = pair(lock_days=365)
    report(code=ann.code, occurred_at=MARCH_1,
           customer={"external_id": "m1", "email": "a@match.example"})
    made = report(program_id=place, customer={"external_id": "m2", "email": "b@match.example"})
    equal((made["status"], reason(made, ann)), ("organic", "for_review"))


@suite.test
def a_click_that_is_not_stored_yet_is_waited_for():
    shared = site()
    _, ann, _ = pair()
    Visitor().click(ann)
    restart(CLICK_INGEST="false")
    click = visit(shared.program.port, ann.code, headers={
        "X-Forwarded-For": "198.51.100.251", "Accept-Language": "en"})
    expect(click.click_id, click)
    made = report(click_id=click.click_id)
    equal((made["awaits_click"], made["status"]), (True, "organic"))
    restart(CLICK_INGEST=None)
    late = eventually(lambda: (lambda row: row if not row["awaits_click"] else None)(
        shared.manager.get(f"/conversions/{made['id']}").json()), "the click is found")
    equal(credits(late, ann), [(ann.name, "click_id", 1_000_000)])
    equal(late["program_id"], ann.link["program_id"], "the click's program")
    equal([step["cause"] for step in journey(made)["history"]], ["click", "conversion"])
