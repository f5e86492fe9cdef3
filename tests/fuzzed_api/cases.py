"""Requests for the operations of the API's description: good ones, and ones broken in one place."""
import dataclasses
import json
import urllib.parse

from fuzzed_api.values import ODD_TEXTS, Values

BODY_BYTES_MAX = 64 * 1024
# Of operations that take more.
LARGE_BODY_BYTES_MAX = {"publishTerms": 640 * 1024, "createImport": 24 * 1024 * 1024}
KEY = "Idempotency-Key"
GOOD_SHARE = 0.4


class Operation:
    """One method of one path."""

    def __init__(self, method, path, document, shapes):
        self.method, self.path = method, path
        self.name = document["operationId"]
        self.permission = document.get("x-permission")
        parameters = document.get("parameters", [])
        self.query = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
        self.takes_id = any(each["in"] == "path" for each in parameters)
        self.takes_key = any(each["name"] == KEY for each in parameters)
        self.body_bytes_max = LARGE_BODY_BYTES_MAX.get(self.name, BODY_BYTES_MAX)
        self.shape, self.needs_body = None, False
        if "requestBody" in document:
            self.needs_body = document["requestBody"].get("required", False)
            schema = document["requestBody"]["content"]["application/json"]["schema"]
            self.shape = shapes.named(schema["$ref"])

    @property
    def may_be_refused(self):
        """Whether anything of a request can be wrong but who sends it."""
        return bool(self.query or self.takes_id or self.takes_key or self.shape)


@dataclasses.dataclass
class Case:
    """A request, and what must become of it."""
    target: str
    body: bytes = None
    headers: dict = dataclasses.field(default_factory=dict)
    what: str = "good"      # How it was broken.
    refused: bool = False   # Whether it must be refused …
    status: int = None      # … with this status when it gets as far as being read …
    blamed: str = None      # … and with this field named, if the status is 422.


def deep(levels, inside="1"):
    return ("[" * levels + inside + "]" * levels).encode()


