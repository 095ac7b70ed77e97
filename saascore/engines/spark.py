"""Mapping on Apache Spark: the same adapters and the same bytes, for inputs that exceed one machine.

Rows go to the executors as Arrow batches and come back as facts in input order; deduplication and summaries are Spark
shuffles. Executors never see the ledger. They find the adapter installed, or in a wheel that was shipped with
``SparkContext.addPyFile``, and read the reference keys from their own environment: set
``spark.executorEnv.SAASCORE_REFERENCE_KEYS_FILE``, never a key itself, because Spark shows its settings.
"""

# pyright: reportMissingImports=false
# PySpark and PyArrow are an extra that the environment of the type checkers does not have.

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saascore.engines.chunk import MapperPlan, map_chunk
from saascore.errors import SaascoreError
from saascore.ledger.usage_row import UsageColumns, UsageRow
from saascore.usage.mapping import UsageMapper
from saascore.usage.picked import Answers, Mapped
from saascore.usage.rows import Chunk, Row, rows_of
from saascore.usage.verdict import Refusal

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_BINARY = {"key", "event", "corrects"}
_LONG = {"ordinal", "whole", "nanos", "sequence"}
_NAMES = ("ordinal", "refusal", *UsageRow._fields)
#: One row in, one row out: either ``refusal`` (JSON) or the columns of a fact.
COLUMNS = ", ".join(
    f"{name} {'binary' if name in _BINARY else 'long' if name in _LONG else 'string'}" for name in _NAMES
)
#: Rows a job when they come through the driver: enough to keep every core busy, little enough for a driver of 1 GB to hold.
JOB_ROWS = 50_000
_NO_FACT = (None,) * len(UsageRow._fields)


def map_with_spark(
    plan: MapperPlan,
    chunks: Iterable[Chunk],
    size: int = JOB_ROWS,
    *,
    session: SparkSession | None = None,
) -> Iterator[Answers]:
    """Yield the answers to all rows, in order of the input, mapped by Spark's executors.

    Args:
        plan: How an executor makes its mapper.
        chunks: Rows or lines.
        size: The most rows that are yielded together.
        session: The application's session; a local one by default.

    Raises:
        SaascoreError: Spark or Java is missing (``ENG-003``), or an executor cannot make its mapper.
    """
    spark = session or local_session()
    rows = chain.from_iterable(map(rows_of, chunks))
    while job := list(islice(rows, min(size, JOB_ROWS))):
        yield answers_of(mapped(frame_of(spark, job), plan), plan)


def local_session() -> SparkSession:
    """Return a Spark session on this machine.

    Raises:
        SaascoreError: ``ENG-003``.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  an extra
    except ImportError:
        raise SaascoreError("ENG-003", detail="PySpark is not installed") from None
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise SaascoreError("ENG-003", detail="there is no Java")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # or workers run whatever python3 is on the path
    builder = SparkSession.builder.master("local[*]").appName("saascore")
    return builder.config("spark.ui.enabled", "false").getOrCreate()


def frame_of(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    """Return rows as a frame with the columns ``ordinal``, which ascends with the input, and ``row``, in parts for all cores."""
    import pyarrow as pa  # noqa: PLC0415  an extra

    lines = [row if type(row) is bytes else json.dumps(row).encode() for row in rows]
    table = pa.table(
        {"ordinal": pa.array(range(len(lines)), pa.int64()), "row": pa.array(lines, pa.binary())}
    )
    return spark.createDataFrame(table).repartition(2 * spark.sparkContext.defaultParallelism)


def mapped(frame: DataFrame, plan: MapperPlan) -> DataFrame:
    """Map a frame with a column ``row`` (one JSON object each) to ``COLUMNS``.

    ``ordinal`` is the frame's own, or else ascends with the input: partitions in order, and rows within a partition.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415  an extra

    own = "ordinal" in frame.columns
    ordinal = f.col("ordinal") if own else f.monotonically_increasing_id().alias("ordinal")
    return frame.select(ordinal, "row").mapInArrow(partial(_map_batches, plan), COLUMNS)


