"""Leaks and clean artifacts for measuring the scanner, made when they are needed and never stored.

Every leak is one raw value of one category, in one container, under one encoding. Clean artifacts hold the traps that
such scanners fall into: digests, commits, counts, labels, schemas, prose about forbidden names.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import string
import uuid
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

LETTERS = string.ascii_letters + string.digits


class Artifact(NamedTuple):
    """One file: ``category`` is empty where it is clean; ``held_out`` files are for the report only."""

    name: str
    data: bytes
    category: str
    container: str
    encoding: str
    held_out: bool


def drawn(draw: random.Random, length: int, alphabet: str = LETTERS) -> str:
    return "".join(draw.choice(alphabet) for _ in range(length))


def _hex(draw: random.Random, length: int) -> str:
    return drawn(draw, length, "0123456789abcdef")


def _uuid(draw: random.Random) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))


VALUES: dict[str, list[tuple[str, Callable[[random.Random], str]]]] = {
    "provider-credential": [
        ("stripe_key", lambda d: "sk_" + "live_" + drawn(d, 24)),
        ("apiKey", lambda d: drawn(d, 40)),
        ("database_url", lambda d: f"postgres://app:{drawn(d, 16)}@db.internal:5432/app"),
    ],
    "bearer-token": [("access_token", lambda d: f"eyJ{drawn(d, 20)}.eyJ{drawn(d, 60)}.{drawn(d, 43)}")],
    "webhook-secret": [("webhookSecret", lambda d: "wh" + "sec_" + drawn(d, 32))],
    "raw-actor-id": [("approved_by", _uuid), ("actorId", lambda d: drawn(d, 12))],
    "raw-user-id": [
        ("user_id", lambda d: str(d.randrange(10**4, 10**8))),
        ("userId", lambda d: "user_" + drawn(d, 26)),
    ],
    "raw-account-id": [("account_id", lambda d: _hex(d, 32)), ("acct", lambda d: "acct_" + drawn(d, 16))],
    "raw-workspace-id": [
        ("workspaceId", lambda d: "ws_" + drawn(d, 12)),
        ("tenant_id", lambda d: str(d.randrange(10**4, 10**7))),
    ],
    "raw-customer-id": [
        ("customer", lambda d: "cus_" + drawn(d, 14)),
        ("customer_number", lambda d: str(d.randrange(10**5, 10**7))),
    ],
    "raw-subscription-id": [
        ("subscription", lambda d: "sub_" + drawn(d, 24)),
        ("subscription_id", lambda d: str(d.randrange(10**5, 10**7))),
    ],
    "raw-owner-id": [("owner_id", _uuid), ("ownerId", lambda d: str(d.randrange(10**4, 10**7)))],
    "storage-key": [("r2_key", lambda d: f"users/{d.randrange(10**6)}/{_hex(d, 16)}.webp")],
    "provider-input-key": [("input_key", lambda d: f"inputs/{_uuid(d)}/source.png")],
    "generated-output-key": [("output_key", lambda d: f"outputs/{_uuid(d)}/final.png")],
    "private-url": [
        ("link", lambda d: f"https://files.example.com/{drawn(d, 8)}?X-Amz-Signature={_hex(d, 64)}")
    ],
    "provider-execution-id": [
        ("prediction_id", lambda d: drawn(d, 26, string.ascii_lowercase + string.digits))
    ],
    "gateway-metadata": [
        ("cf-aig-log-id", lambda d: "01" + drawn(d, 24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    ],
    "personal-data": [
        (
            "contact_email",
            lambda d: f"{drawn(d, 6, string.ascii_lowercase)}@{drawn(d, 8, string.ascii_lowercase)}.com",
        )
    ],
    "opaque": [("leftover", lambda d: drawn(d, 28))],
}

CONTAINERS: dict[str, tuple[str, Callable[[str, str], str]]] = {
    "summary": (
        "ops.json",
        lambda k, v: json.dumps(
            {"accepted": 6249, "plan": "pro-monthly", "rows": [{"reason": "late", k: v}]}, indent=1
        ),
    ),
    "ndjson": (
        "rows.ndjson",
        lambda k, v: json.dumps({"n": 1}) + "\n" + json.dumps({"level": "warn", k: v}) + "\n",
    ),
    "csv": ("rows.csv", lambda k, v: f"day,{k},units\n2026-03-01,,4\n2026-03-02,{v},7\n"),
    "markdown": (
        "report.md",
        lambda k, v: f"# Summary\n\n| field | value |\n|---|---|\n| accepted | 5,020 |\n| {k} | {v} |\n",
    ),
    "html": ("page.html", lambda k, v: f"<!doctype html><table><tr><th>{k}</th><td>{v}</td></tr></table>"),
    "yaml": ("run.yaml", lambda k, v: f"run:\n  reason: late\n  {k}: {v}\n"),
    "logfmt": ("worker.log", lambda k, v: f"level=warn msg=late {k}={v} attempt=2\n"),
    "dotenv": (".env.ops", lambda k, v: f"LOG_LEVEL=info\n{k.upper().replace('-', '_')}={v}\n"),
    "prose": (
        "notes.md",
        lambda k, v: f"One of 755 events failed: the record carried `{k}`: `{v}` and was late.\n",
    ),
}

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda v: v,
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "percent": lambda v: "".join(f"%{byte:02X}" for byte in v.encode()),
    "zero-width": "\u200b".join,
}

WRAPPERS: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "gzip": lambda name, data: (name + ".gz", gzip.compress(data)),
    "utf-16": lambda name, data: (name, data.decode().encode("utf-16")),
    "hex-file": lambda _, data: ("dump.txt", data.hex().encode()),
    "json-in-json": lambda _, data: ("outer.json", json.dumps({"body": data.decode()}).encode()),
    "percent-file": lambda _, data: ("form.txt", b"body=" + quote(data.decode()).encode()),
}


def leaks(seed: int) -> Iterator[Artifact]:
    """Yield leaks of every category, container and encoding."""
    draw = random.Random(seed)
    for category, kinds in VALUES.items():
        for key, make in kinds:
            for container, (name, write) in CONTAINERS.items():
                for encoding, encode in ENCODINGS.items():
                    data = write(key, encode(make(draw))).encode()
                    yield Artifact(name, data, category, container, encoding, draw.random() < 0.5)
                wrapper = draw.choice(list(WRAPPERS))
                wrapped, data = WRAPPERS[wrapper](name, write(key, make(draw)).encode())
                yield Artifact(wrapped, data, category, container, wrapper, draw.random() < 0.5)


def clean(seed: int) -> Iterator[Artifact]:
    """Yield clean artifacts: the same containers with public values, and files full of traps."""
    draw = random.Random(seed)
    for _ in range(12):
        for container, (name, write) in CONTAINERS.items():
            key = draw.choice(["accepted", "plan", "token_budget", "secret_name", "event_type", "window"])
            value = draw.choice(
                [
                    "[redacted]",
                    "core-fixture",
                    "4096",
                    "image.generated",
                    "2026-03-01T00:00:00Z",
                    "sha256:" + _hex(draw, 64),
                ]
            )
            yield Artifact(name, write(key, value).encode(), "", container, "plain", draw.random() < 0.5)
        container = draw.choice(list(CONTAINERS))
        name, write = CONTAINERS[container]
        public = draw.choice(["cloudflare-saas-core", "[redacted]"])
        yield Artifact(name, write("owner", public).encode(), "", container, "plain", draw.random() < 0.5)
        for name, text in _traps(draw).items():
            yield Artifact(name, text.encode(), "", name, "plain", draw.random() < 0.5)


def _traps(draw: random.Random) -> dict[str, str]:
    sha = _hex(draw, 40)
    return {
        "manifest.json": json.dumps(
            {
                "commit": sha,
                "files": [
                    {"name": "ops.json", "digest": "sha256:" + _hex(draw, 64), "bytes": draw.randrange(10**8)}
                ],
            }
        ),
        "schema.json": json.dumps(
            {
                "$id": "saascore/usage-event/1",
                "properties": {"user_id": {"type": "string"}, "api_key": {"type": "string"}},
                "required": ["user_id"],
            }
        ),
        "CHANGELOG.md": f"# Changes\n\n* 1.4.2rc3, built from commit {sha} ({sha[:8]})\n* never publish a `customer_id` or an api key\n",
        "requirements.txt": f"click==8.3.1 \\\n    --hash=sha256:{_hex(draw, 64)}\n",
        "counts.csv": "day,plan,customers,users,tokens_in\n"
        + "".join(
            f"2026-03-{d:02d},pro-monthly,{draw.randrange(10**4)},{draw.randrange(10**5)},{draw.randrange(10**8)}\n"
            for d in range(1, 9)
        ),
        "example.env": "API_KEY=<your key>\nWEBHOOK_SECRET=${WEBHOOK_SECRET}\nPASSWORD=xxxxxxxx\n",
        "source.py": "def redact(user_id: str, token: str | None = None) -> str:\n    return hmac_of(os.environ['KEY'], user_id)\n",
        "metrics.prom": f'events_total{{plan="pro",kind="image.generated"}} {draw.randrange(10**7)}\n',
    }
