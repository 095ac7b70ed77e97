"""What an operator says of a correction: every option is looked at by itself and refused by its name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from saascore.cli.clock import instant_of
from saascore.cli.words import label_option, reference_option
from saascore.errors import SaascoreError

if TYPE_CHECKING:
    from saascore.contract.usage import Correction
    from saascore.ledger import Ledger

#: The subject of an adjustment that is nobody's in particular.
EVERYBODY = "all-workspaces"
_LABELS = {
    "event_type": ("--event-type", "image.generated"),
    "plan_key": ("--plan", "pro"),
    "unit": ("--unit", "image"),
    "source": ("--source", "image-studio"),
}


def correction_of(operator: str, approval: str | None, reason: str) -> Correction:
    """Return who corrects, on whose approval and why."""
    from saascore.contract.usage import Correction  # noqa: PLC0415  keeps --help fast

    return Correction(
        operator=label_option(operator, "--operator", "op:support"),
        approval=None if approval is None else label_option(approval, "--approval", "op:finance"),
        reason=label_option(reason, "--reason", "wrong-count"),
    )


def fields_of(store: Ledger, asked: dict[str, Any], *, new: bool) -> dict[str, Any]:
    """Return the fields of a correction that are given, each as the contract has it.

    Args:
        store: A label that no usage event in it has is refused, as it is most likely a slip.
        asked: What the options say, by field; ``None`` where one was not given.
        new: Such labels are meant. A subject is never new: what looks like one may be a raw id.
    """
    from saascore.usage.known import known_words  # noqa: PLC0415  keeps --help fast

    given = {name: text for name, text in asked.items() if text is not None}
    known: dict[Any, set[str]] = {} if new else known_words(store)
    for name, (option, example) in _LABELS.items():
        if name in given:
            label = label_option(given[name], option, example)
            if not new and label not in known[name]:
                raise SaascoreError("INP-004", where=option, detail=_not_here(label, known[name]))
    if "quantity" in given:
        given["quantity"] = _quantity(given["quantity"])
    if "occurred_at" in given:
        given["occurred_at"] = instant_of(given["occurred_at"], None, "--occurred-at")
    if "subject_label" in given:
        _check_subject(store, given["subject_label"])
    return given


def labels_of(pairs: list[str] | None) -> dict[str, str]:
    """Return the dimensions that ``--dimension NAME=LABEL`` gives."""
    labels = {}
    for pair in pairs or ():
        name, _, label = pair.partition("=")
        option = "--dimension"
        labels[label_option(name, option, "engine=fast")] = label_option(label, option, "engine=fast")
    return labels


def _not_here(label: str, known: set[str]) -> str:
    near = get_close_matches(label, known, 1)
    meant = f"did you mean {near[0]}?" if near else "saascore usage summary shows what it holds;"
    return f"no usage in this ledger has it; {meant} --new says that a new label is meant"


def _quantity(text: str) -> str:
    from saascore.contract.quantities import parse_quantity  # noqa: PLC0415  keeps --help fast

    try:
        return str(parse_quantity(text))
    except (SaascoreError, ValueError):
        raise SaascoreError("INP-004", where="--quantity", detail="a decimal, for example 1.5") from None


def _check_subject(store: Ledger, subject: str) -> None:
    from saascore.usage.known import is_known_subject  # noqa: PLC0415  keeps --help fast

    if subject != EVERYBODY and not is_known_subject(store, subject):
        expected = "a workspace reference, never a raw id; see saascore entitlements reference"
        reference_option(subject, "--subject", ("workspace",), expected)
