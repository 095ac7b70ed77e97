"""Every engine gives the same answers, byte for byte, whatever the chunks, the workers and the accidents."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saascore.engines import engine_named, map_chunk, map_in_pool
from saascore.errors import SaascoreError
from saascore.ledger.usage_row import UsageColumns, UsageRow
from saascore.usage.picked import Answers
from saascore.usage.verdict import Refusal


def map_locally(plan, chunks):
    mapper = plan.build()
    return [map_chunk(chunk, mapper) for chunk in chunks]


def chunks_of(lines, size):
    return [lines[i : i + size] for i in range(0, len(lines), size)]


def flat(chunks):
    return [answer for chunk in chunks for answer in chunk]


def test_every_row_has_one_answer_in_order(plan, lines):
    answers = flat(map_locally(plan, chunks_of(lines(40), 7)))
    assert len(answers) == 43
    assert [type(a) is UsageRow for a in answers[:40]] == [
        n not in {3, 11, 17, 23, 29, 31} for n in range(40)
    ]
    codes = [a.codes[0] for a in answers if type(a) is not UsageRow]
    assert codes == [
        "not-finished",
        "ADP-101",
        "CON-003",
        "USG-001",
        "CON-002",
        "CON-001",
        "INP-001",
        "INP-003",
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=1, max_value=50), st.randoms())
def test_chunks_and_order_change_no_answer(plan, lines, size, random):
    rows = lines(40)
    expected = dict(zip(rows, flat(map_locally(plan, [rows])), strict=True))
    random.shuffle(rows)
    assert flat(map_locally(plan, chunks_of(rows, size))) == [expected[row] for row in rows]


def test_parsed_rows_and_lines_give_the_same(plan, lines):
    rows = lines(40)[:40]
    parsed = [json.loads(row) for row in rows]
    assert flat(map_locally(plan, [parsed])) == flat(map_locally(plan, [rows]))


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "size"), [(1, 50), (2, 7), (3, 1000)])
def test_a_pool_gives_what_this_process_gives(plan, lines, workers, size):
    rows = lines(120)
    assert flat(map_in_pool(plan, chunks_of(rows, size), workers=workers)) == flat(map_locally(plan, [rows]))


@pytest.mark.slow
def test_a_killed_worker_costs_no_answer(plan, lines, row, tmp_path):
    fuse = tmp_path / "fuse"
    fuse.touch()
    rows = [*lines(60), json.dumps(row(61, state="die", fuse=str(fuse))).encode(), *lines(30)]
    answers = flat(map_in_pool(plan, chunks_of(rows, 10), workers=2))
    assert not fuse.exists(), "no worker was killed: the test shows nothing"
    assert answers == flat(map_locally(plan, [rows]))


@pytest.mark.slow
def test_rows_that_always_kill_are_a_clear_error(plan, row):
    rows = [json.dumps(row(1, state="always-die")).encode()]
    with pytest.raises(SaascoreError, match="ENG-002"):
        list(map_in_pool(plan, [rows], workers=1))


DRIVER = """
import multiprocessing, sys, time
from saascore.engines import MapperPlan, map_in_pool

