"""What every contender makes of a row: the same fact, by the same rules; no import but Python's own.

saascore does it by an adapter; the peers are given what an adapter's author would write for them. What is the same in every
row is made once, workspaces are remembered, and a row costs one HMAC.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from binascii import crc32
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

KEY_ID = "demo"
KEY = bytes.fromhex("5a" * 32)
SOURCE = "pipelines"
NOW = "2026-03-31T00:00:00.000000Z"
EVENTS = {"render": "image.rendered", "upscale": "image.upscaled"}
PLANS = {"Free": "free", "Starter": "starter", "Pro": "pro"}

LABEL = r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$"
QUANTITY = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{0,8}[1-9])?$"
INSTANT = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$"
PATTERNS = {
    **{
        name: rf"^ref:{kind}:[a-z0-9][a-z0-9-]{{0,15}}:[a-z2-7]{{26}}$"
        for name, kind in (("event_id", "event"), ("idempotency_key", "key"), ("subject_label", "workspace"))
    },
    **dict.fromkeys(("source", "event_type", "plan_key", "unit", "size", "model"), LABEL),
    **dict.fromkeys(("occurred_at", "resolved_at"), INSTANT),
    "quantity": QUANTITY,
}
CHOICES = {
    "schema": ("saascore/usage-event/1",),
    "entry_type": ("usage", "reversal", "adjustment"),
    "basis": ("submission", "occurrence", "asserted", "unknown"),
}


def _text(name: str) -> dict[str, Any]:
    if name in CHOICES:
        return {"type": "string", "enum": list(CHOICES[name])}
    return {"type": "string", "pattern": PATTERNS[name], "maxLength": 80 if "ref:" in PATTERNS[name] else 64}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


#: The rules as JSON Schema; ``models.py`` makes the pydantic model of them.
SCHEMA: dict[str, Any] = _closed(
    {
        **{
            name: _text(name)
            for name in (
                "schema",
                "event_id",
                "idempotency_key",
                "source",
                "entry_type",
                "subject_label",
                "event_type",
                "plan_key",
                "quantity",
                "unit",
                "occurred_at",
            )
        },
        "plan_snapshot": _closed({name: _text(name) for name in ("plan_key", "basis", "resolved_at")}),
        "dimensions": _closed({name: _text(name) for name in ("size", "model")}),
    }
)

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_CHECKS = [second + first for first in _BASE32 for second in _BASE32]
_SHIFTS = range(110, -1, -10)


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def _state(kind: str) -> hmac.HMAC:
    return hmac.new(KEY, _framed(SOURCE.encode()) + _framed(kind.encode()), "sha256")


_ROWS, _WORKSPACES = _state("key"), _state("workspace")


def _letters(state: hmac.HMAC, raw: str) -> str:
    keyed = state.copy()
    keyed.update(_framed(raw.encode()))
    bits = int.from_bytes(keyed.digest()[:15], "big")
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def _reference(kind: str, letters: str) -> str:
    stem = f"ref:{kind}:{KEY_ID}:{letters}"
    return stem + _CHECKS[crc32(stem.encode()) & 1023]


@lru_cache(maxsize=65_536)
def _workspace(raw: str) -> str:
    return _reference("workspace", _letters(_WORKSPACES, raw))


def fact_of(row: dict[str, Any]) -> dict[str, Any]:
    """Map a row: what saascore's body says, field for field. A date that is none is refused here, by ``datetime``."""
    letters, plan = _letters(_ROWS, row["id"]), PLANS[row["plan"]]
    at = datetime.fromisoformat(row["at"]).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "schema": "saascore/usage-event/1",
        "event_id": _reference("event", letters),
        "idempotency_key": _reference("key", letters),
        "source": SOURCE,
        "entry_type": "usage",
        "subject_label": _workspace(row["workspace"]),
        "event_type": EVENTS[row["event"]],
        "plan_key": plan,
        "plan_snapshot": {"plan_key": plan, "basis": "submission", "resolved_at": NOW},
        "quantity": row["images"],
        "unit": "image",
        "occurred_at": at,
        "dimensions": {"size": row["size"], "model": row["model"]},
    }


def write_rows(path: Path, count: int, *, seed: int = 1) -> int:
    """Write rows as NDJSON, one in ten a repetition of an earlier one; return how many are distinct."""
    chance = random.Random(seed)
    distinct = 0
    with path.open("w") as stream:
        for _ in range(count):
            number = chance.randrange(distinct) if distinct and chance.random() < 0.1 else distinct
            distinct = max(distinct, number + 1)
            stream.write(json.dumps(row_of(number), separators=(",", ":")) + "\n")
    return distinct


def row_of(number: int) -> dict[str, Any]:
    name = hashlib.sha256(number.to_bytes(8, "big")).hexdigest()
    return {
        "id": f"job_{name[:24]}",
        "event": ("render", "upscale")[number % 2],
        "images": str(number % 5 + 1),
        "at": f"2026-03-{number % 28 + 1:02d}T12:{number % 60:02d}:00.{number % 1000:03d}Z",
        "workspace": f"wsp_{int(name[24:30], 16) % 10_000:012d}",
        "plan": ("Free", "Starter", "Pro")[number % 3],
        "size": ("large", "small")[number % 7 == 0],
        "model": "sdxl",
        "prompt": "a cat on a mat in the style of a painter who likes many colours",
    }
