"""IDN: workspace references."""

from __future__ import annotations

from saascore.adapters import Failure
from saascore.testing.check import Problems, check
from saascore.testing.subject import ProductSubject, describe

_HOOKS = ("reference_workspace",)


@check(
    "IDN-001",
    _HOOKS,
    why="A row without a workspace is rejected; a reference made elsewhere may be a raw id in disguise.",
    fix='Return what redact("workspace", ...) gave, unchanged.',
)
def claims_name_a_workspace(subject: ProductSubject) -> Problems:
    """The claims of every sample row name a workspace, by a reference that core made."""
    subject.hook("reference_workspace")
    for row, draft in subject.drafts:
        answer = subject.reference(draft.claims) if draft.subject is None else None
        if isinstance(answer, Failure):
            yield f"{row.name}: {describe(answer)}"
        elif answer is None and draft.subject is None:
            yield f"{row.name}: its claims name no workspace"


@check(
    "IDN-002",
    _HOOKS,
    why="Two workspaces under one reference share usage, quota and plan.",
    fix="Hand the whole raw id to redact: not a part of it, not a constant, not in lower case.",
)
def workspaces_are_told_apart(subject: ProductSubject) -> Problems:
    """Different workspaces have different references."""
    subject.hook("reference_workspace")
    for row, draft in subject.drafts:
        first = subject.reference(draft.claims)
        if not isinstance(first, str):
            continue
        others = [
            subject.reference({**draft.claims, name: _other(value)}) for name, value in draft.claims.items()
        ]
        if all(other == first for other in others):
            yield f"{row.name}: the reference is the same for another workspace"


@check(
    "IDN-003",
    _HOOKS,
    why="A webhook without metadata is normal: its fact waits for a link, and must not join a made-up workspace.",
    fix="Read claims with get(), and answer None where the id is missing.",
)
def missing_claims_name_nothing(subject: ProductSubject) -> Problems:
    """Claims that name no workspace get None."""
    subject.hook("reference_workspace")
    for what, claims in (("empty claims", {}), ("unrelated claims", {"saascore_unrelated": "nothing"})):
        answer = subject.reference(claims)
        if isinstance(answer, Failure):
            yield f"{what}: {describe(answer)}"
        elif answer is not None:
            yield f"{what}: they name a workspace"


@check(
    "IDN-004",
    _HOOKS,
    why="Rows and webhooks give the same claims in another order, and mean the same workspace.",
    fix="Take each claim by its name.",
)
def order_of_claims_is_free(subject: ProductSubject) -> Problems:
    """The order of claims does not matter."""
    subject.hook("reference_workspace")
    for row, draft in subject.drafts:
        turned = dict(reversed({"saascore_unrelated": "nothing", **draft.claims}.items()))
        first, second = subject.reference(draft.claims), subject.reference(turned)
        if isinstance(first, str) and second != first:
            yield f"{row.name}: another order or another claim beside it changes the reference"


def _other(value: str | int) -> str | int:
    return value + 1 if isinstance(value, int) else f"{value}x"