def chunks():
    yield b""
    print(*(worker.pid for worker in multiprocessing.active_children()), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    plan = MapperPlan("small-studio", "demo", "2026-03-01T00:00:00Z", adapters=(sys.argv[1],))
    try:
        list(map_in_pool(plan, chunks(), workers=1))
    except KeyboardInterrupt:
        sys.exit(3)
"""


SLOW_TO_START = """
import multiprocessing, pathlib, time
if multiprocessing.parent_process() is not None:
    pathlib.Path(__file__).with_suffix(".started").touch()
    time.sleep(1)
"""


@pytest.fixture
def driver(plan, tmp_path):
    """A process with a pool of one worker, which begins to start when its id is printed, and a session of their own."""
    path = tmp_path / "driver.py"
    path.write_text(DRIVER)
    (adapter,) = plan.adapters
    with Path(adapter).open("a") as stream:
        stream.write(SLOW_TO_START)
    command = [sys.executable, path, adapter]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as started:
        yield started


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc to ask for a process")
def test_workers_end_with_a_driver_that_was_killed(driver):
    workers = [int(pid) for pid in driver.stdout.readline().split()]
    driver.kill()
    assert workers
    for _ in range(600):
        if not any(map(is_running, workers)):
            return
        time.sleep(0.1)
    pytest.fail("a worker goes on without its driver")


@pytest.mark.slow
def test_an_interrupt_ends_a_pool_in_silence(adapter, driver):
    assert driver.stdout.readline().strip()
    while not adapter.with_suffix(".started").exists():
        time.sleep(0.01)
    os.killpg(driver.pid, signal.SIGINT)
    assert (driver.communicate()[0], driver.returncode) == ("", 3)


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.slow
def test_a_worker_without_the_key_says_so(plan, lines, monkeypatch):
    monkeypatch.delenv("SAASCORE_REFERENCE_KEYS")
    with pytest.raises(SaascoreError, match="KEY-001"):
        list(map_in_pool(plan, [lines(5)], workers=1))


def test_a_worker_with_another_key_of_the_same_id_refuses(plan, monkeypatch):
    asked = type(plan).of(plan.build(), plan.adapters)
    assert asked.build().keys.check == asked.key_checks[0]
    monkeypatch.setenv("SAASCORE_REFERENCE_KEYS", "demo:" + "b6" * 32)
    with pytest.raises(SaascoreError, match="KEY-005"):
        asked.build()


@pytest.mark.slow
def test_a_worker_with_another_adapter_refuses(plan, lines):
    other = plan._replace(adapter_digest="sha256:" + "0" * 64)
    with pytest.raises(SaascoreError, match="ENG-001"):
        list(map_in_pool(other, [lines(5)], workers=1))


def test_an_engine_that_is_none_is_refused():
    with pytest.raises(SaascoreError, match="INP-004"):
        engine_named("hamster-wheel")


def test_spark_without_pyspark_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SaascoreError, match="ENG-003"):
        engine_named("spark")


@pytest.mark.slow
def test_a_pool_makes_the_mapper_that_it_is_given(plan, lines):
    rows = [json.loads(line) for line in lines(30)[:30]]
    pool = engine_named("pool", plan.adapters)
    (answers,) = pool(plan.build(), [rows], 30)
    assert (len(answers), answers[0], answers[-2:]) == (30, next(iter(answers)), list(answers)[28:])
    assert list(answers) == flat(engine_named("local")(plan.build(), [rows], 30))


def test_whole_lines_in_one_piece_give_what_they_give_one_by_one(plan, lines):
    rows = lines(40)
    (one_by_one,) = map_locally(plan, [rows])
    for end in (b"\n", b"\r\n", b"\n \n\n"):
        (together,) = map_locally(plan, [end.join(rows)])
        assert list(together) == list(one_by_one)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["local", "pool"])
def test_no_more_rows_come_together_than_asked(plan, lines, engine):
    rows = lines(80)
    chunks = [b"\n".join(rows[at : at + 9]) for at in range(0, len(rows), 9)]
    answers = list(engine_named(engine, plan.adapters)(plan.build(), chunks, 25))
    assert flat(answers) == flat(map_locally(plan, [rows]))
    assert max(map(len, answers)) <= 25


@given(st.lists(st.lists(st.booleans(), max_size=6), min_size=1, max_size=6))
def test_answers_of_chunks_are_joined_in_order(kinds):
    count = iter(range(100))

    def answer(fact):
        number = next(count)
        if not fact:
            return Refusal("rejected", (f"code-{number}",))
        key = bytes([number]) * 15
        return UsageRow("small-studio", key, key, str(number), "shape", "subject", "now", number, 0)

    def answers(chunk):
        rows = [item for item in chunk if type(item) is UsageRow]
        refusals = {place: item for place, item in enumerate(chunk) if type(item) is Refusal}
        return Answers("small-studio", UsageColumns.of(rows) if rows else UsageColumns(), refusals)

    chunks = [[answer(fact) for fact in chunk] for chunk in kinds]
    joined = Answers.joined([answers(chunk) for chunk in chunks])
    assert list(joined) == flat(chunks)
    assert len(joined) == len(flat(chunks))
