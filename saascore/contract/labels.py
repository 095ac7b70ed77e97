"""The label rule: what the grammar of a label allows but no public label would hold.

A label names something people chose a name for: an event type, a plan, a unit, a reason. Ids, tokens and storage keys
also fit the grammar once lower-cased and joined by dashes; this rule refuses them. Source: docs/contract.md, "Words".
"""

from __future__ import annotations

import re
from functools import lru_cache

from saascore.contract.wordlike import excess_bits, is_wordlike

MAX_EXCESS_BITS = 18
MAX_PIECE_BITS = 15

_SEPARATOR = re.compile(r"[._-]")
_DIGITS = re.compile(r"[0-9]+")
_DATE = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12][0-9]|3[01])(?:[0-5][0-9]){0,3})?")
_SPLIT_DATE = re.compile(r"20[0-9]{2}[._-](?:0[1-9]|1[0-2])[._-](?:0[1-9]|[12][0-9]|3[01])")
_HEX = re.compile(r"(?:^|[._-])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,}(?:$|[._-])")
_UUID = re.compile(r"[0-9a-f]{8}[._-]?[0-9a-f]{4}[._-]?[0-9a-f]{4}[._-]?[0-9a-f]{4}[._-]?[0-9a-f]{12}")
_SORTABLE = re.compile(r"(?:^|[._-])(?:[0-9a-hjkmnp-tv-z]{26}|[a-z2-7]{26}|c[a-z0-9]{24})(?:$|[._-])")
_FILE = re.compile(
    r"[._-](?:png|jpe?g|gif|webp|avif|heic|svg|tiff?|bmp|mp[34]|mov|webm|wav|pdf|zip|safetensors)$"
)

# First pieces that providers put before an identifier or a credential; none is a word that starts a label.
_ID_PREFIXES_WORDS = """
acct adj adjitm apikey biz bpc bps cpl cpls ctkn ctm cus dsc dsg evt ntf ntflog ntfset paymtd pdl pga
pri prtn rcpt seti si txcd txi txn txnitm txr usr wsp
"""
_ID_PREFIXES = frozenset(_ID_PREFIXES_WORDS.split())
_CREDENTIAL_PREFIXES = (
    re.compile(r"(?:sk|rk|pk)[._-](?:live|test|prod|org|proj|ant|or|svcacct)[._-]"),
    re.compile(
        r"(?:gh[opsu]|ghr|glpat|xox[abeprs]|xapp|npm|pypi|dop|shpat|shpss|whsec|cfk|cfut|cfat|hf|r8|pdl|eyj)[._-]"
    ),
    re.compile(r"(?:ghp|gho|ghs|akia|asia|aiza|eyj)[a-z0-9]{10,}"),
    re.compile(
        r"github[._-]pat[._-]|(?:polar|sntrys|sntryu|lin[._-]api|rnd|nfp|vcp|sbp|supa|lsv2)[._-][a-z0-9]{8,}"
    ),
)
# Kinds of things that have ids: what follows them in a label may not look like one.
_KINDS_WORDS = """
account actor api cart charge client clerk coupon customer dispute entitlement event file guest image in
install invoice item job key license member message order org organization owner payment price product
project purchase refund req request resource run session sess source sub subject subscription team
tenant thread token transaction uid user user_id workspace ws
"""
_KINDS = frozenset(_KINDS_WORDS.split())


@lru_cache(maxsize=4096)
def label_problem(label: str) -> str | None:
    """Say why a grammatical label is not public, or ``None`` where it is.

    Args:
        label: Text that already fits the grammar of a label.

    Returns:
        The name of the rule that refuses the label, never the label itself.
    """
    pieces = _SEPARATOR.split(label)
    if any(pattern.match(label) for pattern in _CREDENTIAL_PREFIXES):
        return "label-looks-like-credential"
    if _UUID.search(label):
        return "label-holds-uuid"
    if _HEX.search(label):
        return "label-holds-hexadecimal-id"
    if _SORTABLE.search(label) and not all(is_wordlike(piece) for piece in pieces if piece.isalpha()):
        return "label-holds-sortable-id"
    if len(pieces) > 1 and _FILE.search(label):
        return "label-looks-like-file-name"
    if problem := _long_number(label):
        return problem
    if _is_prefixed_id(pieces):
        return "label-looks-like-identifier"
    if excess_bits(label) > MAX_EXCESS_BITS or any(excess_bits(piece) > MAX_PIECE_BITS for piece in pieces):
        return "label-looks-random"
    return None


def _long_number(label: str) -> str | None:
    """Five digits in a row, or seven in all, are a number and not part of a name, unless they are a date."""
    undated = _SPLIT_DATE.sub("", label)
    runs = [run for run in _DIGITS.findall(undated) if not _DATE.fullmatch(run)]
    if any(len(run) > 4 for run in runs):
        return "label-holds-long-number"
    if sum(map(len, runs)) > 8:
        return "label-holds-many-digits"
    return None


def _is_prefixed_id(pieces: list[str]) -> bool:
    first, rest = pieces[0], pieces[1:]
    if not rest:
        return False
    if first in _ID_PREFIXES:
        return any(len(piece) >= 8 or any(map(str.isdigit, piece)) for piece in rest)
    return first in _KINDS and any(
        (piece.isdigit() and len(piece) > 2 and not _is_year(piece)) or excess_bits(piece) >= 12
        for piece in rest
    )


def _is_year(piece: str) -> bool:
    return len(piece) == 4 and piece.startswith("20")
