"""Mapping on Spark beside a bare ``mapInArrow`` job with the same validation, from and to Parquet: ``make bench-spark``.

    .venv/bench-spark/bin/python benchmarks/spark.py [--rows 300000] [--rounds 3]

The bare job does to a row what every contender of ``pipelines/`` does, with a strict pydantic model, and hands on columns
of the same bytes. Both run in one warm ``local[2]`` session, in turns. Goal: at most 1.2 times the bare job's wall time, and
a driver whose memory does not grow with the input.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "pipelines"))

from facts import KEY, fact_of, write_rows
from figures import Figure, at_most, median_and_spread, tell

HERE = Path(__file__).parent
os.environ["SAASCORE_REFERENCE_KEYS"] = f"demo:{KEY.hex()}"
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["PYTHONPATH"] = str(HERE / "pipelines")  # where the bare job's workers find what it does to a row
COLUMNS = ("key", "body", "shape", "subject", "occurred_at", "quantity")


def bare(batches: Iterator[Any]) -> Iterator[Any]:
    import orjson
    import pyarrow as pa
    from models import Fact

    for batch in batches:
        made = []
        for row in batch.column("row").to_pylist():
            fact = Fact.model_validate(fact_of(orjson.loads(row))).model_dump(by_alias=True)
            body = orjson.dumps(fact, option=orjson.OPT_SORT_KEYS).decode()
            shape = " ".join(
                [fact["event_type"], fact["plan_key"], fact["unit"], *fact["dimensions"].values()]
            )
            columns = ("idempotency_key", "subject_label", "occurred_at", "quantity")
            key, *others = [fact[name] for name in columns]
            made.append((key, body, shape, *others))
        yield pa.RecordBatch.from_arrays(
            [pa.array(column) for column in zip(*made, strict=True)], names=list(COLUMNS)
        )


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def through_the_driver(spark: Any, plan: Any, lines: Path) -> tuple[float, float, int, float]:
    """Map lines that the driver reads, and return its memory in MB at first and at last, the rows and the seconds."""
    from saascore.engines.spark import map_with_spark

    start, count, peaks = time.perf_counter(), 0, []
    with lines.open("rb") as stream:
        blocks = iter(lambda: b"".join(islice(stream, 10_000)), b"")
        for answers in map_with_spark(plan, blocks, session=spark):
            count += len(answers)
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return peaks[0], peaks[-1], count, time.perf_counter() - start


def main() -> int:
    from pyspark.sql import SparkSession

    from saascore.engines import MapperPlan
    from saascore.engines.spark import mapped

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, default=300_000)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    plan = MapperPlan("pipelines", "demo", "2026-03-31T00:00:00Z", (str(HERE / "pipelines" / "adapter.py"),))
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        lines = Path(folder) / "rows.ndjson"
        write_rows(lines, asked.rows)
        spark.read.text(str(lines)).toDF("row").repartition(4).write.parquet(f"{folder}/rows")
        frame = spark.read.parquet(f"{folder}/rows")
        jobs = {
            "saascore": lambda: mapped(frame, plan).write.mode("overwrite").parquet(f"{folder}/facts"),
            "bare": lambda: (
                frame.mapInArrow(bare, ", ".join(f"{name} string" for name in COLUMNS))
                .write.mode("overwrite")
                .parquet(f"{folder}/bare")
            ),
        }
        taken: dict[str, list[float]] = {name: [] for name in jobs}
        for turn in range(asked.rounds + 1):
            for name, job in jobs.items():
                passed = seconds(job)
                if turn:  # the first round starts Spark's Python workers
                    taken[name].append(passed)
        facts = spark.read.parquet(f"{folder}/facts")
        refused = facts.where("refusal is not null").count()
        if refused or facts.count() != asked.rows:
            raise SystemExit(f"{refused} rows of {facts.count()} were refused")
        first, last, count, through = through_the_driver(spark, plan, lines)
    own, other = (statistics.median(taken[name]) for name in ("saascore", "bare"))
    tell(
        Figure(f"saascore on Spark, {asked.rows:,} rows", f"{median_and_spread(taken['saascore'])} s"),
        Figure("the bare job", f"{median_and_spread(taken['bare'])} s"),
        at_most("saascore beside the bare job, wall time", own / other, 1.2),
        Figure(
            f"the driver's memory after its first answers and after {count:,}",
            f"{first:.0f} and {last:.0f} MB",
        ),
        Figure(f"{count:,} rows through the driver", f"{through:.1f} s"),
    )
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
