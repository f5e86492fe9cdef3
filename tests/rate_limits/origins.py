"""Which pages of other sites may read the API's answers."""
from harness import Program, equal, expect
from rate_limits.shared import suite

APP = "https://app.example.com"


@suite.test
def listed_origins_may_read_and_bring_no_cookies():
    with Program(env={"CORS_ORIGINS": f"{APP}/, https://Other.example.com"}) as program:
        client = program.client()
        asked = {"Origin": APP, "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "authorization,idempotency-key"}
        preflight = client.request("OPTIONS", "/links", headers=asked)
        equal(preflight.status, 204, f"{preflight.body}")
        equal(preflight.headers["access-control-allow-origin"], APP)
        expect("POST" in preflight.headers["access-control-allow-methods"], preflight.headers)
        expect("Idempotency-Key" in preflight.headers["access-control-allow-headers"],
               preflight.headers)
        equal(preflight.headers["vary"], "Origin")

        for answer in (preflight, client.request("GET", "/me", headers={"Origin": APP})):
            expect("access-control-allow-credentials" not in answer.headers, answer.headers)
        read = client.request("GET", "/me", headers={"Origin": "https://other.example.com"})
        equal((read.status, read.headers["access-control-allow-origin"]),
              (401, "https://other.example.com"))
        expect("RateLimit" in read.headers["access-control-expose-headers"], read.headers)

        signed_in = program.sign_in()
        write = signed_in.request("PATCH", "/me", {"name": "Eve"}, headers={"Origin": APP})
        equal(write.status, 403, "a write by cookie from a listed origin")


@suite.test
def other_origins_are_told_nothing():
    with Program(env={"CORS_ORIGINS": APP}) as program:
        client = program.client()
        for origin in ("https://evil.example", "null", f"{APP}.evil.example",
                       APP.replace("https", "http")):
            asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            preflight = client.request("OPTIONS", "/links", headers=asked)
            equal(preflight.status, 405, origin)
            read = client.request("GET", "/me", headers={"Origin": origin})
            for answer in (preflight, read):
                expect("access-control-allow-origin" not in answer.headers, answer.headers)
                equal(answer.headers["vary"], "Origin")
