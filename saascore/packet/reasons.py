"""What the codes of outcomes mean: ids of errors and of the scanner's rules, the contract's own rules, and core's words."""

from __future__ import annotations

from functools import cache

from saascore.errors import ERRORS

#: Codes that are neither an error's id nor a rule of the scanner; the last ones are words that provider adapters share.
REASONS = {
    # what the contract's models find (pydantic's kinds)
    "dict_type": "a value that must be an object",
    "extra_forbidden": "a field that the contract does not know",
    "greater_than_equal": "a number below what its field allows",
    "int_type": "a value that must be an integer",
    "less_than_equal": "a number above what its field allows",
    "literal_error": "a value that is none of those that its field allows",
    "missing": "a field that the contract requires is not there",
    "model_type": "a value that must be an object",
    "reference_check": "a reference whose check characters differ: it is mistyped or cut, or saascore did not make it",
    "string_pattern_mismatch": "a text that does not have the grammar of its field; docs/contract.md lists them",
    "string_too_long": "a text that is longer than its field may be",
    "string_type": "a value that must be a text",
    "string_unicode": "a text that is no valid Unicode",
    "too_long": "more entries than the field may have",
    # why a label is refused
    "label-holds-hexadecimal-id": "a label that holds a hexadecimal id; a label names a thing, it never identifies one",
    "label-holds-long-number": "a label with five or more digits in a row; a label names a thing, it never numbers one",
    "label-holds-many-digits": "a label with more than eight digits; a label names a thing, it never numbers one",
    "label-holds-sortable-id": "a label that holds a sortable id (ULID, KSUID or the like)",
    "label-holds-uuid": "a label that holds a UUID",
    "label-looks-like-credential": "a label that begins as a credential does",
    "label-looks-like-file-name": "a label that ends as a file name does",
    "label-looks-like-identifier": "a label made as ids are: a kind or prefix, and a number or random text",
    "label-looks-random": "a label whose letters do not read as words; write its words apart, as in kiln-yard for kilnyard",
    # what the two flows say
    "atomic": "nothing was kept: with --atomic, another record of the file could not be taken",
    "conflict": "the same key with other content; the stored record stays as it is",
    "event-id-reused": "the id of a stored event, under another idempotency key; the stored event stays as it is",
    "mode-mismatch": "the event says it is of the other mode",
    "no-draft": "the adapter mapped the event to nothing",
    "pending-target": "what it corrects is not in the ledger yet; held until it is",
    "too-early": "the time is further ahead than the acceptance window; held, see saascore usage held list",
    "too-old": "the time is before the acceptance window; held, see saascore usage held list",
    "unfit": "held, and what it corrects turned out not to be as it says",
    "unmapped": "counted; upgrade the adapter to have it mapped",
    "workspace-differs": "the stored event belongs to another workspace and gives this one nothing",
    # what provider adapters say
    "approval-missing": "an operator's action without an approval",
    "no-envelope": "not an event of this provider",
    "operator-missing": "an operator's action without an operator",
    "reason-missing": "an operator's action without a reason",
    "unknown-status": "a status that the adapter does not know; the last state holds",
    "unknown-type": "an event type that the adapter does not know; the last state holds",
    "unknown-value": "a value that the adapter does not know; the last state holds",
    "wrong-shape": "a field is not as the provider documents it",
}


def meaning(code: str) -> str | None:
    """Say what a code of an outcome means; ``None`` for an adapter's own word."""
    if code in ERRORS:
        return ERRORS[code].title
    return REASONS.get(code) or _rules().get(code)


@cache
def _rules() -> dict[str, str]:
    from saascore.privacy.rules import RULES  # noqa: PLC0415  the rules are loaded when they are asked for

    return {rule.id: rule.why for rule in RULES}
