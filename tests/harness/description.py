"""The OpenAPI document of a running program, and a client that holds answers against it."""
import re
import urllib.parse

from harness.client import ApiClient
from harness.shapes import Shapes
from harness.suite import equal, expect

PREFIX = "/api/v1"


class Description:
    """The OpenAPI document of a running program."""

    def __init__(self, document):
        self.document = document
        self.shapes = Shapes(document)
        self.operations = {}
        for path, methods in document["paths"].items():
            pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
            for method, operation in methods.items():
                self.operations[method.upper(), path] = (pattern, operation)

    def find(self, method, target):
        """(path, operation) of a request, or (None, None)."""
        path = urllib.parse.urlsplit(target).path.removeprefix(PREFIX)
        found = [(name, operation) for (verb, name), (pattern, operation) in self.operations.items()
                 if verb == method and pattern.fullmatch(path)]
        # A path without a hole goes first.
        return min(found, key=lambda pair: pair[0].count("{"), default=(None, None))

    def with_body(self):
        """(method, path, shape of the body) of every operation that takes JSON."""
        for (method, path), (_, operation) in self.operations.items():
            if "requestBody" in operation:
                shape = operation["requestBody"]["content"]["application/json"]["schema"]
                yield method, path, self.shapes.named(shape["$ref"])

    def offences(self, method, target, answer):
        """What an answer has that the description does not promise."""
        path, operation = self.find(method, target)
        kind = answer.headers.get("content-type", "")
        if operation is None:
            return [] if answer.status in (404, 405) else [f"{answer.status} off the routes"]
        if answer.status == 405:
            return []
        promised = operation["responses"].get(str(answer.status))
        if promised is None:
            return [f"{answer.status} of {path} is not described: {answer.body[:200]!r}"]
        if "content" not in promised:
            return [] if not answer.body else [f"{answer.status} of {path} has a body"]
        if kind.split(";")[0] not in promised["content"]:
            return [f"{path} answers {kind!r}, described are {list(promised['content'])}"]
        if not kind.startswith(("application/json", "application/problem+json")):
            return []
        shape = promised["content"][kind.split(";")[0]].get("schema", {})
        return self.shapes.offences(shape, answer.json())


def is_problem(answer, status=None, field=None):
    """RFC 9457, and the field that is to blame."""
    what = f"{answer.status} {answer.body[:300]!r}"
    if status:
        equal(answer.status, status, what)
    expect(answer.headers.get("content-type", "").startswith("application/problem+json"), what)
    problem = answer.json()
    equal(problem["status"], answer.status, what)
    equal(problem["request_id"], answer.headers.get("x-request-id"), what)
    if field:
        fields = [error["field"] for error in problem["errors"]]
        expect(field in fields, f"{field} among {fields}: {what}")
    return problem


class CheckedClient(ApiClient):
    """A client of a site (its `program`, and its `description` once there is one) whose every
    answer must be as described. `answered` has the operations that did what was asked."""
    answered = set()

    def __init__(self, site, **options):
        super().__init__(site.program.port, **options)
        self.site = site
        self._permissions = None

    def may(self, method, path):
        """Whether the route of a path of the description is for whom is signed in, as long as that
        is nobody else than at the first question."""
        if self._permissions is None:
            self._permissions = self.get("/me").json()["permissions"]
        _, operation = self.site.description.operations[method, path]
        return operation.get("x-permission") in (None, *self._permissions)

    def request(self, method, path, body=None, query=None, headers=None):
        answer = super().request(method, path, body, query, headers)
        target = path if path.startswith(self.ROOTS) else PREFIX + path
        if not target.startswith(PREFIX) or not self.site.description:
            return answer
        offences = self.site.description.offences(method, target, answer)
        expect(not offences, f"{method} {target}: {'; '.join(offences[:5])}")
        if answer.status >= 400:
            is_problem(answer)
        else:
            _, operation = self.site.description.find(method, target)
            self.answered.add(operation["operationId"])
        return answer
