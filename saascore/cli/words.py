"""Options that hold a word of the contract: what does not fit is refused by the option's name, and never repeated."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from saascore.errors import SaascoreError

Reason = Annotated[str, typer.Option("--reason", help="Why, as a public label.")]


def reference_option(text: str, option: str, kinds: tuple[str, ...], expected: str) -> str:
    """Return a reference of one of some kinds.

    Raises:
        SaascoreError: ``INP-004``, with what is expected and where to get it.
    """
    from saascore.contract.words import Reference  # noqa: PLC0415  keeps --help fast

    if not _fits(text, Reference) or text.split(":")[1] not in kinds:
        raise SaascoreError("INP-004", where=option, detail=expected)
    return text


def label_option(text: str, option: str, example: str) -> str:
    """Return a public label, or an operator's where the example is one.

    Raises:
        SaascoreError: ``INP-004``, with the example.
    """
    from saascore.contract.words import OperatorLabel, PublicLabel  # noqa: PLC0415  keeps --help fast

    operators = example.startswith("op:")
    if not _fits(text, OperatorLabel if operators else PublicLabel):
        form = "op: and a public label" if operators else "a public label"
        raise SaascoreError("INP-004", where=option, detail=f"{form}, for example {example}")
    return text


def _fits(text: str, word: Any) -> bool:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415  keeps --help fast

    try:
        TypeAdapter(word).validate_python(text)
    except ValidationError:
        return False
    return True
