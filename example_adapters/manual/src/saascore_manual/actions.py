"""What each action asserts: one signal, about a grant, a purchase or a whole workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, get_args

from saascore.contract.billing import Revoke, SourceKind, Suspend
from saascore.drafts import AboutKind, CorrectionDraft, GrantDraft, LinkDraft, SignalDraft
from saascore_manual.fields import WrongShape, count, fields, instant, required, text

Action = Mapping[str, object]
About = tuple[AboutKind, str]


class Said(NamedTuple):
    """What an action is about, and its signal."""

    about: About | None
    signal: SignalDraft


def _grant(source_kind: SourceKind) -> Callable[[Action], Said]:
    """Return the reader of a grant. Core takes a later grant about the same thing as its extension or replacement."""

    def read(action: Action) -> Said:
        _named_workspace(action)
        return Said(_about(action), _term(action, source_kind))

    return read


def _grant_of_kind(action: Action) -> Said:
    kind = action.get("source_kind", "manual_override")
    for known in get_args(SourceKind):
        if kind == known:
            return _grant(known)(action)
    raise WrongShape


def _lifetime(action: Action) -> Said:
    return _grant("purchase")({**action, "lifetime": True})


def _revoke(action: Action) -> Said:
    return Said(_about(action), Revoke(effective_at=required(instant(action.get("effective_at")))))


def _suspend(action: Action) -> Said:
    _named_workspace(action)
    until = instant(action.get("effective_until"))
    return Said(
        None, Suspend(effective_at=required(instant(action.get("effective_at"))), effective_until=until)
    )


def _unsuspend(action: Action) -> Said:
    _named_workspace(action)
    return Said(None, Suspend(effective_at=required(instant(action.get("effective_at"))), lifted=True))


def _correct(action: Action) -> Said:
    corrects, source = required(text(action.get("corrects"))), text(action.get("source"))
    return Said(None, CorrectionDraft(corrects, source))


def _reassign(action: Action) -> Said:
    """The new workspace is the action's own ``workspace``."""
    _named_workspace(action)
    return Said(_about(action), LinkDraft())


ACTIONS: dict[str, Callable[[Action], Said]] = {
    "manual.correction": _correct,
    "manual.extend": _grant_of_kind,
    "manual.grant": _grant_of_kind,
    "manual.lifetime": _lifetime,
    "manual.plan_override": _grant("manual_override"),
    "manual.reassign": _reassign,
    "manual.revoke": _revoke,
    "manual.suspend": _suspend,
    "manual.trial_extend": _grant("trial"),
    "manual.trial_start": _grant("trial"),
    "manual.unsuspend": _unsuspend,
}


def _named_workspace(action: Action) -> None:
    if not fields(action.get("workspace")):
        raise WrongShape


def _about(action: Action) -> About:
    about = action.get("about")
    if not isinstance(about, Mapping):
        raise WrongShape
    name = required(text(about.get("id")))
    kinds: dict[str, AboutKind] = {"grant": "grant", "purchase": "purchase"}
    kind = kinds.get(str(about.get("kind", "grant")))
    if kind is None:
        raise WrongShape
    return kind, name


def _term(action: Action, source_kind: SourceKind) -> GrantDraft:
    """A grant has an end or is for a lifetime: never neither, never both."""
    begins = required(instant(action.get("effective_from")))
    ends = instant(action.get("effective_until"))
    lifetime = action.get("lifetime", False)
    if (
        not isinstance(lifetime, bool)
        or lifetime == (ends is not None)
        or (ends is not None and ends <= begins)
    ):
        raise WrongShape
    return GrantDraft(
        source_kind,
        plan=required(text(action.get("plan"))),
        effective_from=begins,
        effective_until=ends,
        lifetime=lifetime,
        quantity=count(action.get("quantity")),
    )
