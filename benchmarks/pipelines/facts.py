"""What every contender does to a row: the same fields, the same keyed references, the same rules; no import but Python's own.

saascore does it by an adapter; the peers are given what an adapter's author would write for them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from pathlib import Path
from typing import Any

KEY = bytes.fromhex("5a" * 32)
EVENTS = {"render": "image.rendered", "upscale": "image.upscaled"}
PLANS = {"Free": "free", "Starter": "starter", "Pro": "pro"}
LABEL = r"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$"
REFERENCE = r"^[0-9a-f]{30}$"
QUANTITY = r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?$"
INSTANT = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z$"
PATTERNS = {
    "idempotency_key": REFERENCE,
    "event_type": LABEL,
    "subject_label": REFERENCE,
    "plan_key": LABEL,
    "quantity": QUANTITY,
    "unit": LABEL,
    "occurred_at": INSTANT,
    "size": LABEL,
    "model": LABEL,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        name: {"type": "string", "pattern": pattern, "maxLength": 64} for name, pattern in PATTERNS.items()
    },
    "required": list(PATTERNS),
    "additionalProperties": False,
}


def reference(kind: str, raw: str) -> str:
    return hmac.digest(KEY, f"{kind}\0{raw}".encode(), "sha256")[:15].hex()


def fact_of(row: dict[str, Any]) -> dict[str, str]:
    return {
        "idempotency_key": reference("key", row["id"]),
        "event_type": EVENTS[row["event"]],
        "subject_label": reference("workspace", row["workspace"]),
        "plan_key": PLANS[row["plan"]],
        "quantity": row["images"],
        "unit": "image",
        "occurred_at": row["at"],
        "size": row["size"],
        "model": row["model"],
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
