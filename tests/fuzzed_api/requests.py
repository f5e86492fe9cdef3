"""S-02: every operation of the API's description, called with what fits and with what does not."""
import collections
import itertools
import json
import re
import urllib.parse

from fuzzed_api.cases import KEY, Cases, Operation
from fuzzed_api.preparing import afterwards, ready_for
from fuzzed_api.shared import SEED, say, suite, world
from fuzzed_api.values import HOST, ODD_TIMES
from harness import LONG, equal, expect

REQUESTS = 10_000 if LONG else 1_500
OFFENCES_MAX = 20
MORE_TURNS = 50
# Operations of which no request can be taken, and why. Every other one must be reached.
OUT_OF_REACH = {}
# What takes a form that the description says nothing of; tests/conversions asks it.
NOT_MADE = {"js"}
# What the server answers before it looks at routes, and which the description therefore leaves out.
OF_THE_SERVER = {414, 431}
LEAKS = re.compile(
    r"SQLSTATE|libpq|std::|boost|\.cpp|\.hpp|/home/|/var/|\bpg_\w+|insert into|violates")


def is_entitled(case, operation, caller, answer):
    """Whether the caller's rights had no say in the answer."""
    if caller.may(operation.permission):
        return True
    expect(answer.status in (401, 403, 413, 414),
           f"{caller.role} may not, and gets {answer.status}")
    return case.status in (413, 414)


def problem_offences(operation, case, answer):
    """What a refusal lacks."""
    kind = answer.headers.get("content-type", "")
    if not kind.startswith("application/problem+json"):
        return [f"a refusal as {kind!r}"]
    problem = answer.json()
    found = [] if problem["status"] == answer.status else [f"it says status {problem['status']}"]
    if answer.status == 400 and case.body is not None and not problem["detail"]:
        found.append("a body that cannot be read, and not why")
    said = problem["detail"] + " ".join(error["message"] for error in problem["errors"])
    if leak := LEAKS.search(said):
        found.append(f"it tells of its inside: {leak.group()}")
    if answer.status != 422:
        return found
    fields = [error["field"] for error in problem["errors"]]
    if case.blamed is not None:
        if not any(field == case.blamed or field.startswith(f"{case.blamed}.") for field in fields):
            found.append(f"{case.blamed!r:.60} is wrong, and {fields[:5]} are named")
    elif not case.refused:
        sent = urllib.parse.parse_qs(urllib.parse.urlsplit(case.target).query,
                                     keep_blank_values=True)
        known = {*(operation.shape or {}).get("properties", ()), *operation.query, *sent, KEY}
        strange = [field for field in fields if field.split(".")[0] not in known]
        found += [f"{field!r} is named and was not sent" for field in strange]
    return found if fields else [*found, "no field is named"]


def offences(there, operation, case, caller, answer):
    """Everything about an answer that must not be."""
    if answer.status >= 500:
        return [f"{answer.status}"]
    found = []
    if answer.status not in OF_THE_SERVER:
        try:
            found += there.description.offences(operation.method, case.target, answer)
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            return [f"what it answers is no JSON: {error}"]
    if answer.status >= 400:
        found += problem_offences(operation, case, answer)
    in_time = answer.status == case.status
    if case.refused and is_entitled(case, operation, caller, answer) and not in_time:
        found.append(f"{answer.status} and not {case.status}")
    return found


def described(operation, case, caller, answer):
    """The request and its answer in a line, to be sent again by hand."""
    return (f"{case.what} by {caller.role}: {operation.method} {case.target[:300]} {case.headers} "
            f"{(case.body or b'')[:300]!r} -> {answer.status} {answer.body[:300]!r}")


