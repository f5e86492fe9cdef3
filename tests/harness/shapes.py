"""Does JSON have the shape that an OpenAPI document promises? JSON Schema 2020-12, as far as the
document uses it; another keyword is an error, lest it be overlooked."""
import datetime
import re

NOTES = {"description", "x-rule", "example", "examples", "title", "default"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int, "number": (int, float)}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Shapes:
    """The shapes of one document."""

    def __init__(self, document):
        self._document = document

    def offences(self, shape, value, place="$"):
        """Everything in `value` that does not fit, a line each; empty when it fits. A member that
        the shape does not name is one too."""
        if "$ref" in shape:
            return self.offences(self.named(shape["$ref"]), value, place)
        found = []
        for keyword, wanted in shape.items():
            if keyword in NOTES or keyword == "required":
                continue
            check = getattr(self, f"_{keyword}", None)
            if check is None:
                raise AssertionError(f"{place}: the shape has the unknown keyword {keyword}")
            found += check(wanted, value, place, shape)
        return found

    def named(self, reference):
        """What "#/components/schemas/Link" stands for."""
        shape = self._document
        for part in reference.removeprefix("#/").split("/"):
            shape = shape[part]
        return shape

    @staticmethod
    def _type(wanted, value, place, _):
        kinds = wanted if isinstance(wanted, list) else [wanted]
        for kind in kinds:
            if isinstance(value, bool) and kind != "boolean":
                continue
            if isinstance(value, TYPES[kind]):
                return []
        return [f"{place} is {value!r:.80} and not {' or '.join(kinds)}"]

    def _properties(self, wanted, value, place, shape):
        if not isinstance(value, dict):
            return []
        found = [f"{place}.{name} is missing" for name in shape.get("required", ())
                 if name not in value]
        if "additionalProperties" not in shape:
            found += [f"{place}.{name} is not in the shape" for name in value if name not in wanted]
        for name, inner in wanted.items():
            if name in value:
                found += self.offences(inner, value[name], f"{place}.{name}")
        return found

    def _additionalProperties(self, wanted, value, place, shape):  # noqa: N802
        if not isinstance(value, dict):
            return []
        others = set(value) - set(shape.get("properties", ()))
        return [line for name in others
                for line in self.offences(wanted, value[name], f"{place}.{name}")]

    def _items(self, wanted, value, place, _):
        if not isinstance(value, list):
            return []
        return [line for i, one in enumerate(value)
                for line in self.offences(wanted, one, f"{place}[{i}]")]

    def _anyOf(self, wanted, value, place, _):  # noqa: N802
        tries = [self.offences(shape, value, place) for shape in wanted]
        return [] if any(not one for one in tries) else min(tries, key=len)

    @staticmethod
    def _enum(wanted, value, place, _):
        return [] if value in wanted else [f"{place} is {value!r:.80} and none of {wanted}"]

    @staticmethod
    def _minimum(wanted, value, place, _):
        return [f"{place} is below {wanted}"] if isinstance(value, int) and value < wanted else []

    @staticmethod
    def _maximum(wanted, value, place, _):
        return [f"{place} is above {wanted}"] if isinstance(value, int) and value > wanted else []

    @staticmethod
    def _format(wanted, value, place, _):
        if not isinstance(value, str):
            return []
        if wanted == "date-time":
            return [] if DATE_TIME.fullmatch(value) else [f"{place} is {value!r} and no date-time"]
        if wanted == "date":
            try:
                datetime.date.fromisoformat(value)
            except ValueError:
                return [f"{place} is {value!r} and no date"]
        return []
