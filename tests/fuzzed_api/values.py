"""JSON for the shapes of the API's description: what fits, what cannot fit, and what is odd."""
import re

from harness.program import ADMIN_PASSWORD

HOST = "www.example.com"
PASSWORD = ADMIN_PASSWORD  # Everybody's.
LINE = re.compile(r"1 to (\d+) characters on one line")
TEXT_BYTES_MAX = 10_000  # Of any text; see src/platform/schema/json.cpp.

ODD_TEXTS = [
    "", " ", "\0", "a\0b", "\x01", "\x7f", "\x85", "\u2028", "\u200f\u202ereversed", "\ufeffmark",
    "\u0645\u0631\u062d\u0628\u0627", "\u05d0" * 100, "e\u0301" * 60, "Z\u0351\u036b\u0343" * 20,
    "\ufffe", "\U0010ffff", "\U0001f469\u200d\U0001f4bb" * 30, "\u0130\u0131\u00df", "a\r\nb: c",
    "x" * 100, "x" * 101, "\u00e9" * 256, "x" * 9_999, "\U0001f600" * 2_400, "%00", "%s%n%x", "%",
    "_", "\\", "\\\\", "'", "''; drop table users; --", '"', "{}", "{{name}}", "{{{content}}}",
    "$1", "${x}", "../../etc/passwd", "null", "NaN", "0x10", "1e5", "-1", "=1+1", "@SUM(A1)",
    "<script>alert(1)</script>", "\t\n", "infinity", "a" + "\u0300" * 99,
]
ODD_TIMES = [
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z",
    "-0001-01-01T00:00:00Z", "294277-01-01T00:00:00Z", "2026-02-30T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T23:59:60Z", "1969-12-31T23:59:59Z", "2026-01-01T00:00:00",
    "2026-01-01t00:00:00z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00." + "9" * 500 + "Z",
    "0000-01-01", "0001-01-01", "9999-12-31", "2024-02-29", "2026-13-01", "now", "infinity",
    "epoch", "1e10", "",
]
ODD_URLS = [
    f"https://{HOST}", f"https://{HOST}:443/", f"https://{HOST}/%00", f"https://{HOST}/%",
    "https://",
    f"https://{HOST}/\u00fc", f"https://{HOST}/{{{{x}}}}", "javascript:alert(1)",
    "data:text/html,x",
    f"https://user:word@{HOST}/", f"https://{HOST}/?{'a=b&' * 500}", f"https://{HOST}/#\"><b>",
    "https://[::1]/", "https://[::1", "http://127.0.0.1/", f"//{HOST}/", "https://xn--/",
    f"https://{HOST}:99999/", f"https://{HOST}:0/", "https://" + "a" * 254, f"https://{HOST}/ x",
    f"https://{HOST}/'\"><svg onload=alert(1)>", f"HTTPS://{HOST.upper()}/", "https:example.com",
]
ODD_ADDRESSES = [
    "0.0.0.0/0", "::/0", "::ffff:10.0.0.1/128", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.300", "1",
    "::",
    "fe80::1%eth0", "10.0.0.0/08", "010.0.0.1", "2001:db8::/129",
]
WRONG_NUMBERS = [1.5, 1e300, -1e300, 5e-324, -10**30, 10**30, 2**64]


def kinds_of(shape):
    """The JSON types that a shape allows."""
    kinds = shape.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


