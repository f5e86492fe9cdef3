"""Talking to the program as a browser's page or a script of a partner does."""
import dataclasses
import http.client
import json
import select
import time
import urllib.parse

# Seconds; the server closes what idles for a minute.
IDLE_MAX = 20


@dataclasses.dataclass
class Response:
    """An answer. Header names are in lower case; of repeated headers the last is kept, but
    `cookies` has every Set-Cookie."""
    status: int
    headers: dict
    body: bytes
    cookies: list

    def json(self):
        """The body as JSON."""
        return json.loads(self.body)


def exchange(connection, method, target, body=None, headers=None):
    """One request on an http.client connection, and its Response."""
    connection.request(method, target, body=body, headers=headers or {})
    answer = connection.getresponse()
    pairs = answer.getheaders()
    return Response(answer.status, {k.lower(): v for k, v in pairs}, answer.read(),
                    [v for k, v in pairs if k.lower() == "set-cookie"])


class ApiClient:
    """A signed-out client of one program; `sign_in` makes it a session. Cookies and the CSRF token
    go along by themselves. Paths that begin with "/api/" or another root are taken as they are,
    others are below /api/v1. Not for use by several threads at once.

        api = ApiClient(program.port)
        api.sign_in("admin@example.com", "…")
        link = api.post("/links", {"destination_url": "https://example.com/"}).json()
    """
    ROOTS = ("/api/", "/r/", "/healthz", "/readyz", "/metrics")

    def __init__(self, port, host="127.0.0.1", seconds=60.0, source="127.0.0.1"):
        self._connection = http.client.HTTPConnection(host, port, timeout=seconds,
                                                      source_address=(source, 0))
        self._used_at = time.monotonic()
        self.cookies = {}
        self.csrf_token = None

    def sign_in(self, email, password):
        """Signs in and gives the user. AssertionError with the answer when refused."""
        answer = self.post("/auth/sign-in", {"email": email, "password": password})
        if answer.status != 200:
            raise AssertionError(f"sign-in: {answer.status} {answer.body[:300]!r}")
        self.csrf_token = answer.json()["csrf_token"]
        return answer.json()["user"]

    def get(self, path, **query):
        """GET; keyword arguments become the query (`from_` becomes `from`)."""
        return self.request("GET", path, query=query)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body, **options)

    def patch(self, path, body, **options):
        return self.request("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.request("DELETE", path, **options)

    def request(self, method, path, body=None, query=None, headers=None):
        """Any request. A body that is not bytes is sent as JSON. `headers` come last and win; a
        header set to None is left out."""
        target = path if path.startswith(self.ROOTS) else "/api/v1" + path
        if query:
            target += "?" + urllib.parse.urlencode(
                [(name.rstrip("_"), value) for name, value in query.items() if value is not None])
        sent = {}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf_token and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf_token
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        answer = self._send(method, target, body, sent)
        self._keep(answer.cookies)
        return answer

    def all(self, path, **query):
        """Every row of a list, page by page."""
        rows, cursor = [], None
        while True:
            page = self.get(path, **query, cursor=cursor).json()
            rows += page["data"]
            cursor = page["next_cursor"]
            if not cursor:
                return rows

    def close(self):
        """Ends the connection; the next request opens another."""
        self._connection.close()

    def _send(self, method, target, body, headers):
        """A kept connection may have been closed by the server meanwhile, or about to be: one that
        ended or idled is not used again, and a GET tries once more."""
        if time.monotonic() - self._used_at > IDLE_MAX or self._has_ended():
            self._connection.close()
        try:
            return exchange(self._connection, method, target, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            if method != "GET":
                raise
            return exchange(self._connection, method, target, body, headers)
        except Exception:
            self._connection.close()
            raise
        finally:
            self._used_at = time.monotonic()

    def _has_ended(self):
        """Nothing comes before a request but the connection's end."""
        return self._connection.sock and select.select([self._connection.sock], [], [], 0)[0]

    def _keep(self, cookies):
        for cookie in cookies:
            pair, *attributes = cookie.split(";")
            name, _, value = pair.partition("=")
            if any(a.strip().lower() == "max-age=0" for a in attributes) or not value:
                self.cookies.pop(name.strip(), None)
            else:
                self.cookies[name.strip()] = value


@dataclasses.dataclass
class Visit:
    """What a visitor of a link was told. `click_id` is None when the visit was not recorded."""
    status: int
    location: str
    click_id: str
    headers: dict


# A person's browser, as far as the click classes go.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def visit(port, code, query="", user_agent=BROWSER, headers=None, method="GET",
          host="127.0.0.1", source="127.0.0.1", seconds=10.0):
    """Follows /r/{code} once, on a connection of its own from the address `source`, without
    following the redirect."""
    connection = http.client.HTTPConnection(host, port, timeout=seconds,
                                            source_address=(source, 0))
    try:
        sent = {"User-Agent": user_agent, **(headers or {})}
        answer = exchange(connection, method, f"/r/{code}{query}", headers=sent)
    finally:
        connection.close()
    location = answer.headers.get("location", "")
    ids = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query).get("click_id", [None])
    return Visit(answer.status, location, ids[0], answer.headers)


class EventStream:
    """Server-sent events of a path, read one by one with the session of an ApiClient.

        with EventStream(program.port, "/api/v1/analytics/live", api) as events:
            name, data = events.next()
    """

    def __init__(self, port, path, api=None, host="127.0.0.1", seconds=60.0):
        self._connection = http.client.HTTPConnection(host, port, timeout=seconds)
        self._seconds = seconds
        headers = {"Accept": "text/event-stream"}
        if api and api.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in api.cookies.items())
        self._connection.request("GET", path, headers=headers)
        self._answer = self._connection.getresponse()
        self.status = self._answer.status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def next(self):
        """(event name, data) of the next event; comments are skipped. The data is read as JSON.
        TimeoutError when none comes in time, ConnectionError when the stream ended."""
        name, data = "message", []
        end = time.monotonic() + self._seconds
        while True:
            if time.monotonic() > end:
                raise TimeoutError("no event")
            line = self._answer.readline()
            if not line:
                raise ConnectionError("the stream ended")
            line = line.decode().rstrip("\r\n")
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].strip())
            elif not line and data:
                return name, json.loads("\n".join(data))