def answers_of(frame: DataFrame, plan: MapperPlan) -> Answers:
    """Bring the answers of a mapped frame to the driver, in input order. What is too large for that is written to Parquet.

    Raises:
        SaascoreError: An executor could not make its mapper, or Spark failed (``ENG-004``).
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415  an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415  an extra

    try:
        table = frame.toArrow().sort_by("ordinal")
    except (PySparkException, Py4JError) as error:
        problem = SaascoreError("ENG-004", detail=type(error).__name__)
    else:
        origin = plan.adapter().origin
        told = enumerate(table.column("refusal").to_pylist())
        refusals = {place: _refusal(text, origin) for place, text in told if text is not None}
        facts = table.filter(table.column("refusal").is_null())
        rows = UsageColumns._make(facts.column(name).to_pylist() for name in UsageRow._fields)
        return Answers(plan.product, rows, refusals)
    raise problem  # outside of the except clause: Spark's own message holds a traceback of the executor


def first_of_each_key(facts: DataFrame) -> DataFrame:
    """Keep the first fact of every (source, key) in input order: the shuffle that makes a fact count once."""
    from pyspark.sql import functions as f  # noqa: PLC0415  an extra

    names = [name for name in facts.columns if name not in {"source", "key"}]
    first = f.min_by(f.struct(*names), "ordinal").alias("first")
    return (
        facts.where("refusal is null").groupBy("source", "key").agg(first).select("source", "key", "first.*")
    )


def sums_by_shape(facts: DataFrame, *, prefix: int) -> DataFrame:
    """Aggregate facts by shape and by the leading ``prefix`` characters of ``occurred_at``: exact, in one shuffle.

    Columns: shape, window, count, whole and nanos (to be added as ``whole + nanos / 10⁹``), subjects.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415  an extra

    exact = "decimal(38,0)"
    return facts.groupBy("shape", f.substring("occurred_at", 1, prefix).alias("window")).agg(
        f.count("*").alias("count"),
        f.sum(f.col("whole").cast(exact)).alias("whole"),
        f.sum(f.col("nanos").cast(exact)).alias("nanos"),
        f.count_distinct("subject").alias("subjects"),
    )


@lru_cache(maxsize=4)
def _mapper(plan: MapperPlan) -> UsageMapper:
    """Make the mapper once for each Python worker, which Spark keeps for many tasks.

    Spark puts shipped zip files on the path of its workers, and forgets wheels.
    """
    from pyspark import SparkFiles  # noqa: PLC0415  an extra

    for wheel in sorted(Path(SparkFiles.getRootDirectory()).glob("*.whl")):
        if str(wheel) not in sys.path:
            sys.path.append(str(wheel))
    return plan.build()


def _map_batches(plan: MapperPlan, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # noqa: PLC0415  an extra

    schema = pa.schema(
        [(name, _arrow_type(pa, kind)) for name, kind in (column.split() for column in COLUMNS.split(","))]
    )
    for batch in batches:
        rows = batch.column("row").to_pylist()
        try:
            answers: Sequence[Mapped | SaascoreError] = map_chunk(list(map(_bytes, rows)), _mapper(plan))
        except SaascoreError as error:
            answers = [error] * len(rows)
        facts = [answer if type(answer) is UsageRow else _NO_FACT for answer in answers]
        told = [None if type(answer) is UsageRow else _told(answer) for answer in answers]
        arrays = [batch.column("ordinal")] + [
            pa.array(column, field.type)
            for column, field in zip((told, *zip(*facts, strict=True)), list(schema)[1:], strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _arrow_type(pa: Any, kind: str) -> Any:
    return {"long": pa.int64(), "string": pa.string(), "binary": pa.binary()}[kind]


def _bytes(row: str | bytes) -> bytes:
    return row.encode() if isinstance(row, str) else bytes(row)


def _told(answer: Mapped | SaascoreError) -> str:
    if isinstance(answer, SaascoreError):
        return json.dumps({"fault": [answer.code, answer.where, answer.detail]})
    assert isinstance(answer, Refusal)  # noqa: S101  for the type checker; there is no third case
    return json.dumps({"refusal": answer[:4], "origin": answer.origin is not None})


def _refusal(text: str, origin: Any) -> Refusal:
    told = json.loads(text)
    if "fault" in told:
        code, where, detail = told["fault"]
        raise SaascoreError(code, where=where, detail=detail)
    outcome, codes, fields, hook = told["refusal"]
    return Refusal(outcome, tuple(codes), tuple(fields), hook, origin if told["origin"] else None)
