"""Documents: what structure a text has, and where in it each value stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

from saascore.privacy import blocks, markup
from saascore.privacy.beside import Located, is_name_field
from saascore.privacy.columns import Columns
from saascore.privacy.findings import Hit, Mark
from saascore.privacy.inserts import Inserts
from saascore.privacy.inspect import Inspector
from saascore.privacy.jsontext import Pairs, decode
from saascore.privacy.keys import KeyClass
from saascore.privacy.layers import fold
from saascore.privacy.literals import decode_either, decode_literal
from saascore.privacy.regex import regex
from saascore.privacy.rule import Pattern, Prefix, Url
from saascore.privacy.tables import Table, split
from saascore.privacy.walk import Walk

MAX_DOCUMENT = 64 << 20
MAX_LINE = 16 << 20

_YAML_LINE = regex(r"([ \t]*)(?:- +)?[\"']?([A-Za-z_$][A-Za-z0-9_.$-]{0,63})[\"']?[ \t]*:(?:[ \t]+(.*))?")
# A block of HCL, and a value in it.
_OPENED = regex(r"[ \t]*([A-Za-z_][A-Za-z0-9_]{0,63})[ \t]+\{[ \t]*")
_SET = regex(r"[ \t]+([A-Za-z_][A-Za-z0-9_]{0,63})[ \t]*=[ \t]*(\"[^\"]{1,4096}\"|[0-9]{1,40})[ \t]*")
_ITEM = regex(r"([ \t]*)- +[\"']?([^\s:#\"'&*\[{!]{1,4096})[\"']?[ \t]*")
_FREE_ATTRIBUTES = frozenset(
    ("id", "for", "name", "src", "href", "width", "height", "content", "value", "code", "key")
)
# What these end is judged with the row that it belongs to.
_CELLS = frozenset(("/td", "/th", "/dt", "td", "th", "dd"))
MAX_WRAPPED = 512
_FORM = regex(
    r"[A-Za-z_][A-Za-z0-9_.\[\]%-]{0,80}=[^&\s]*(?:&[A-Za-z_][A-Za-z0-9_.\[\]%-]{0,80}=[^&\s]*){1,200}"
)
_IN = regex(
    r"\b([A-Za-z_][A-Za-z0-9_]{0,63})[\"`\]]?\s{1,4}(?:NOT\s{1,4})?IN\s{0,4}\(([^()]{1,4096})\)",
    re.IGNORECASE,
)
_WORDS = regex(r"[\"'\s]")
_WRAP_START = regex(r"[ \t>#*/-]{0,12}([A-Za-z0-9_=+/-]{3,})")


class Documents:
    """Scans texts of any format with one inspector and one walk."""

    def __init__(self, inspector: Inspector, walk: Walk) -> None:
        self._inspector = inspector
        self._walk = walk

    def text(self, text: str, name: str) -> Iterator[Mark]:
        """Scan a whole text: the format follows from its name and first characters."""
        text = text.removeprefix("\ufeff")
        first = text.lstrip()[:1]
        lower = name.lower()
        if first and first in "{[" and (whole := self._json(text)) is not None:
            yield from whole
        elif first == "<" or lower.endswith((".html", ".htm", ".xml", ".svg", ".xhtml")):
            yield from self._markup(text)
        else:
            yield from self.lines(text.split("\n"), name)

    def _decode(self, text: str) -> object:
        return decode_either(text) if self._inspector.strict else decode(text)

    def _json(self, text: str, line: int = 0) -> list[Mark] | None:
        try:
            value = decode(text) if "\n" in text else self._decode(text)
        except ValueError:
            return self._source(text, line) if "\n" in text and self._inspector.strict else None
        except RecursionError:
            return [Mark(Hit(self._inspector.rules.shapes["limit"], ""), line)]
        return [_mark(located, line) for located in self._walk.value(value)]

    def _source(self, text: str, line: int) -> list[Mark] | None:
        """Scan lines of source that are one literal for a body; ``None`` without one, since line by line tells more exactly."""
        try:
            marks = [_mark(located, line) for located in self._walk.value(decode_literal(text))]
        except (ValueError, RecursionError):
            return None
        return marks if any(mark.hit.rule.category == "raw-webhook-payload" for mark in marks) else None

    def lines(self, lines: Iterable[str], name: str) -> Iterator[Mark]:
        """Scan a stream of lines: NDJSON, CSV, YAML, logs, Markdown, source, prose. Memory holds one block."""
        lower = name.lower()
        table = Table(self._walk, self._inspector, lower)
        nested = _Nesting(self._inspector, self._walk, strict=lower.endswith((".yaml", ".yml")))
        previous = ""
        for block in blocks.read(lines):
            if block.kind == "line" or not self._inspector.strict:
                for number, line in enumerate(block.lines or (block.text,), start=block.first):
                    marks = list(self._one(line, number, table, nested))
                    if not marks and previous and self._inspector.strict:
                        marks = list(self._wrapped(previous, line, number))
                    yield from marks
                    previous = "" if marks or line[:1] in {"{", "["} else line
            else:
                yield from self._whole(block, table, nested)
                previous = ""

    def _whole(self, block: blocks.Block, table: Table, nested: _Nesting) -> Iterator[Mark]:
        """Scan lines that belong together: as what they are together, else one by one."""
        together = self._together(block)
        if together is not None:
            for outer in block.around:
                yield from self._one(outer, block.first, table, nested)
            yield from together
            return
        pieces = [line.strip() for line in block.lines]
        if block.kind == "joined" or (len(pieces) > 1 and blocks.is_folded(pieces)):
            joined = block.text if block.kind == "joined" else "".join(pieces)
            marks = list(self._one(joined, block.first, table, nested))
            yield from marks
            if marks:
                return
        for number, line in enumerate(block.lines, start=block.first):
            yield from self._one(line, number, table, nested)

    def _together(self, block: blocks.Block) -> list[Mark] | None:
        """Scan a block as the data or document that it is; ``None`` where it is neither."""
        if block.kind == "base64":
            hits = self._inspector.peeled(block.text, 0)
        elif block.kind == "dump":
            hits = self._inspector.data(bytes.fromhex(block.text), "hex")
        elif block.kind == "document" and block.text.lstrip()[:1] == "<":
            return [mark._replace(line=mark.line + block.first - 1) for mark in self._markup(block.text)]
        elif block.kind == "document" and block.text.lstrip()[:1] in {"{", "["}:
            return self._json(block.text, block.first)
        else:
            return None
        return None if hits is None else [Mark(hit, block.first) for hit in hits]

    def _one(self, line: str, number: int, table: Table, nested: _Nesting) -> Iterator[Mark]:
        if len(line) > MAX_LINE:
            yield Mark(Hit(self._inspector.rules.shapes["limit"], ""), number)
            return
        if line[:1] in {"{", "["} and (whole := self._json(line, number)) is not None:
            yield from whole
            return
        yield from self._line(line, number, table, nested)

    def _line(self, line: str, number: int, table: Table, nested: _Nesting) -> Iterator[Mark]:
        self._walk.values += 1
        if not line or line.isspace():
            table.end()
            nested.columns.end()
            return
        cells = nested.inserts.line(line) if self._inspector.strict else None
        if cells is None and self._inspector.strict:
            cells = table.row(line)
        if cells is not None:
            yield from (Mark(hit, number) for hit in cells)
            return
        shown = fold(line)
        found = [*nested.line(shown), *self._statement(shown)] if self._inspector.strict else []
        yield from (Mark(hit, number) for hit in found)
        seen = {hit.rule.category for hit in found}
        if (
            shown.lstrip()[:1] == "<"
            and "</" in shown
            and shown.rstrip()[-1:] == ">"
            and self._inspector.strict
        ):
            yield from (mark._replace(line=number) for mark in self._markup(line))
            return
        embedded = self._embedded(line)
        for hit in self._inspector.text(line) if embedded is None else embedded:
            if hit.rule.category not in seen and not (seen and hit.rule.category == "opaque"):
                yield Mark(hit, number, hit.start + 1)

    def _statement(self, line: str) -> Iterator[Hit]:
        """Read what names and values a line sets apart: a list of SQL, the body of a form."""
        if "(" in line and (" IN" in line or " in" in line):
            for listed in _IN.finditer(line):
                for item in split(listed[2], ",", "'"):
                    yield from self._walk.pair(listed[1], item)
        if "&" in line and "=" in line:
            for word in _WORDS.split(line):
                if "&" in word and self._may_be_form(word):
                    members: list[tuple[str, object]] = list(parse_qsl(word, keep_blank_values=True))
                    if skeleton := self._inspector.rules.envelope(members):
                        yield Hit(skeleton, "")

    def _may_be_form(self, word: str) -> bool:
        """Whether a word is the body of a form whose names may be a webhook's; most are the query of an address."""
        names = frozenset(part.partition("=")[0] for part in word.split("&"))
        return self._inspector.rules.may_be_envelope(names) and _FORM.fullmatch(word) is not None

    def single(self, text: str) -> list[Hit] | None:
        """Inspect one line by its structure: the body of a form, or an object that ends it; ``None`` where it has none."""
        text = text.rstrip("\"'`;, ")
        last = _WORDS.split(text)[-1]
        if "&" in last and (skeletons := list(self._statement(last))):
            return skeletons
        return self._embedded(text)

    def _embedded(self, line: str) -> list[Hit] | None:
        """Inspect a log line that ends in an object: the text before it and the object by structure."""
        shown = line.rstrip(" \t;,)")
        at = line.find("{" if shown.endswith("}") else "[")
        if at < 1 or not (shown.endswith("}") or (shown.endswith("]") and "=>" in shown)):
            return None
        try:
            value = self._decode(shown[at:])
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, Pairs) or not value:
            return None
        name = re.search(r"([A-Za-z][A-Za-z0-9_-]{1,60})[\"']?[ \t]*[:=][ \t]*$", line[:at])
        header = self._inspector.rules.header(name[1]) if name else None
        if header is not None:
            return [Hit(header, line[at:])]
        return [*self._inspector.text(line[:at]), *(located.hit for located in self._walk.value(value))]

    def _wrapped(self, previous: str, line: str, number: int) -> Iterator[Mark]:
        """Inspect a token that a line break parts; only rules that know its shape can tell."""
        end = previous[-MAX_WRAPPED:].rstrip(" \t\\").rpartition(" ")[2]
        start = _WRAP_START.match(line[:MAX_WRAPPED])
        if len(end) < 3 or not start or end[-1] in ".,:;!?)":
            return
        for hit in self._inspector.text(end + start[1]):
            if isinstance(hit.rule.detector, (Prefix, Pattern, Url)) and not hit.layers:
                yield Mark(Hit(hit.rule, hit.found, 0, ("wrapped",)), number)
                return

    def _markup(self, text: str) -> Iterator[Mark]:
        """Scan HTML, XML or SVG: attributes by name, tables by heading, text by block."""
        grid, tree, table = markup.Grid(), markup.Tree(), Table(self._walk, self._inspector, "")
        held: list[Mark] = []
        label = ""
        for event in markup.read(text):
            if event.kind == "attribute":
                label = event.text if is_name_field(event.name) else label
                yield from self._attribute(event)
                continue
            held += self._block(event.text, event.line)
            named: list[Hit] = []
            if shown := html.unescape(event.text).strip():
                names = (label, self._walk.below(event.element, tree.above(), shown))
                named += [hit for name in names for hit in self._walk.pair(name, shown)]
            label = ""
            if (members := tree.end(event.name)) and (skeleton := self._inspector.rules.envelope(members)):
                yield Mark(Hit(skeleton, ""), event.line)
            if event.name == "/table":
                table.end()
            elif cells := grid.end(event.name, event.text):
                if grid.heading and event.name != "/dd":
                    table.head(cells)
                named += self._walk.cell(*cells) if event.name == "/dd" else table.cells(cells)
                # A row is judged with its names, so nothing is left to default deny but what it says of the cells.
                held = [mark for mark in held if mark.hit.rule.category != "opaque"]
            if event.name not in _CELLS:
                if any(hit.rule.category != "opaque" for hit in named):
                    held = [mark for mark in held if mark.hit.rule.category != "opaque"]
                yield from (Mark(hit, event.line) for hit in named)
                yield from held
                held = []

    def _block(self, shown: str, last_line: int) -> Iterator[Mark]:
        self._walk.values += 1
        if not shown.strip():
            return
        stripped = shown.strip()
        if (
            stripped[:1] in {"{", "["}
            and (whole := self._json(html.unescape(stripped), last_line)) is not None
        ):
            yield from whole
            return
        if "&lt;" in shown and "\n" in shown:
            yield from (
                Mark(hit, last_line)
                for hit in self._inspector.inner(html.unescape(shown).strip(), "html-entity")
            )
            return
        first = last_line - shown.count("\n")
        for offset, piece in enumerate(shown.split("\n")):
            for hit in self._inspector.text(piece):
                yield Mark(hit, first + offset, hit.start + 1)

    def _attribute(self, event: markup.Event) -> Iterator[Mark]:
        if event.name.lower() in _FREE_ATTRIBUTES:
            self._walk.values += 1
            of = self._walk.below(event.name, event.element, event.text)
            hits = list(self._walk.pair(of, event.text)) or self._inspector.text(event.text)
        else:
            hits = self._walk.cell(event.name.removeprefix("data-").removeprefix("aria-"), event.text)
        yield from (Mark(hit, event.line) for hit in hits)


