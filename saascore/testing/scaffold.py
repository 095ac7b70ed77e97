"""A new adapter from the templates of the wheel: a small distribution, green at once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from re import fullmatch
from string import Template

from saascore.contract.labels import label_problem
from saascore.errors import SaascoreError

#: Where each template goes; ``$package`` is the adapter's package.
LAYOUT = {
    "product": {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "__init__.py": "src/$package/__init__.py",
        "rows.ndjson": "src/$package/samples/rows.ndjson",
        "expected.json": "src/$package/samples/expected.json",
        "test_conformance.py": "tests/test_conformance.py",
    },
    "provider": {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "__init__.py": "src/$package/__init__.py",
        "events.ndjson": "src/$package/samples/events.ndjson",
        "test_conformance.py": "tests/test_conformance.py",
    },
}


def write_scaffold(name: str, kind: str, folder: Path) -> list[str]:
    """Write a new adapter's distribution.

    Args:
        name: The adapter's id: lower-case words joined by dashes.
        kind: ``product`` or ``provider``.
        folder: Where to; it must not exist yet.

    Returns:
        The paths written, relative to the folder, in order.

    Raises:
        SaascoreError: ``ADP-203`` where the name or the folder cannot be used, ``INP-004`` for another kind.
    """
    if kind not in LAYOUT:
        raise SaascoreError("INP-004", where="--kind", detail="product or provider")
    if not fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > 64:
        raise SaascoreError(
            "ADP-203", where="NAME", detail="not lower-case words joined by dashes, as in image-studio"
        )
    if problem := label_problem(name):
        raise SaascoreError(
            "ADP-203", where="NAME", detail=f"{problem}: write its words apart, as in pdf-kit"
        )
    if folder.exists():
        raise SaascoreError("ADP-203", where="--out", detail="it exists already")
    words = {"name": name, "package": f"saascore_{name.replace('-', '_')}"}
    templates = files("saascore.testing") / "templates" / kind
    texts = {
        Template(place).substitute(words): Template(
            (templates / f"{source}.tmpl").read_text(encoding="utf-8")
        ).substitute(words)
        for source, place in LAYOUT[kind].items()
    }
    texts[f"src/{words['package']}/py.typed"] = ""
    try:
        for place, text in texts.items():
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SaascoreError("ADP-203", where="--out", detail=type(error).__name__) from None
    return sorted(texts)
