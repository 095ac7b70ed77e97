"""Every error saascore can raise or print, with what was expected and the cure.

An error is an API: its id never changes its meaning, and its text never holds a value that came from outside.
``ERRORS`` is the catalogue that the error reference in the documentation is generated from.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """What the command line answers to its caller."""

    OK = 0
    NOT_CLEAN = 1
    USAGE = 2
    ADAPTER = 3
    STORE = 4


class ErrorEntry(NamedTuple):
    """One row of the catalogue."""

    title: str
    expected: str
    cure: str
    exit_code: Exit = Exit.USAGE


ERRORS: dict[str, ErrorEntry] = {
    # -- input -------------------------------------------------------------------------------------------
    "INP-001": ErrorEntry(
        "A record is not JSON",
        'one JSON object a line, for example {"id": "row-1"}',
        "Mend the line named in the outcome and hand it in again; the other lines were kept.",
    ),
    "INP-002": ErrorEntry(
        "An input file cannot be read",
        "the path of a readable file, or - for standard input",
        "Check the path and its permissions.",
    ),
    "INP-003": ErrorEntry(
        "A record is not a JSON object",
        'a JSON object, for example {"id": "row-1"}',
        "Hand in one object for each record, as NDJSON or as one JSON array.",
    ),
    "INP-004": ErrorEntry(
        "An option or argument cannot be used",
        "a value as the option's help describes it",
        "Run the command with --help and correct the value.",
    ),
    "INT-001": ErrorEntry(
        "saascore failed unexpectedly",
        "no such failure: this is a defect of saascore",
        "Report the id, the place and the version; run with --debug on a terminal to see more.",
    ),
    # -- contract ----------------------------------------------------------------------------------------
    "CON-001": ErrorEntry(
        "A value does not fit the contract",
        "the grammar named in the outcome (docs/contract.md lists them)",
        "Correct the field in the adapter or in the ready-made input, then hand it in again.",
    ),
    "CON-002": ErrorEntry(
        "A time has no offset or is not a calendar instant",
        "RFC 3339 with an offset, for example 2026-03-01T12:00:00Z",
        "Attach the time zone where the time is read; saascore never guesses one.",
    ),
    "CON-003": ErrorEntry(
        "A quantity is not an exact decimal",
        'a decimal string or an integer, for example "1.5" or 3; a float is refused',
        "Hand the quantity over as a string or an integer.",
    ),
    "CON-004": ErrorEntry(
        "An encoded fact is too large",
        "at most 16384 bytes of canonical JSON",
        "Move what is not needed for counting or deciding out of the record.",
    ),
    # -- references --------------------------------------------------------------------------------------
    "KEY-001": ErrorEntry(
        "No reference key is configured",
        "SAASCORE_REFERENCE_KEYS=<key id>:<64 or more hexadecimal digits>, or SAASCORE_REFERENCE_KEYS_FILE",
        "Create one with: python -c \"import secrets; print('k1:' + secrets.token_hex(32))\" and keep it secret.",
    ),
    "KEY-002": ErrorEntry(
        "A reference key cannot be used",
        "a short label, a colon and at least 32 bytes as hexadecimal digits",
        "Create a new key; never shorten one.",
    ),
    "KEY-003": ErrorEntry(
        "The ledger is pinned to a reference key that is not configured",
        "the key id printed by: saascore ledger info",
        "Configure that key again, or rotate with: saascore ledger rekey",
    ),
    "KEY-004": ErrorEntry(
        "A reference cannot be made from these parts",
        "a kind of the contract and one or more parts, each a non-empty text or an integer",
        'Hand over the raw id\'s parts as they are, for example redact("workspace", row["workspace_id"]).',
    ),
}


class SaascoreError(Exception):
    """A refusal that names its rule and its cure, and never a value.

    Args:
        code: An id of ``ERRORS``.
        where: Public words that locate the fault (a field path, a file's role, an adapter id). Never input.
        detail: Public words that say more than the catalogue's title. Never input.
    """

    def __init__(self, code: str, *, where: str | None = None, detail: str | None = None) -> None:
        self.code = code
        self.entry = ERRORS[code]
        self.where = where
        self.detail = detail
        super().__init__(code, where, detail)

    @property
    def exit_code(self) -> Exit:
        """The exit code of a command that stops on this error."""
        return self.entry.exit_code

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.code} {self.entry.title}{place}{detail}. Expected {self.entry.expected}. {self.entry.cure}"
