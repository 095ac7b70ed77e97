"""The walk over structured values: every leaf is inspected under its name, every name as a value of its own.

It keeps its own stack: a container is a generator that inspects its leaves and yields the containers inside, so no
input is nested too deeply for the stack of the machine (WebAssembly's ends the program when it is used up).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from saascore.privacy.beside import Beside, Located, Place, may_stand_apart
from saascore.privacy.findings import Hit
from saascore.privacy.freetext import WHOLE
from saascore.privacy.inspect import Inspector
from saascore.privacy.jsontext import MAX_NESTING, Pairs
from saascore.privacy.keys import NO_KEY, KeyClass
from saascore.privacy.placeholder import is_placeholder
from saascore.privacy.rule import CATEGORIES, Magic, Pattern, Prefix, Shape, Url
from saascore.privacy.tokens import is_media

_SCHEMA_PARENTS = frozenset(("properties", "$defs", "definitions", "patternProperties", "dependentRequired"))
_COUNTED_STARTS = (
    "by_",
    "by-",
    "per_",
    "counts",
    "totals",
    "histogram",
    "distribution",
    "number_of",
    "num_",
    "count_",
)
_TALLIES = ("by_", "per_")
_CATEGORIES = frozenset(CATEGORIES)
_COUNTS = KeyClass(allow="count")
# Where one name tells what kind of value another holds: a hash beside its algorithm, the id of a notebook's cell.
_TOLD = (
    ("alg", "content", KeyClass(allow="digest")),
    ("alg", "value", KeyClass(allow="digest")),
    ("algorithm", "value", KeyClass(allow="digest")),
    ("cell_type", "id", KeyClass(allow="commit")),
)
MAX_PLANS = 4096
_FORMS = frozenset(("email", "card", "ip", "phone", "iban", "local-address"))


class _Plan(NamedTuple):
    """What the names of an object mean.

    Args:
        keys: What each name says of its value.
        raw: Names that are findings themselves.
        counts: Whether the object's own name says that it holds counts.
        special: Whether the names may say something together, or one of them condemns what it names.
    """

    keys: tuple[KeyClass, ...]
    raw: frozenset[str]
    counts: bool
    special: bool


class _Inner(NamedTuple):
    """A value still to be walked, and what is known of it.

    Args:
        value: The value.
        key: What its name says.
        name: Its name; that of the array for an item.
        place: Where it stands.
        counted: Whether a name above calls its numbers counts.
    """

    value: object
    key: KeyClass
    name: str
    place: Place | None
    counted: bool


class Walk(Beside):
    """Walks one value at a time and counts the leaves it saw."""

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self._names: set[str] = set()
        self._plans: dict[tuple[str, tuple[str, ...]], _Plan] = {}
        self.explained: list[tuple[Place | None, str]] | None = None

    def value(self, value: object, *, counted: bool = False) -> list[Located]:
        """Inspect a decoded JSON value, or Python's own dictionaries, lists and scalars.

        Args:
            value: The value.
            counted: Whether every number in it is known to be a count.
        """
        found: list[Located] = []
        stack = [self._open(_Inner(value, NO_KEY, "", None, counted), found)]
        while stack:
            inner = next(stack[-1], None)
            if inner is None:
                stack.pop()
            elif len(stack) > MAX_NESTING:
                self._stop("limit", inner.place, found)
            else:
                stack.append(self._open(inner, found))
        return found

    def _open(self, inner: _Inner, found: list[Located]) -> Iterator[_Inner]:
        """Inspect a value; yield the containers in it."""
        value, key, _, place, counted = inner
        if isinstance(value, str):
            self.values += 1
            hits = self._inspector.value(value, key)
            if hits:
                found.extend(Located(hit, place) for hit in hits)
            elif self.explained is not None:
                self.explained.append((place, self._inspector.reason(value, key)))
        elif value is None or isinstance(value, (int, float)):
            self.values += 1
            if not (value is None or isinstance(value, bool)):
                found.extend(
                    Located(hit, place) for hit in self._inspector.number(value, key, counted=counted)
                )
        elif isinstance(value, (Pairs, Mapping)):
            yield from self._object(value, inner, found)
        elif isinstance(value, (bytes, bytearray, memoryview)):
            self._bytes(bytes(value), place, found)
        elif isinstance(value, (Sequence, set, frozenset)):
            yield from self._array(list(value), inner, found)
        elif callable(dump := getattr(value, "model_dump", None)):
            yield inner._replace(value=dump(mode="json", exclude_none=True))
        else:
            self.values += 1
            found.extend(Located(hit, place) for hit in self._inspector.value(str(value), key))

    def _object(
        self, value: Pairs | Mapping[object, object], inner: _Inner, found: list[Located]
    ) -> Iterator[_Inner]:
        _, key, name, place, counted = inner
        items: list[tuple[str, object]] = (
            value if isinstance(value, Pairs) else [(str(k), v) for k, v in value.items()]
        )
        plan = self._plan(name, tuple([item[0] for item in items]), place, found)
        if plan.special and self._whole(items, name, place, found):
            return
        counted = counted or plan.counts
        direct = counted or key.allow in {"count", "label"}
        for (child_name, child), child_key in zip(items, plan.keys, strict=True):
            if type(child) is str:
                self.values += 1
                hits = self._inspector.value(child, child_key)
                if hits or self.explained is not None or plan.special:
                    child_place = Place(place, child_name, child_name in plan.raw)
                    self._leaf(child_name, child, child_key, hits, child_place, found)
                continue
            if child is None:
                self.values += 1
                continue
            child_place = Place(place, child_name, child_name in plan.raw)
            if plan.special and (hit := self._by_name(child_name, child, child_key, within=name)):
                found.append(Located(hit, child_place))
                continue
            counted_here = direct if isinstance(child, (int, float)) else counted
            yield _Inner(child, child_key, child_name, child_place, counted_here)

    def _leaf(  # noqa: PLR0917  one leaf and all that is known of it
        self, name: str, text: str, key: KeyClass, hits: list[Hit], place: Place, found: list[Located]
    ) -> None:
        header = self._header(name, text)
        if header is not None:
            found.append(Located(header, place))
        elif hits:
            found.extend(Located(hit, place) for hit in hits)
        elif self.explained is not None:
            self.explained.append((place, self._inspector.reason(text, key)))

    def _plan(self, name: str, names: tuple[str, ...], place: Place | None, found: list[Located]) -> _Plan:
        """Say what the names of an object mean; objects of one shape are read once."""
        known = self._plans.get((name, names))
        if known is not None:
            return known
        raw = frozenset(child for child in names if self._is_raw_name(child, name, place, found))
        keys = tuple(self._read(child, name) for child in names)
        rules = self._inspector.rules
        own = frozenset(names)
        if told := {child: key for other, child, key in _TOLD if other in own}:
            keys = tuple(told.get(child, key) for child, key in zip(names, keys, strict=True))
        if len(own) > 1 and own <= _CATEGORIES:
            keys = (_COUNTS,) * len(names)  # a tally of findings names what it counts
        plan = _Plan(
            keys=keys,
            raw=raw,
            counts=name.lower().startswith(_COUNTED_STARTS),
            special=bool(
                rules.may_be_envelope(own)
                or may_stand_apart(own)
                or any("-" in child and rules.header(child) for child in names)
                or any(key.rule is not None and key.rule.category in WHOLE for key in keys)
            ),
        )
        if not raw and len(names) <= 64 and len(self._plans) < MAX_PLANS:
            self._plans[name, names] = plan
        return plan

    def _whole(
        self, items: list[tuple[str, object]], name: str, place: Place | None, found: list[Located]
    ) -> bool:
        """Inspect what an object's names say together; true where they say that all of it is raw."""
        if name in _SCHEMA_PARENTS:
            return False
        skeleton = self._inspector.rules.envelope(items)
        if skeleton is not None:
            found.append(Located(Hit(skeleton, ""), place))
            return True
        found.extend(self.members(items, place))
        return False

    def _by_name(self, name: str, child: object, key: KeyClass, *, within: str) -> Hit | None:
        """Inspect a member that its name alone condemns: a header, a raw body, a gateway's metadata."""
        if header := self._header(name, child):
            return header
        holds = isinstance(child, (Pairs, Mapping)) and len(child) > 0
        if key.rule is not None and key.rule.category in WHOLE and holds and within not in _SCHEMA_PARENTS:
            return Hit(key.rule, "")
        return None

    def _header(self, name: str, value: object) -> Hit | None:
        """Inspect a member that is a protocol header by its name: gateways' headers tell by being there."""
        if "-" not in name or isinstance(value, (Pairs, Mapping, list)) or value is None:
            return None
        rule = self._inspector.rules.header(name)
        return Hit(rule, str(value)) if rule and not is_placeholder(str(value)) else None

    def _is_raw_name(self, name: str, above: str, place: Place | None, found: list[Located]) -> bool:
        """Inspect a name as a value; clean names are remembered."""
        if name in self._names:
            return False
        hits = self._inspector.text(name)
        if hits and above.startswith(_TALLIES) and hits[0].rule.category == "opaque":
            # by_user: {...}: the names are what is counted.
            hits = self._inspector.value(name, self._read(above.partition("_")[2] + "_id")) or hits
        header = self._inspector.rules.header(name) if "-" in name else None
        if hits:
            found.extend(Located(hit, Place(place, name, hidden=True)) for hit in hits)
            return True
        if header is None and len(name) <= 64 and len(self._names) < 20_000:
            self._names.add(name)
        return False

    def _array(self, items: list[object], inner: _Inner, found: list[Located]) -> Iterator[_Inner]:
        _, key, name, place, counted = inner
        if len(items) > 3 and self._is_media_array(items, place, found):
            return
        before = len(found)
        # Integers below a plural name are its ids; a single one would be its count.
        key = replace(key, plural=False) if key.plural and len(items) > 1 else key
        for index, item in enumerate(items):
            yield _Inner(item, key, name, Place(place, index), counted)
        texts = [item for item in items if isinstance(item, str)]
        if 2 <= len(items) == len(texts) <= 4096:
            self._lines(texts, place, found, before)
        named = any(located.hit.rule.category != "opaque" for located in found[before:])
        if not named and 2 <= len(items) <= 4096 and all(isinstance(item, str) for item in items):
            self._joined([str(item) for item in items], key, place, found, before)

    def _lines(self, texts: list[str], place: Place | None, found: list[Located], before: int) -> None:
        """Inspect the strings of an array as the lines of a document, such as the output of a notebook's cell."""
        ended = all(text.endswith("\n") for text in texts[:-1])
        if ended or texts[0].lstrip()[:1] in {"<", "{"}:
            whole = self._inspector.inner(("" if ended else "\n").join(texts), "lines")
            known = {located.hit.rule.category for located in found[before:]}
            found.extend(
                Located(hit, place)
                for hit in whole
                if hit.rule.category not in known and not (known and hit.rule.category == "opaque")
            )

    def _joined(
        self, items: list[str], key: KeyClass, place: Place | None, found: list[Located], before: int
    ) -> None:
        """Inspect the strings of an array as one text: the pieces of one value."""
        joined = "".join(items)
        if len(joined) < 65_536:
            hits = [hit for hit in self._inspector.value(joined, key) if key.rule or _tells_by_form(hit)]
            if any(hit.rule.category != "opaque" for hit in hits):
                del found[before:]  # the whole has the better name
            found.extend(Located(Hit(hit.rule, hit.found, 0, ("joined", *hit.layers)), place) for hit in hits)

    def _is_media_array(self, items: list[object], place: Place | None, found: list[Located]) -> bool:
        head = items[:16]
        if not all(type(item) is int and 0 <= item <= 255 for item in head):
            return False
        data = bytes(item for item in head if isinstance(item, int))
        for rule, magic in self._inspector.rules.magic:
            if len(magic.start) > 1 and is_media(data, magic.start, magic.then, magic.offset):
                found.append(Located(Hit(rule, "", 0, ("bytes",)), place))
                return True
        return False

    def _bytes(self, data: bytes, place: Place | None, found: list[Located]) -> None:
        self.values += 1
        for rule, magic in self._inspector.rules.magic:
            if is_media(data, magic.start, magic.then, magic.offset):
                found.append(Located(Hit(rule, ""), place))
                return
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self._stop("binary", place, found)
            return
        found.extend(Located(hit, place) for hit in self._inspector.text(text))

    def _stop(self, reason: str, place: Place | None, found: list[Located]) -> None:
        found.append(Located(Hit(self._inspector.rules.shapes[reason], ""), place))


def _tells_by_form(hit: Hit) -> bool:
    """Whether a rule knows what it found by its form alone, so that it may be trusted with joined pieces."""
    detector = hit.rule.detector
    return isinstance(detector, (Prefix, Pattern, Url, Magic)) or (
        isinstance(detector, Shape) and detector.name in _FORMS
    )
