"""Two servers on loopback beside the program: one that is to be found out, one nobody may call."""
import contextlib
import http.server
import sqlite3
import threading
import urllib.parse


class Planted(http.server.BaseHTTPRequestHandler):
    """A page with an injection of SQL and of HTML: a scanner that finds neither is no good."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802
        name = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)).get("name", "")
        with contextlib.closing(sqlite3.connect(":memory:")) as database:
            database.execute("create table people as select 'ada' as name union select 'grace'")
            try:
                rows = database.execute(f"select name from people where name = '{name}'").fetchall()
            except (sqlite3.Error, sqlite3.Warning) as error:
                rows = [(f"sqlite3.OperationalError: {error}",)]
        found = "".join(f"<li>{row[0]}</li>" for row in rows)
        answer(self, f"<html><body>{name}<ul>{found}</ul></body></html>", "text/html")

    def log_message(self, *_):
        pass


class Canary(http.server.BaseHTTPRequestHandler):
    """Remembers who came. Wapiti itself asks it for results, and gets none."""
    protocol_version = "HTTP/1.1"
    visits = []

    def do_GET(self):  # noqa: N802
        if not self.path.startswith(("/get_ssrf.php", "/get_xxe.php")) and self.path != "/":
            self.visits.append(self.path)
        answer(self, "{}", "application/json")

    def log_message(self, *_):
        pass


def answer(handler, text, kind):
    body = text.encode()
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextlib.contextmanager
def serving(handler):
    """The address of a server until the end of the `with` block."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # Scanners hang up as they like.
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
