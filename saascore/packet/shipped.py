"""Where the fixtures and samples that come with saascore are: in the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

import saascore


def shipped(*parts: str) -> Path | None:
    """Return the path of a shipped file, or ``None`` where it is in neither place."""
    package = Path(saascore.__file__).parent
    for root in (package / "fixtures", package.parent / "fixtures"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    return None


def shipped_fixtures() -> list[Path]:
    """Return the acceptance and second-product fixtures, the core ones first."""
    found: list[Path] = []
    for parts, pattern in (((), "*.core-fixture.json"), (("second-product",), "*.json")):
        folder = shipped(*parts) if parts else shipped(".")
        found.extend(sorted(folder.glob(pattern)) if folder is not None else ())
    return found
