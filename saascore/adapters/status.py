"""What discovery found, as data: each entry point is loaded, disabled or broken."""

from __future__ import annotations

from dataclasses import dataclass
from re import fullmatch, sub
from typing import Any, Literal

from saascore.contract.labels import label_problem
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.words import LABEL
from saascore.errors import ERRORS

Stage = Literal["id", "conflict", "import", "api", "hooks"]
_VERSION = r"[0-9]+(\.[0-9]+){0,3}([.+-]?[a-z0-9]+){0,6}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an adapter: the error's id, the hook, and what was found.

    ``text`` holds names of the adapter's source and metadata only, never a value that it was given.
    """

    code: str
    text: str
    hook: str | None = None

    @property
    def cure(self) -> str:
        """What to do about it."""
        return ERRORS[self.code].cure

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """An adapter that passed every check and can be called."""

    id: str
    distribution: str | None
    version: str | None
    api: int
    plugin: Any
    hooks: frozenset[str]

    @property
    def origin(self) -> AdapterOrigin:
        """The adapter, its distribution and its version, as outcomes and packets name them."""
        return origin_of(self.id, self.distribution, self.version)


@dataclass(frozen=True, slots=True)
class Disabled:
    """An adapter that ``setting`` disables. It was not imported."""

    id: str
    distribution: str | None
    version: str | None
    setting: str


@dataclass(frozen=True, slots=True)
class Broken:
    """An adapter that cannot be called: the stage it failed at and everything that is wrong there."""

    id: str
    distribution: str | None
    version: str | None
    stage: Stage
    problems: tuple[Problem, ...]

    @property
    def reason(self) -> str:
        """Everything that is wrong, in one text."""
        return "; ".join(map(str, self.problems))

    @property
    def cure(self) -> str:
        """What to do about each kind of problem, once each."""
        return " ".join(dict.fromkeys(problem.cure for problem in self.problems))


Status = Loaded | Disabled | Broken


def is_public_id(adapter_id: str) -> bool:
    """Tell whether an id is a public label."""
    return bool(len(adapter_id) <= 64 and fullmatch(LABEL, adapter_id)) and label_problem(adapter_id) is None


def origin_of(adapter_id: str, distribution: str | None, version: str | None) -> AdapterOrigin:
    """Return the public origin; a distribution or version that is no public word is left out."""
    name = sub(r"[._-]+", "-", distribution).lower() if distribution else None
    return AdapterOrigin(
        adapter=adapter_id,
        distribution=name if name and is_public_id(name) else None,
        version=version if version and len(version) <= 40 and fullmatch(_VERSION, version) else None,
    )
