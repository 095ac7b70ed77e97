"""A dlt pipeline, validated by a pydantic model and merged by key: ``python dlt_load.py duckdb|sqlite ROWS FOLDER``.

Objects become columns, which is dlt's own way with them; as JSON they take the same time.

``python dlt_load.py check FACTS`` tells which facts the pipeline's own validator takes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import dlt
import duckdb
import orjson
from dlt.extract.exceptions import ResourceExtractionError
from facts import fact_of
from models import Fact


@dlt.resource(name="facts", write_disposition="merge", primary_key="idempotency_key", columns=Fact)
def facts(path: str) -> Iterator[list[dict[str, Any]]]:
    with Path(path).open("rb") as stream:
        while chunk := [fact_of(orjson.loads(line)) for line in islice(stream, 10_000)]:
            yield chunk


def load(store: str, rows: str, folder: str) -> None:
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


def takes(fact: dict[str, Any]) -> bool:
    try:
        list(dlt.resource([fact], name="facts", columns=Fact))
    except ResourceExtractionError:
        return False
    return True


if __name__ == "__main__":
    if sys.argv[1] == "check":
        print(json.dumps([takes(json.loads(line)) for line in Path(sys.argv[2]).read_text().splitlines()]))
    else:
        load(*sys.argv[1:])
