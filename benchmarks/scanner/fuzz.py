"""Fuzz the scanner: ``make fuzz``, or ``python benchmarks/scanner/fuzz.py [CASES] [SEED]``.

Cases are pieces of every format, chained, cut, repeated and mutated byte by byte; each goes through all three profiles
as text, as bytes and, where it is JSON, as a value. Any exception is a fault, and so is a case that takes a second.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import sys
import time
from collections.abc import Iterator

from saascore.privacy.rule import PROFILES
from saascore.privacy.scanner import Scanner

NAMES = [
    "a.txt",
    "a.json",
    "a.ndjson",
    "a.csv",
    "a.tsv",
    "a.md",
    "a.html",
    "a.xml",
    "a.yaml",
    "a.toml",
    ".env",
    "a.sql",
    "a.log",
    "a.ipynb",
    "a.gz",
    "a",
]
_WORDS = """
{ } [ ] " ' : , ; | = & ? # @ < > </ /> <!-- --> <td> </td> <tr> </tr> <dt>k</dt> \\ \\u00 \\x4 %4 %25 &#x &amp; ` `` ``` ~~~ - *
user_id customer_id api_key password plan team columns rows name value alg content cell_type null true 1e309 -0 0x my your xxx
COPY FROM stdin; INSERT VALUES VALUES( \\. ref:workspace:k1: sha256: h1: eyJ AKIA sk_live_ whsec_ cus_ Bearer Cookie: data:image/png;base64,
http:// https://api.stripe.com/v1/ s3:// 4111 1111 +49 30 DE12 127.0.0.1 2026-03-01 2026-03-01T10:00:00Z 1767225600000 00000000: ffd8 [redacted]
"""
_SPACES = (
    "\n",
    "\r\n",
    "\t",
    " ",
    "\0",
    "\ufeff",
    "\u200b",
    "\u0430",
    "\u00e4",
    "\ud800",
    "|---|---|\n",
    "k:\n  ",
    "a,b\n",
    "= \\\n",
)
PIECES = (*_WORDS.split(), *_SPACES)


def cases(draw: random.Random) -> Iterator[str]:
    """Yield texts without end."""
    kept = [""]
    while True:
        kind = draw.random()
        if kind < 0.4:
            text = "".join(draw.choice(PIECES) for _ in range(draw.randrange(1, 30)))
        elif kind < 0.55:
            text = draw.choice(PIECES) * draw.randrange(1, 200)
        elif kind < 0.7:
            text = json.dumps(_value(draw, 0))
        elif kind < 0.9:
            text = list(draw.choice(kept))
            for _ in range(draw.randrange(1, 8)):
                at = draw.randrange(len(text) + 1)
                text[at : at + draw.randrange(3)] = draw.choice(
                    [draw.choice(PIECES), chr(draw.randrange(0x250)), ""]
                )
            text = "".join(text)
        else:
            text = draw.choice(kept)[: draw.randrange(60)] + draw.choice(kept)[draw.randrange(60) :]
        text = text[:2000]
        kept = [*kept[-500:], text]
        yield text


def _value(draw: random.Random, depth: int) -> object:
    kind = draw.randrange(8 if depth < 4 else 5)
    if kind > 5:
        return {draw.choice(PIECES): _value(draw, depth + 1) for _ in range(draw.randrange(4))}
    if kind == 5:
        return [_value(draw, depth + 1) for _ in range(draw.randrange(4))]
    return [None, True, draw.randrange(-(10**18), 10**18), draw.random() * 1e9, draw.choice(PIECES)][kind]


def wrapped(draw: random.Random, text: str) -> bytes:
    """Return a text's bytes, sometimes encoded, compressed or damaged."""
    data = text.encode("utf-8", "surrogatepass")
    kind = draw.randrange(8)
    if kind == 0:
        data = base64.b64encode(data)
    elif kind == 1:
        data = gzip.compress(data, 1)
    elif kind == 2:
        data = data.hex().encode()
    elif kind == 3:
        data = text.encode("utf-16", "surrogatepass")
    if draw.random() < 0.3 and data:
        at = draw.randrange(len(data))
        data = data[:at] + draw.randbytes(draw.randrange(4)) + data[at + draw.randrange(3) :]
    return data


def fuzz(count: int, seed: int) -> float:
    """Run ``count`` cases; return the seconds of the slowest."""
    draw = random.Random(seed)
    slowest = 0.0
    for number, text in zip(range(count), cases(draw), strict=False):
        if number % 5000 == 0:
            scanners = {profile: Scanner(profile) for profile in PROFILES}
        name, profile = draw.choice(NAMES), draw.choice(("artifact", "artifact", "docs", "event"))
        start = time.process_time()
        try:
            scanners[profile].scan_text(text, name)
            scanners[profile].scan_bytes(wrapped(draw, text), name)
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                continue
            scanners[profile].scan_json(value)
        except Exception:
            print(f"case {number} of seed {seed}, profile {profile}, name {name}: {text!r}", file=sys.stderr)
            raise
        finally:
            taken = time.process_time() - start
            slowest = max(slowest, taken)
        if taken > 1:
            raise SystemExit(f"case {number} of seed {seed} took {taken:.1f} s: {text!r}")
    return slowest


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(
        f"{wanted} cases of seed {first}: no exception; the slowest took {fuzz(wanted, first) * 1000:.0f} ms"
    )
