"""Spark gives what this process gives; run by make test-spark, where saascore[spark] and Java are installed."""

import json
import os
import shutil
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="saascore[spark] is not installed: make test-spark")
if shutil.which("java") is None:
    pytest.skip("there is no Java: make test-spark", allow_module_level=True)

import pyspark
from pyspark.sql import SparkSession

from saascore.engines import map_chunk
from saascore.engines.spark import (
    answers_of,
    first_of_each_key,
    frame_of,
    map_with_spark,
    mapped,
    sums_by_shape,
)
from saascore.errors import SaascoreError
from saascore.ledger.usage_row import UsageRow

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module", params=["local[2]", "local-cluster[2,1,1024]"])
def spark(request, tmp_path_factory):
    """A session in one process, and one with executors of their own."""
    if request.param != "local[2]" and not (Path(pyspark.__file__).parent / "bin").is_dir():
        pytest.skip("this PySpark has no scripts for separate executors")
    keys = tmp_path_factory.mktemp("keys") / "reference-keys"
    keys.write_text("demo:" + "5a" * 32)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master(request.param)
        .appName("saascore-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.executorEnv.SAASCORE_REFERENCE_KEYS_FILE", str(keys))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    session.conf.set("saascore.tests.master", request.param)
    yield session
    session.stop()


def map_locally(plan, chunks):
    mapper = plan.build()
    return [map_chunk(chunk, mapper) for chunk in chunks]


def flat(chunks):
    return [answer for chunk in chunks for answer in chunk]


def test_spark_gives_what_this_process_gives(spark, plan, lines):
    chunks = [lines(200)[i : i + 30] for i in range(0, 203, 30)]
    assert flat(map_with_spark(plan, chunks, session=spark)) == flat(map_locally(plan, chunks))


def test_rows_come_in_order_however_many_jobs_they_take(spark, plan, lines, monkeypatch):
    monkeypatch.setattr("saascore.engines.spark.JOB_ROWS", 40)
    rows = lines(100)
    answers = list(map_with_spark(plan, [b"\n".join(rows)], 30, session=spark))
    assert [len(chunk) for chunk in answers] == [30, 30, 30, 13]
    assert flat(answers) == flat(map_locally(plan, [rows]))


def test_the_first_of_each_key_is_the_first_of_the_input(spark, plan, lines):
    rows = lines(60) * 3
    facts = first_of_each_key(mapped(frame_of(spark, rows), plan)).collect()
    expected = {}
    for answer in flat(map_locally(plan, [rows])):
        if type(answer) is UsageRow:
            expected.setdefault(answer.key, answer.body)
    assert {bytes(fact["key"]): fact["body"] for fact in facts} == expected


def test_parquet_in_and_out_and_sums_are_exact(spark, plan, lines, tmp_path):
    rows = lines(100)
    frame_of(spark, rows).write.parquet(str(tmp_path / "rows"))
    facts = first_of_each_key(mapped(spark.read.parquet(str(tmp_path / "rows")), plan))
    facts.write.parquet(str(tmp_path / "facts"))
    sums = sums_by_shape(spark.read.parquet(str(tmp_path / "facts")), prefix=10).collect()
    expected = Counter()
    seen = set()
    for answer in flat(map_locally(plan, [rows])):
        if type(answer) is UsageRow and answer.key not in seen:
            seen.add(answer.key)
            expected[answer.shape, answer.occurred_at[:10]] += answer.whole
    assert {(row["shape"], row["window"]): int(row["whole"]) for row in sums} == dict(expected)


def test_an_executor_without_the_adapter_is_a_clear_error(spark, plan, lines):
    frame = mapped(frame_of(spark, lines(5)), plan._replace(adapters=(), adapter_digest=None))
    with pytest.raises(SaascoreError) as caught:
        list(answers_of(frame, plan))
    assert caught.value.code.startswith("ADP-")


def test_an_executor_with_another_adapter_is_a_clear_error(spark, plan, lines):
    frame = mapped(frame_of(spark, lines(5)), plan._replace(adapter_digest="sha256:" + "0" * 64))
    with pytest.raises(SaascoreError, match="ENG-001"):
        list(answers_of(frame, plan))


def test_a_killed_executor_costs_no_answer(spark, plan, lines, row, tmp_path):
    if spark.conf.get("saascore.tests.master") == "local[2]":
        pytest.skip("in one process Spark does not try again")
    fuse = tmp_path / "fuse"
    fuse.touch()
    rows = [*lines(40), json.dumps(row(61, state="die", fuse=str(fuse))).encode(), *lines(20)]
    answers = flat(map_with_spark(plan, [rows], session=spark))
    assert not fuse.exists(), "no worker was killed: the test shows nothing"
    assert answers == flat(map_locally(plan, [rows]))


def test_an_adapter_shipped_as_a_wheel_is_found(spark, plan, adapter, lines, tmp_path):
    wheel = tmp_path / "shipped_studio-1.0-py3-none-any.whl"
    source = adapter.read_text().replace("small-studio", "shipped-studio")
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("shipped_studio.py", source)
        info = "shipped_studio-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: shipped-studio\nVersion: 1.0\n")
        archive.writestr(f"{info}/entry_points.txt", "[saascore.adapters]\nshipped-studio = shipped_studio\n")
        archive.writestr(f"{info}/RECORD", "")
    spark.sparkContext.addPyFile(str(wheel))
    shipped = plan._replace(product="shipped-studio", adapters=(), adapter_digest=None)
    rows = lines(20)
    frame = mapped(frame_of(spark, rows), shipped).drop("ordinal")
    bodies = [found["body"] for found in frame.collect()]
    assert sum(body is not None for body in bodies) == len(rows) - 5
