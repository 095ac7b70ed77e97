# ruff: noqa: INP001  a Worker's entry is a plain module
"""The Python Worker: what a TypeScript product calls over its service binding."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from append import APPEND, STORED
from pyodide.ffi import to_js
from studio import Studio
from workers import WorkerEntrypoint


class Default(WorkerEntrypoint):
    """Facts into D1, packets into R2; arguments and answers are JSON text."""

    async def hand_in(self, rows: str, now: str) -> str:
        """Append a page of job rows, in one transaction; the same rows again change nothing.

        Returns:
            Counts by outcome.
        """
        mapped = Studio(self.env.REFERENCE_KEY, now).facts(json.loads(rows))
        chunk = json.dumps(mapped.facts)
        db = self.env.DB
        done = await db.batch(to_js([db.prepare(statement).bind(chunk) for statement in APPEND]))
        accepted = len(done[-1].results)
        outcomes = Counter(mapped.outcomes)
        outcomes.update(accepted=accepted, duplicate=len(mapped.facts) - accepted)
        return json.dumps(outcomes)

    async def publish(self, start: str, end: str, now: str, outcomes: str) -> str:
        """Sum a window up and put a release packet into R2.

        Returns:
            The packet's manifest and the summary.
        """
        studio = Studio(self.env.REFERENCE_KEY, now)
        stored = await self.env.DB.prepare(STORED).bind(start, end).all()
        usage = studio.summary(stored.results.to_py(), start, end)
        files = studio.packet(usage, json.loads(outcomes))
        for name, data in files.items():
            digest = hashlib.sha256(data).hexdigest()  # R2 refuses bytes of another one
            await self.env.RELEASES.put(f"packet/{name}", to_js(data), sha256=digest)
        return json.dumps({"manifest": json.loads(files["manifest.json"]), "usage": usage.to_json()})