class _Nesting:
    """Reads nested names by indentation: YAML and what looks like it."""

    def __init__(self, inspector: Inspector, walk: Walk, *, strict: bool) -> None:
        self._inspector = inspector
        self.columns = Columns(walk)
        self.inserts = Inserts(walk, inspector)
        self._strict = strict
        self._stack: list[tuple[int, str]] = []
        self._block = ""

    def line(self, line: str) -> Iterator[Hit]:
        """Inspect a line under the names it stands below and beside."""
        yield from self.columns.line(line)
        if (item := _ITEM.fullmatch(line)) and self._stack and len(item[1]) >= self._stack[-1][0]:
            above = self._stack[-2][1] if len(self._stack) > 1 else ""
            key = self._inspector.rules.keys.read(self._stack[-1][1], above)
            own = self._inspector.rules.keys.read(self._stack[-1][1])
            # The items of a plural are ids; an example of it is its count.
            yield from self._under(replace(key, plural=False) if own.rule else key, item[2])
            return
        found = _YAML_LINE.fullmatch(line)
        if not found:
            yield from self._braced(line)
            return
        indent, name, value = (
            len(found[1]) + (2 if "- " in line[: found.start(2)] else 0),
            found[2],
            (found[3] or "").strip(),
        )
        while self._stack and self._stack[-1][0] >= indent:
            self._stack.pop()
        parent = self._stack[-1][1] if self._stack else ""
        if not value or value in {"|", ">", "|-", ">-"}:
            self._stack.append((indent, name))
            return
        if not (self._strict or parent):
            return
        key = self._inspector.rules.keys.read(name, parent)
        value = re.sub(r"[ \t]+#.*$", "", value).strip("\"'")
        if value[:1] not in "&*[{!":
            yield from self._under(key, value)

    def _braced(self, line: str) -> Iterator[Hit]:
        """Inspect a value that is set in a block of HCL under the block's name and its own."""
        if self._block and (found := _SET.fullmatch(line)):
            yield from self._under(
                self._inspector.rules.keys.read(found[1], self._block), found[2].strip('"')
            )
        elif line[-1:] == "{":
            opened = _OPENED.fullmatch(line)
            self._block = opened[1] if opened else ""
        elif line.lstrip()[:1] == "}":
            self._block = ""

    def _under(self, key: KeyClass, value: str) -> Iterator[Hit]:
        if key.rule is None or not value:
            return
        if value.isdigit():
            yield from self._inspector.number(int(value[:18]), key, counted=False)
        else:
            yield from self._inspector.value(value, key)


def _mark(located: Located, line: int) -> Mark:
    return Mark(located.hit, line, 0, located.place.pointer() if located.place else "")
