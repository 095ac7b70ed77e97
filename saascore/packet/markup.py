"""Building HTML and SVG as a tree, so that whatever is put in as text or attribute comes out escaped."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

Node = Element | str | None


def tag(name: str, /, *children: Node, **attributes: str | int | None) -> Element:
    """Make an element.

    Args:
        name: The element's name.
        *children: Elements and texts in order; ``None`` is left out.
        **attributes: ``class_`` stands for ``class``, other underscores for dashes; ``None`` is left out.
    """
    element = Element(
        name,
        {
            key.rstrip("_").replace("_", "-"): str(value)
            for key, value in attributes.items()
            if value is not None
        },
    )
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                element.text = (element.text or "") + child
            else:
                last.tail = (last.tail or "") + child
        elif child is not None:
            element.append(child)
            last = child
    return element


def to_html(element: Element) -> str:
    """Write an element as HTML."""
    return tostring(element, encoding="unicode", method="html")
