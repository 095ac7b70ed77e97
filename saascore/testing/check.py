"""A conformance check as data, and its run: every check has an id, a reason to exist and a way to mend what it finds."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from saascore.adapters.specs import Kind, specs

Problems = Iterator[str]
ResultStatus = Literal["passed", "failed", "not-applicable", "waived", "stale-waiver"]
#: How many problems of one check are shown.
SHOWN = 5


class NotApplicable(Exception):  # noqa: N818  it is no error
    """The adapter has nothing that this check looks at. The text says what is missing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule that an adapter must keep.

    Attributes:
        id: Topic and number, for ever: ``USE-003``.
        kind: Which adapters it concerns; ``None`` for both.
        hooks: The hooks it looks at.
        title: The rule.
        why: What goes wrong where it is broken.
        fix: How to mend it.
        run: Yields one public line for each problem; no line holds a value of a sample.
    """

    id: str
    kind: Kind | None
    hooks: tuple[str, ...]
    title: str
    why: str
    fix: str
    run: Callable[[Any], Problems]


def check(
    check_id: str, hooks: tuple[str, ...], *, why: str, fix: str
) -> Callable[[Callable[[Any], Problems]], Check]:
    """Make a check of a function that yields problems. Its docstring is the rule; its hooks tell the kind."""
    kinds: set[Kind] = {specs()[hook].kind for hook in hooks}
    kind: Kind | None = next(iter(kinds)) if len(kinds) == 1 else None

    def make(run: Callable[[Any], Problems]) -> Check:
        title = (run.__doc__ or "").strip().rstrip(".")
        return Check(check_id, kind, hooks, title, why, fix, run)

    return make


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found."""

    check: Check
    status: ResultStatus
    lines: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether this result lets the adapter pass."""
        return self.status in {"passed", "not-applicable", "waived"}

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {"check": self.check.id, "status": self.status, "lines": list(self.lines)}

    def __str__(self) -> str:
        body = "".join(f"\n  - {line}" for line in self.lines)
        head = f"{self.check.id} {self.check.title}: {self.status}{body}"
        if self.clean:
            return head
        return f"{head}\n  why: {self.check.why}\n  fix: {self.check.fix}"


def run_check(check: Check, subject: Any, waivers: Mapping[str, str]) -> Result:
    """Run one check against an adapter and its samples.

    Args:
        check: The check.
        subject: The adapter with its samples.
        waivers: Reasons by check id. A waived check that fails is let pass; one that would pass, or that looks at
            nothing, makes its waiver stale, which fails.
    """
    reason = waivers.get(check.id)
    try:
        with _environment(subject.environment):
            found = check.run(subject)
            lines = tuple(islice(found, SHOWN))
            if next(found, None) is not None:
                lines += ("and more like these",)
    except NotApplicable as missing:
        if reason is None:
            return Result(check, "not-applicable", (str(missing),))
        lines = ()
    if reason is None:
        return Result(check, "failed" if lines else "passed", lines)
    if lines:
        return Result(check, "waived", (reason,))
    return Result(check, "stale-waiver", ("the check passes without its waiver: take the waiver out",))


@contextmanager
def captured_output() -> Iterator[Callable[[], bool]]:
    """Catch what is printed or logged; the value tells whether anything was."""
    out, records = io.StringIO(), []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    root, handler = logging.getLogger(), Catch(level=logging.DEBUG)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(out), redirect_stderr(out):
            yield lambda: bool(out.getvalue() or records)
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