@suite.test
def made_up_requests_are_taken_or_refused_and_nothing_breaks():
    there = world()
    say(f"REFERRAL_FUZZ_SEED={SEED}, {REQUESTS} requests")
    operations = [Operation(method, path, document, there.description.shapes)
                  for (method, path), (_, document) in sorted(there.description.operations.items())
                  if path.split("/")[1] not in NOT_MADE]
    taken, refused, broken = send_all(there, operations)
    expect(not broken, f"{len(broken)} answers are wrong")
    is_in_order(there)
    out = [each.name for each in operations
           if not taken[each.name] and each.name not in OUT_OF_REACH]
    equal(out, [], "operations of which no request was taken")
    equal([name for name in OUT_OF_REACH if taken[name]], [], "operations said to be out of reach")
    equal([each.name for each in operations if each.may_be_refused and not refused[each.name]], [],
          "operations of which no request was refused")
    least = min(taken, key=taken.get)
    say(f"{len(operations)} operations, {sum(taken.values())} requests taken, "
        f"{sum(refused.values())} refused; fewest taken: {least}, {taken[least]}")


def is_a_time(shape):
    return shape.get("format", "").startswith("date") or "a time such as" in shape.get("x-rule", "")


@suite.test
def times_at_the_ends_of_the_calendar_are_taken_or_refused():
    there, asked = world(), 0
    ends = ["0001-01-01", "1970-01-01", "2199-12-31", "9999-12-31"]
    # What an operation wants beside the times.
    others = {"getBreakdown": {"by": "os"}, "getTimeseries": {"interval": "month"}}
    for (method, path), (_, document) in there.description.operations.items():
        if path == "/postback":  # Has a key of its own and no session.
            continue
        operation = Operation(method, path, document, there.description.shapes)
        times = [name for name, shape in operation.query.items() if is_a_time(shape)]
        queries = [{name: value} for name in times for value in ODD_TIMES]
        if "compare" in operation.query:
            queries += [{"from": first, "to": last, "compare": how, "timezone": zone}
                        for first, last in itertools.product(ends, ends)
                        for how in ("previous", "year")
                        for zone in ("Pacific/Kiritimati", "America/Chicago")]
        for query in queries:
            answer = there.admin.get(path, **query, **others.get(operation.name, {}))
            expect(answer.status in (200, 414, 422), f"{path} {query}: {answer.status}")
            asked += 1
    link = {"destination_url": f"https://{HOST}/"}
    for name, value in itertools.product(("starts_at", "expires_at"), ODD_TIMES):
        answer = there.admin.post("/links", link | {name: value})
        expect(answer.status in (201, 422), f"{name} {value}: {answer.status}")
        if answer.status == 201:
            equal(there.admin.get(f"/links/{answer.json()['id']}").json(), answer.json(), value)
    expect(asked > 200, asked)
    is_in_order(there)


def send_all(there, operations):
    """How many requests were taken and refused by operation, and what was wrong."""
    cases = Cases(there.draw, there.description.shapes, there.known)
    taken, refused, broken = collections.Counter(), collections.Counter(), []

    def send(operation):
        ready = ready_for(there, operation)
        case = cases.draw(operation, ready)
        answer = ready.caller.request(operation.method, case.target, case.body,
                                      headers=case.headers)
        for offence in offences(there, operation, case, ready.caller, answer):
            broken.append(offence)
            say(f"{offence}: {described(operation, case, ready.caller, answer)}")
        (taken if answer.status < 400 else refused)[operation.name] += 1
        afterwards(there, operation, ready, answer.status)
        return len(broken) < OFFENCES_MAX and there.program.is_running()

    goes_on = all(send(operations[i % len(operations)]) for i in range(REQUESTS))
    for operation in operations:  # Those of many fields may have had no luck in their few turns.
        for _ in range(MORE_TURNS if operation.name not in OUT_OF_REACH else 0):
            if goes_on and not taken[operation.name]:
                goes_on = send(operation)
    return taken, refused, broken


def is_in_order(there):
    """The program is the one that was started, answers, and has nothing to complain of."""
    equal(there.program.pid, there.pid, "the program's process")
    equal(there.program.status_of("/readyz?for=api"), 200)
    equal(there.admin.get("/me").status, 200, "the administrator is still signed in")
    errors = [line for line in there.program.output().splitlines() if '"level":"error"' in line]
    expect(not errors, f"{len(errors)} error lines: {' '.join(errors[:5])}")
