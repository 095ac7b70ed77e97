"""A Singer tap of the rows, mapped by what an author would write: ``python singer_tap.py ROWS [tuned]``.

Tuned, its messages are written by msgspec, an extra of the SDK.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from facts import SCHEMA, fact_of
from singer_sdk import Stream, Tap


class Facts(Stream):
    name = "facts"
    primary_keys = ("idempotency_key",)
    schema = SCHEMA

    def get_records(self, context: Any) -> Iterable[dict[str, Any]]:  # noqa: ARG002
        with Path(self.config["rows"]).open("rb") as stream:
            for line in stream:
                yield fact_of(orjson.loads(line))


class Rows(Tap):
    name = "tap-rows"
    config_jsonschema = {"type": "object", "properties": {"rows": {"type": "string"}}}  # noqa: RUF012

    def discover_streams(self) -> list[Stream]:
        return [Facts(self)]


if __name__ == "__main__":
    if "tuned" in sys.argv:
        from singer_sdk.contrib.msgspec import MsgSpecWriter

        Rows.message_writer_class = MsgSpecWriter
    Rows(config={"rows": sys.argv[1]}).sync_all()