class Values:
    """Draws values. `known` has the ids and words that are there, by the names of fields."""

    def __init__(self, draw, shapes, known):
        self._draw = draw
        self._shapes = shapes
        self._known = known
        self._serial = 0

    def resolved(self, shape):
        """The shape itself, of a reference or of what may also be null."""
        if "anyOf" in shape:
            shape = next(each for each in shape["anyOf"] if "$ref" in each)
        return self._shapes.named(shape["$ref"]) if "$ref" in shape else shape

    def good(self, shape, name=""):
        """What fits the shape, and mostly what its rule says too."""
        draw = self._draw
        nullable = "anyOf" in shape or "null" in kinds_of(shape)
        if nullable and draw.random() < 0.15:
            return None
        shape = self.resolved(shape)
        if "enum" in shape:
            return draw.choice([word for word in shape["enum"] if word is not None])
        kind = next((each for each in kinds_of(shape) if each != "null"), "null")
        if kind == "string" and name in self._known:
            return draw.choice(self._known[name])
        return getattr(self, f"_{kind}")(shape, name)

    def _null(self, _shape, _name):
        return None

    def _boolean(self, _shape, _name):
        return self._draw.random() < 0.5

    def _integer(self, shape, _name):
        low, high = shape.get("minimum", 0), shape.get("maximum", 1_000)
        return self._draw.choice([low, high, self._draw.randint(low, min(high, low + 1_000))])

    def _array(self, shape, name):
        return [self.good(shape["items"], name) for _ in range(self._draw.randint(0, 3))]

    def _object(self, shape, _name):
        wanted = set(shape.get("required", ()))
        return {name: self.good(inner, name) for name, inner in shape.get("properties", {}).items()
                if name in wanted or self._draw.random() < 0.5}

    def _string(self, shape, name):
        draw = self._draw
        self._serial += 1
        rule = shape.get("x-rule", "")
        if shape.get("format") == "date-time" or rule.startswith("a time such as"):
            first = {"expires_at": 2090, "to": 2027}.get(name, 2022)
            return f"{draw.randint(first, first + 4)}-07-01T12:30:00Z"
        if shape.get("format") == "date":
            return f"2026-0{draw.randint(1, 9)}-01"
        if match := LINE.fullmatch(rule):
            return self._line(int(match.group(1)))
        return {
            "": lambda: "text",
            "1 to 1000 characters": lambda: self._line(1_000) + "\n\tand more",
            "1 to 100000 characters": lambda: self._line(1_000) * 100,
            "1 to 256 bytes of text": lambda: f"copper kettle {self._serial} of the north",
            "4 to 100 characters": lambda: "open sesame" + self._line(60),
            "1 to 8 digits": lambda: str(draw.randint(0, 99_999_999)),
            "3 to 64 of a-z, 0-9, - and _, and no reserved word":
                lambda: f"fuzz-{self._serial}-{draw.randint(0, 10**9)}",
            "a decimal such as \"39.00\"": lambda: f"{draw.randint(0, 999)}.50",
            "a positive decimal of at most 18 digits": lambda: f"0.{draw.randint(1, 10**9)}",
            "a text of at most 50 characters, or a whole number":
                lambda: draw.choice(["", "7", self._line(50)]),
            "the value of the visitor's cookie": lambda: "0" * 32,
            "a currency code such as USD": lambda: draw.choice(["USD", "EUR"]),
            "a domain such as acme.com": lambda: f"fuzz{self._serial}.example",
            "a colour such as #2361ce": lambda: f"#{draw.randint(0, 0xffffff):06x}",
            "a country's code of two capital letters": lambda: draw.choice(["US", "DE", "JP"]),
            "a host such as quote.example.com, or *.example.com, with :port when it is not the "
            "usual": lambda: draw.choice([HOST, "*.example.org", "a.example.net:8443"]),
            "a time zone such as America/Chicago":
                lambda: draw.choice(["UTC", "Asia/Kolkata", "Pacific/Kiritimati",
                                     "America/Chicago"]),
            "an absolute https address of at most 2,048 characters":
                lambda: f"https://{HOST}/{'a' * draw.choice([0, 9, 2_000])}?q={self._serial}",
            "an address or a block such as 10.0.0.0/8":
                lambda: draw.choice(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]),
            "an e-mail address": lambda: f"fuzz{self._serial}.{draw.randint(0, 10**9)}@example.org",
        }[rule]()

    def _line(self, length_max):
        """Text for people that is to be taken, however odd it looks."""
        text = self._draw.choice(["Plain words", "<b>&amp;\"'", "\u202ereversed", "=1+1",
                                  "{{name}}",
                                  "\U0001f69a \u0645\u0631\u062d\u0628\u0627",
                                  "\u00c9" * length_max])
        return text[:length_max]

    def wrong(self, shape):
        """A value that cannot fit."""
        inner = self.resolved(shape)
        kinds = kinds_of(inner)
        numbers = WRONG_NUMBERS + [inner[name] + step
                                   for name, step in (("minimum", -1), ("maximum", 1))
                                   if name in inner]
        by_kind = {"string": ["text", ""], "integer": [7, 0], "array": [["list"], []],
                   "object": [{"an": "object"}, {}], "boolean": [True], "null": [None]}
        nullable = "anyOf" in shape or "null" in kinds
        values = [value for kind, some in by_kind.items() if kind not in kinds for value in some
                  if not (kind == "null" and nullable)]
        values += numbers if "integer" in kinds else WRONG_NUMBERS
        if "string" in kinds:
            if "100000" not in inner.get("x-rule", ""):
                values += ["x" * (TEXT_BYTES_MAX + 1), "\u20ac" * TEXT_BYTES_MAX]
            if "x-rule" in inner or "enum" in inner or "format" in inner:
                values.append("")
        return self._draw.choice(values)

    def odd(self, shape):
        """A value that may fit or not, and that nobody expects."""
        inner = self.resolved(shape)
        kinds, rule = kinds_of(inner), inner.get("x-rule", "")
        if "array" in kinds:
            item = self.odd(inner["items"])
            return self._draw.choice([[], [item], [item] * 51, [item] * 501, [item] * 1_001])
        if "object" in kinds:
            if "properties" not in inner:
                return self._draw.choice([{}, {"x" * 65: "y"}, {"": None}, {"and": [{"or": []}]},
                                          {"field": "amount", "at_least": "1e9"}, {"a": {"b": 1}}])
            return {name: self.odd(each) for name, each in inner["properties"].items()}
        if "integer" in kinds:
            return self._draw.choice([0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, -2**63])
        if "format" in inner or "time such as" in rule:
            return self._draw.choice(ODD_TIMES)
        texts = (ODD_URLS if "https" in rule else ODD_ADDRESSES if "block" in rule else ODD_TEXTS)
        return self._draw.choice(texts + ODD_TEXTS)