class Cases:
    """Draws requests. What is drawn depends on the seed and on the objects that are there."""

    def __init__(self, draw, shapes, known):
        self._draw = draw
        self._values = Values(draw, shapes, known)
        self._serial = 0

    def draw(self, operation, ready):
        """A request for the operation on what was made ready for it."""
        case = self._good(operation, ready)
        if self._draw.random() < GOOD_SHARE:
            return case
        breaks = []
        if operation.shape:
            breaks += [self._broken_field, self._broken_field, self._odd_field, self._broken_body]
        if operation.query:
            breaks += [self._broken_query, self._odd_query]
        if operation.takes_id:
            breaks += [self._broken_id]
        if operation.takes_key:
            breaks += [self._broken_key]
        breaks += [self._unknown_query] if operation.query else []
        breaks += [self._needless] if not operation.shape and operation.method != "GET" else []
        if breaks:
            self._draw.choice(breaks)(operation, ready, case)
        return case

    def _good(self, operation, ready):
        case = Case(self._path(operation, ready.id))
        if operation.query:
            query = {name: self._values.good(shape, name) for name, shape in operation.query.items()
                     if self._draw.random() < 0.4 and name != "cursor"} | ready.query
            self._set_query(case, query)
        if operation.shape:
            self._set_body(operation, case, self._fields(operation, ready))
        if operation.takes_key and self._draw.random() < 0.1:
            self._serial += 1
            case.headers[KEY] = f"key {self._serial}"
        return case

    def _fields(self, operation, ready):
        fields = self._values.good({"type": "object", **operation.shape}) | ready.fields
        return {name: value for name, value in fields.items() if value is not ...}

    @staticmethod
    def _path(operation, value):
        return "/api/v1" + operation.path.replace("{id}", value or "")

    @staticmethod
    def _set_query(case, query):
        pairs = [(name, str(value)) for name, value in query.items() if value is not None]
        text = urllib.parse.urlencode(pairs, errors="surrogatepass")
        case.target = case.target.partition("?")[0] + (f"?{text}" if text else "")

    @staticmethod
    def _set_body(operation, case, value):
        case.body = json.dumps(value).encode()
        case.headers["Content-Type"] = "application/json"
        if len(case.body) > operation.body_bytes_max:
            case.refused, case.status = True, 413

    @staticmethod
    def _must(case, what, status, blamed=None):
        case.what, case.refused, case.blamed = what, True, blamed
        case.status = case.status or status

    def _broken_field(self, operation, ready, case):
        """A field of a wrong type, missing, or unknown: found with all others, and named."""
        fields = self._fields(operation, ready)
        name = self._draw.choice(list(operation.shape["properties"]))
        kind = self._draw.choice(["wrong", "wrong", "missing", "unknown"])
        if kind == "missing" and operation.shape.get("required"):
            name = self._draw.choice(operation.shape["required"])
            fields.pop(name, None)
        elif kind == "unknown":
            name = self._draw.choice(["no_such_field", "__proto__", "", "role ", "\0", "\u202e",
                                      "id2",
                                      name.upper(), "x" * 5_000, "a.b", "<b>", "\U0001f600"])
            fields[name] = 1
        else:
            kind = "wrong"
            fields[name] = self._values.wrong(operation.shape["properties"][name])
        self._set_body(operation, case, fields)
        self._must(case, f"{kind} field {name:.40}", 422, name)

    def _odd_field(self, operation, ready, case):
        """A value that may be taken; if it is not, it is named, or what does not go with it."""
        fields = self._fields(operation, ready)
        name = self._draw.choice(list(operation.shape["properties"]))
        fields[name] = self._values.odd(operation.shape["properties"][name])
        self._set_body(operation, case, fields)
        case.what = f"odd field {name}"

    def _broken_body(self, operation, ready, case):
        good = json.dumps(self._fields(operation, ready)).encode()
        name = self._draw.choice(list(operation.shape["properties"]))
        kind = self._draw.choice(["none", "no JSON", "encoding", "surrogate", "deep", "less deep",
                                  "no object", "type", "large", "twice", "many"])
        status = 422 if kind in ("less deep", "no object", "many") else 400
        if kind == "type":
            case.headers["Content-Type"] = self._draw.choice(
                ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "*/*",
                 "application/x-www-form-urlencoded", "application/json5",
                 "\u00e9".encode("latin-1"),
                 "application/" + "j" * 2_000])
        elif kind == "large":
            case.body, status = json.dumps(
                {name: "x" * (operation.body_bytes_max + 1)}).encode(), 413
        elif kind == "twice":
            case.body = good[:-1] + (b", " if good != b"{}" else b"") + json.dumps(
                {name: 1, "also": 1}).encode()[1:]
            status = 422
        else:
            case.body = self._draw.choice({
                "none": [b"", b" ", None],
                "no JSON": [good[:-1], good + good, b"{,}", b"{'a':1}", b"\xef\xbb\xbf" + good,
                            b"NaN",
                            b'{"a":01}', b"// x\n{}", b"[1,]", b'{"a":"\n"}', b"\0"],
                "encoding": [b'{"a":"\xff"}', b'{"\xc0\x80":1}', b'{"a":"\xed\xa0\x80"}',
                             good.decode().encode("utf-16")],
                "surrogate": [json.dumps({name: text}).encode() for text in
                              ("\ud800", "a\udfff", "\udc00\ud800", "x\ud83dx")],
                "deep": [deep(33), deep(10_000), b"[" * 30_000, b'{"a":' * 5_000,
                         b'{"a":' + deep(40) + b"}"],
                "less deep": [b'{"no_such_field":' + deep(20) + b"}", deep(31)],
                "no object": [b"[]", b'"text"', b"null", b"7", b"true", b"[{}]"],
                "many": [json.dumps({f"f{i}": i for i in range(4_000)}).encode()],
            }[kind])
        if kind == "none" and not operation.needs_body:
            case.what = "body: none"
            return
        self._must(case, f"body: {kind}", status)

    def _broken_query(self, operation, _ready, case):
        name = self._draw.choice(list(operation.query))
        shape = operation.query[name]
        is_free = "characters" in shape.get("x-rule", "")
        if "minimum" in shape:
            wrong = ["-1", "9" * 40, "1.5", "0x10", "abc"]
        elif set(shape) & {"enum", "x-rule", "format"} and not is_free:
            wrong = ["\0", "nonsense" * 3, "\ud800", "a" * 2_000]
        else:
            wrong = ["x" * 10_001]
        value = self._draw.choice(wrong)
        self._set_query(case, {name: value})
        self._must(case, f"wrong parameter {name}", 422, name)
        if len(case.target) > 8 * 1024:
            case.status, case.blamed = 414, None

    def _odd_query(self, operation, _ready, case):
        name = self._draw.choice(list(operation.query))
        value = self._values.odd(operation.query[name])
        kind = self._draw.choice(["odd", "odd", "bytes", "repeated", "bare"])
        self._set_query(case, {name: value})
        case.target = case.target.partition("?")[0] + {
            "odd": case.target.partition("?")[1] + case.target.partition("?")[2],
            "bytes": f"?{name}=" + self._draw.choice(["%ff%fe", "%ed%a0%80", "%c0%80", "%", "%zz",
                                                      "%2",
                                                      "+", "%252e", "a%00b"]),
            "repeated": f"?{name}=1&{name}=2&{name}={name}", "bare": f"?{name}&&=&{name}=",
        }[kind]
        case.what = f"odd parameter {name}"

    def _unknown_query(self, _operation, _ready, case):
        name = self._draw.choice(["no_such", "\0", "\u202e", "limit ", "__proto__", "",
                                  "x" * 3_000])
        if name == "":
            many = "&".join(f"p{i}=1" for i in range(101))
            case.target = case.target.partition("?")[0] + "?" + many
            return self._must(case, "too many parameters", 400)
        self._set_query(case, {name: "1"})
        return self._must(case, f"unknown parameter {name:.40}", 422, name.replace("\0", "\ufffd"))

    def _broken_id(self, operation, ready, case):
        value = self._draw.choice(
            ["0", "-1", "null", "lnk_", "lnk_" + "0" * 13, "lnk_" + "z" * 13, "usr_0000000000000",
             "%00", "..%2f..", "'", "%ff", "%F0%9F%98%80", "x" * 4_000, ready.id.upper() + "x",
             ready.id[4:], ready.id + "%20", ready.id[:-1], ready.id + "0", "%", "{id}", ";id"])
        case.target = self._path(operation, value)
        self._must(case, f"no id {value:.30}", 404)

    def _broken_key(self, _operation, _ready, case):
        case.headers[KEY] = self._draw.choice([b"", b"x" * 256, "\u00e9".encode(), b"a\tb",
                                               b"\x80"])
        self._must(case, "no key for a repeat", 422, KEY)

    def _needless(self, _operation, _ready, case):
        """A body where none is read: it is ignored."""
        case.body = self._draw.choice([b"{", b"\xff" * 1_000, json.dumps(ODD_TEXTS).encode(),
                                       b"{}"])
        case.headers["Content-Type"] = self._draw.choice(["application/json", "text/plain"])
        case.what = "a body that nobody asked for"
