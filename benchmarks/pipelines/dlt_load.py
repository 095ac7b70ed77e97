"""A dlt pipeline, validated by a pydantic model and merged by key: ``python dlt_load.py duckdb|sqlite ROWS FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import dlt
import duckdb
import orjson
from facts import PATTERNS, fact_of
from pydantic import ConfigDict, Field, create_model

Fact = create_model(
    "Fact",
    __config__=ConfigDict(extra="forbid", strict=True),
    **{name: (str, Field(pattern=pattern, max_length=64)) for name, pattern in PATTERNS.items()},  # type: ignore[call-overload]
)


@dlt.resource(name="facts", write_disposition="merge", primary_key="idempotency_key", columns=Fact)
def facts(path: str) -> Iterator[list[dict[str, Any]]]:
    with Path(path).open("rb") as stream:
        while chunk := [fact_of(orjson.loads(line)) for line in islice(stream, 10_000)]:
            yield chunk


def main(store: str, rows: str, folder: str) -> None:
    duck = store == "duckdb"
    pipeline = dlt.pipeline(
        "facts",
        pipelines_dir=folder,
        dataset_name="bench" if duck else "main",
        destination=dlt.destinations.duckdb(duckdb.connect(f"{folder}/facts.duckdb"))
        if duck
        else dlt.destinations.sqlalchemy(f"sqlite:///{folder}/facts.db"),
    )
    pipeline.run(facts(rows), loader_file_format="parquet").raise_on_failed_jobs()


if __name__ == "__main__":
    main(*sys.argv[1:])
