"""HTML, XML and SVG as a stream of blocks and attributes, in linear time whatever the input.

No parser of the standard library fits: what is broken must still be scanned, and hostile input must not slow it down.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import NamedTuple

from saascore.privacy.regex import regex

_TAG = regex(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^<>]*)>|<!--|-->|<![^<>]*>")
_ATTRIBUTE = regex(
    r"([A-Za-z_:@][A-Za-z0-9_:.@-]{0,127})\s{0,8}=\s{0,8}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)
_INLINE_NAMES = (
    "b i em strong span code a small sub sup u s mark kbd abbr tt font wbr var samp q cite tspan label"
)
_INLINE = frozenset(_INLINE_NAMES.split())


_HTML_NAMES = "html head body title style script table thead tbody tfoot tr td th ul ol li dl dt dd p div section article header footer main nav aside h1 h2 h3 h4 h5 h6 pre blockquote figure figcaption form fieldset legend input button select option textarea summary details svg g path text defs rect circle line polyline polygon caption colgroup col link meta time address"
_HTML = frozenset(_HTML_NAMES.split())
MAX_OPEN = 200
# <property name="N" value="V"/>, <meta name="N" content="V">, <add key="N" value="V"/>
_NAMES, _VALUES = frozenset(("name", "key", "property", "k")), frozenset(("value", "content", "v"))


class Event(NamedTuple):
    """A block of text and the tag that ends it, or an attribute with its name."""

    kind: str
    name: str
    text: str
    line: int
    tag: str = ""

    @property
    def element(self) -> str:
        """The name, as written, of the element that the block is all of or that the attribute is of; none of HTML's own."""
        whole = self.kind == "attribute" or self.name.startswith("/")
        return self.tag if whole and self.tag.lower() not in _HTML else ""


def read(text: str) -> Iterator[Event]:
    """Yield the blocks and attributes of a text; inline tags do not part what belongs together."""
    block: list[str] = []
    position, line, raw = 0, 1, ""
    for tag in _TAG.finditer(text):
        closing, name = tag[1] or "", (tag[2] or "").lower()
        if raw and not (closing and name == raw):
            continue
        block.append(text[position : tag.start()])
        line += text.count("\n", position, tag.start())
        position = tag.end()
        if name not in _INLINE:
            # A style sheet names nothing but looks.
            if raw != "style":
                yield Event("block", closing + name, "".join(block), line, tag[2] or "")
            block = []
        raw = name if name in {"style", "script"} and not closing else ""
        if tag[3]:
            named = ""
            for found in _ATTRIBUTE.finditer(tag[3]):
                text_of = html.unescape(found[2] or found[3] or found[4] or "")
                if found[1] in _NAMES:
                    named = text_of
                elif found[1] in _VALUES and named:
                    yield Event("attribute", named, text_of, line, tag[2] or "")
                    continue
                yield Event("attribute", found[1], text_of, line, tag[2] or "")
        line += text.count("\n", tag.start(), tag.end())
    block.append(text[position:])
    yield Event("block", "", "".join(block), line + text.count("\n", position))


class Grid:
    """Collects the cells of tables and definition lists; ``heading`` tells whether the last row was all headings."""

    def __init__(self) -> None:
        self._cells: list[str] = []
        self._term = ""
        self._data = False
        self.heading = False

    def end(self, tag: str, text: str) -> list[str]:
        """Take a block and the tag that ends it; return the cells of a row once it is complete."""
        shown = html.unescape(text).strip()
        if tag in {"/td", "/th"}:
            self._cells.append(shown)
            self._data |= tag == "/td"
        elif tag == "/dt":
            self._term = shown
        elif tag == "/dd" and self._term:
            return [self._term, shown]
        elif tag in {"/tr", "tr"}:
            cells, self._cells = self._cells, []
            self.heading, self._data = not self._data, False
            return cells
        return []


class Tree:
    """Follows which elements stand in which, as far as skeletons of bodies need it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, object]]] = []

    def above(self) -> str:
        """The name of the element that the innermost one stands in."""
        return self._open[-2][0] if len(self._open) > 1 else ""

    def end(self, tag: str) -> list[tuple[str, object]]:
        """Take a tag; return the members of the element that it closes."""
        if not tag or tag.startswith("!"):
            return []
        if not tag.startswith("/"):
            if len(self._open) < MAX_OPEN:
                self._open.append((tag, {}))
            return []
        name = tag[1:]
        if not any(opened == name for opened, _ in self._open[-8:]):
            return []
        while True:
            opened, members = self._open.pop()
            if self._open:
                self._open[-1][1].setdefault(opened, members)
            if opened == name:
                return list(members.items())
