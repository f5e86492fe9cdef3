"""Postbacks, the script of pages, and signed tokens."""
import base64
import gzip
import hashlib
import hmac
import http.client
import json
import pathlib
import subprocess
import tempfile
import time
import urllib.parse

from conversions.shared import (HOST, Partner, Visitor, created, credits, equal, expect, load,
                                program, report, site, suite)
from harness.client import exchange


@suite.test
def a_postback_tells_a_conversion():  # T04, T05
    shared = site()
    partner = Partner(program())
    key = created(shared.admin.post("/api-keys", {"name": "shop",
                                                  "scopes": ["conversions:write"]}))["key"]
    sent = {"key": key, "external_id": "PB-1", "revenue": "10.00", "code": partner.code}
    stranger = shared.person()
    first, again = (stranger.get("/postback", **sent) for _ in range(2))
    equal((first.status, again.status), (200, 200), first.body)
    equal((first.json()["is_new"], again.json()["is_new"]), (True, False))
    equal(first.json()["id"], again.json()["id"])
    made = shared.manager.get(f"/conversions/{first.json()['id']}").json()
    equal(credits(made, partner), [(partner.name, "code", 1_000_000)])
    equal(stranger.get("/postback", **(sent | {"revenue": "99"})).status, 409)
    equal(stranger.get("/postback", **(sent | {"key": key[:-1] + "x"})).status, 401)
    equal(stranger.get("/postback", **(sent | {"timestamp": int(time.time()) - 301})).status, 401)
    equal(stranger.get("/postback", external_id="PB-2").status, 401)
    connection = http.client.HTTPConnection("127.0.0.1", shared.program.port, timeout=10)
    short = exchange(connection, "GET", "/postback?" + urllib.parse.urlencode(sent))
    connection.close()
    equal((short.status, short.json()["id"]), (200, first.json()["id"]), "the short address")
    weak = created(shared.admin.post("/api-keys", {"name": "reader",
                                                   "scopes": ["conversions:read"]}))["key"]
    equal(stranger.get("/postback", **(sent | {"key": weak})).status, 403)


@suite.test
def a_signed_postback_cannot_be_changed_or_kept():  # T04, T05
    shared = site()
    place = program()
    partner = Partner(place)
    made = created(shared.manager.post("/postback-keys", {
        "name": "network", "program_id": place, "revenue_max": "500.00"}))
    name, secret = made["key"]["key"], made["secret"]
    stranger = shared.person()

    def send(age=0, signature=None, **fields):
        query = urllib.parse.urlencode({"key": name, "timestamp": int(time.time()) - age} | fields)
        mac = hmac.new(secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        return stranger.request("GET", f"/postback?{query}&signature={signature or mac}")

    good = {"external_id": "S-1", "revenue": "499.99", "code": partner.code}
    answer = send(**good)
    equal(answer.status, 200, answer.body)
    equal(send(**good).json()["is_new"], False)
    equal(send(signature="0" * 64, **(good | {"external_id": "S-2"})).status, 401)
    equal(send(age=301, **(good | {"external_id": "S-2"})).status, 401)
    equal(send(**(good | {"external_id": "S-2", "revenue": "500.01"})).status, 422)
    equal(send(external_id="S-2", revenue="1").status, 422, "nothing says whose it is")
    other = Partner(program())
    equal(send(**(good | {"external_id": "S-2", "code": other.code})).status, 422)
    equal(shared.manager.post(f"/postback-keys/{made['key']['id']}/revoke").status, 200)
    equal(send(**good).status, 401)
    stored = shared.one("select string_agg(encode(secret, 'escape'), ' ') from postback_keys")
    expect(secret not in stored, "the secret is sealed")


@suite.test
def a_page_tells_a_lead_and_nothing_more():
    shared = site()
    place = program()
    partner = Partner(place)
    click_id = Visitor().click(partner)
    body = json.dumps({"click_id": click_id, "email": "jane@page.example",
                       "company": "Page"}).encode()

    def send(origin, data=body):
        return shared.person().request("POST", "/js/leads", data, headers={
            "Content-Type": "text/plain", "Origin": origin})

    equal(send("https://evil.example.net").status, 403)
    equal(send(f"https://{HOST}").status, 204)
    equal(send(f"https://{HOST}").status, 204)
    rows = shared.manager.get("/conversions", source="browser", program_id=place).json()["data"]
    equal([(row["kind"], row["revenue"]) for row in rows], [("lead", "0.00")])
    equal(credits(rows[0], partner), [(partner.name, "click_id", 1_000_000)])
    equal(send(f"https://{HOST}", b'{"click_id": "x", "kind": "paid"}').status, 422)
    equal(send(f"https://{HOST}", b"not json").status, 400)


@suite.test
def the_script_is_small_and_for_pages_of_others():
    connection = http.client.HTTPConnection("127.0.0.1", site().program.port, timeout=10)
    answer = exchange(connection, "GET", "/js/referral.js")
    connection.close()
    script = answer.body
    equal((answer.status, answer.cookies), (200, []))
    expect(answer.headers["content-type"].startswith("text/javascript"), answer.headers)
    equal(answer.headers["cross-origin-resource-policy"], "cross-origin")
    size = len(gzip.compress(script, 9))
    expect(size < 3_000, f"{size} bytes")
    for word in (b"document.cookie", b"eval(", b"http://", b"https://"):
        expect(word not in script, word)


@suite.test
def a_token_can_be_checked_without_asking_anybody():
    shared = site()
    place = program()
    partner = Partner(place)
    token = created(shared.manager.post("/tokens", {"code": partner.code}))["token"]
    keys = shared.person().get("/tokens/keys").json()["keys"]

    def bytes_of(text):
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    header, payload, signature = token.split(".")
    equal(json.loads(bytes_of(header))["kid"], keys[0]["kid"])
    claims = json.loads(bytes_of(payload))
    equal((claims["sub"], claims["code"], claims["program_id"]), (partner.id, partner.code, place))
    with tempfile.TemporaryDirectory() as folder:
        place_of = pathlib.Path(folder)
        # A public key of Ed25519 as RFC 8410 has it.
        der = bytes.fromhex("302a300506032b6570032100") + bytes_of(keys[0]["x"])
        (place_of / "key.der").write_bytes(der)
        (place_of / "text").write_bytes(f"{header}.{payload}".encode())
        (place_of / "signature").write_bytes(bytes_of(signature))
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
                               "-inkey", place_of / "key.der", "-rawin", "-in", place_of / "text",
                               "-sigfile", place_of / "signature"], capture_output=True,
                              check=False)
        equal(done.returncode, 0, done.stderr)
    made = report(token=token)
    equal(credits(made, partner), [(partner.name, "token", 1_000_000)])
    forged = f"{header}.{payload[:-2]}AA.{signature}"
    equal(shared.manager.post("/conversions", load(token=forged)).status, 422)
    equal(shared.signed_in("partner").post("/tokens", {"code": partner.code}).status, 404)
