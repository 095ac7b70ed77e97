"""What a ledger holds after kill -9, a full disk and many writers: every acknowledged fact, once, without a gap."""

import contextlib
import os
import random
import select
import shutil
import signal
import subprocess
import threading
import time
import warnings

import pytest

from saascore.contract.runs import RunLimits
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger, open_ledger
from saascore.ledger.runs import runs
from saascore.ledger.sealing import seal
from saascore.ledger.verify import verify
from saascore.usage.preview import Audit, preview
from saascore.usage.runs import apply, resume

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("SAASCORE_KILLS", "200"))
WINDOW = Window.parse({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"})
AUDIT = Audit("op:ops", "op:finance", "launch-backfill")


def forked(work):
    """Run ``work(acknowledge)`` in a forked process; gives its id and where its acknowledgements can be read."""
    receive, send = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses no thread of this process
        child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            work(lambda: os.write(send, b"."))
            code = 0
        os._exit(code)
    os.close(send)
    return child, receive


def ended(child, receive):
    """Wait for a forked process: how many acknowledgements were left to read, and whether it got through."""
    acknowledged = b""
    while piece := os.read(receive, 65536):
        acknowledged += piece
    os.close(receive)
    _, status = os.waitpid(child, 0)
    return len(acknowledged), os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def killed(work, delay):
    """Fork ``work(acknowledge)`` and kill -9 it after a while.

    Returns:
        How many acknowledgements came through, and whether the work was done before the kill.
    """
    child, receive = forked(work)
    until, acknowledged = time.monotonic() + delay, 0
    while (left := until - time.monotonic()) > 0 and select.select([receive], [], [], left)[0]:
        piece = os.read(receive, 65536)
        if not piece:  # the child has ended
            break
        acknowledged += len(piece)
    os.kill(child, signal.SIGKILL)
    rest, done = ended(child, receive)
    return acknowledged + rest, done


def until_done(work, check, *, kills):
    """Kill ``work`` again and again at random moments until it gets through; then start over until enough kills.

    How long it may live follows how long it takes here when nobody kills it.
    """
    start = time.monotonic()
    _, done = killed(work, 60)
    check(0, done)
    whole, draw, count = time.monotonic() - start, random.Random(7), 0
    while count < kills:
        done, attempts = False, 0
        while not done:
            attempts += 1
            acknowledged, done = killed(work, draw.uniform(0, whole * (0.7 + attempts / 10)))
            count += not done
            check(acknowledged, done)


@pytest.fixture
def shop(tmp_path, desk_of):
    """Makes a desk over a fresh ledger file."""
    numbers = iter(range(10**6))

    def fresh():
        url = f"sqlite:///{tmp_path}/{next(numbers)}.db"
        create_ledger(url, reference_key="k1", created_at=desk_of.now).close()
        return url

    return fresh


def facts_of(url):
    with open_ledger(url) as ledger:
        return list(ledger.facts())


def test_killed_while_submitting_no_acknowledged_fact_is_missing(shop, desk_of):
    rows = [desk_of.row(str(n), quantity=str(n)) for n in range(120)]
    urls = [shop()]

    def submit(acknowledge):
        with open_ledger(urls[-1]) as ledger:
            desk = desk_of(ledger)
            for _ in desk.submission().run(desk.records(*rows), desk.mapper(), chunk=5):
                acknowledge()

    submit(lambda: None)
    undisturbed = facts_of(urls[-1])
    urls.append(shop())

    def check(acknowledged, done):
        facts = facts_of(urls[-1])
        assert facts == undisturbed[: len(facts)]
        assert len(facts) >= acknowledged
        if done:
            assert facts == undisturbed
            urls.append(shop())

    until_done(submit, check, kills=KILLS * 2 // 5)


def test_killed_while_backfilling_the_resumed_run_has_the_same_bytes(shop, desk_of):
    rows = [
        desk_of.row(f"old{n}", at=f"2026-02-{n % 28 + 1:02d}T08:00:00.{n:06d}Z", basis="occurrence")
        for n in range(100)
    ]
    urls = [shop()]

    def backfill(_):
        with open_ledger(urls[-1]) as ledger:
            desk = desk_of(ledger)
            desk.adapter.rows = rows
            known = runs(ledger)
            if known and known[0].state == "applying":
                resume(ledger, desk.product, desk.keys, known[0].run_id, now=desk.now)
            elif not known:
                shown = preview(ledger, desk.product, desk.keys, WINDOW, AUDIT, limits=RunLimits(chunk=7))
                apply(ledger, desk.product, desk.keys, shown, now=desk.now)

    backfill(None)
    undisturbed = facts_of(urls[-1])
    assert len(undisturbed) == 101
    urls.append(shop())

    def check(_, done):
        facts = facts_of(urls[-1])
        assert facts in ([], undisturbed), "all of a run or nothing"
        if done:
            assert facts == undisturbed
            urls.append(shop())

    until_done(backfill, check, kills=KILLS * 2 // 5)


def test_killed_while_sealing_the_tree_is_the_same(shop, desk_of, monkeypatch):
    monkeypatch.setattr("saascore.ledger.sealing.CHUNK", 256)
    rows = [desk_of.row(str(n)) for n in range(1500)]
    urls = []

    def fresh():
        urls.append(shop())
        with open_ledger(urls[-1]) as ledger:
            desk_of(ledger).submit(*rows)

    def sealing(_):
        with open_ledger(urls[-1]) as ledger:
            seal(ledger, now=desk_of.now)

    fresh()
    sealing(None)
    with open_ledger(urls[-1]) as ledger:
        tree = ledger.driver.rows("SELECT * FROM tree ORDER BY level, node")
        head = ledger.driver.rows("SELECT size, root FROM checkpoints")
    fresh()

    def check(_, done):
        with open_ledger(urls[-1]) as ledger:
            assert verify(ledger).fault is None
            if done:
                assert ledger.driver.rows("SELECT * FROM tree ORDER BY level, node") == tree
                assert ledger.driver.rows("SELECT size, root FROM checkpoints") == head
        if done:
            fresh()

    until_done(sealing, check, kills=KILLS // 5)


def test_a_full_disk_loses_nothing_and_says_so(shop, desk_of):
    url = shop()
    rows = [desk_of.row(str(n)) for n in range(4000)]
    with open_ledger(url) as ledger:
        desk = desk_of(ledger)
        ledger.driver.run("PRAGMA max_page_count = 200")  # SQLite answers as on a full disk
        verdicts = desk.submit(*rows, chunk=500)
        kinds = [verdict.outcome for verdict in verdicts]
        kept = kinds.count("accepted")
        assert 0 < kept < 4000
        assert kinds == ["accepted"] * kept + ["unprocessed"] * (4000 - kept)
        assert verdicts[-1].codes == ("LED-005",)
        assert ledger.head == kept
    with open_ledger(url) as ledger:
        assert desk_of(ledger).kinds(*rows) == ["duplicate"] * kept + ["accepted"] * (4000 - kept)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB; gives its folder and a function that makes it larger."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options):
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False, capture_output=True
        )
        return done.returncode == 0

    if os.getuid() != 0 or shutil.which("mount") is None or not mount("size=2m"):
        pytest.skip("only root may mount a small file system, and not everywhere")
    try:
        yield folder, lambda: mount("remount,size=64m")
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_file_system_that_is_really_full_loses_nothing(small_disk, shop, desk_of):
    folder, grow = small_disk
    rows = [desk_of.row(str(n)) for n in range(4000)]
    undisturbed = shop()
    with open_ledger(undisturbed) as ledger:
        desk_of(ledger).submit(*rows)
    url = f"sqlite:///{folder}/ledger.db"
    with create_ledger(url, reference_key="k1", created_at=desk_of.now) as ledger:
        desk = desk_of(ledger)
        kinds = [verdict.outcome for verdict in desk.submit(*rows, chunk=500)]
        kept = kinds.count("accepted")
        assert 0 < kept < 4000
        assert kinds == ["accepted"] * kept + ["unprocessed"] * (4000 - kept)
    with contextlib.suppress(OSError), (folder / "rest").open("wb") as rest:  # not a byte is left
        while rest.write(b"x" * 4096):
            rest.flush()
    with contextlib.suppress(SaascoreError), open_ledger(url) as ledger:
        assert set(desk_of(ledger).kinds(*rows, chunk=4000)) == {"unprocessed"}
    assert grow()
    with open_ledger(url) as ledger:
        assert ledger.head == kept
        assert desk_of(ledger).kinds(*rows) == ["duplicate"] * kept + ["accepted"] * (4000 - kept)
        assert seal(ledger, now=desk_of.now).size == 4000
        assert verify(ledger).fault is None
    assert facts_of(url) == facts_of(undisturbed)


def contend(url, desk_of, rows, *, clients, rounds=3):
    """Submit the same rows from many threads, each with its own connection and order; count what was accepted."""
    accepted, errors, lock = [], [], threading.Lock()

    def client(number):
        try:
            with open_ledger(url) as ledger:
                desk = desk_of(ledger)
                order = list(rows)
                random.Random(number).shuffle(order)
                for _ in range(rounds):
                    for at in range(0, len(order), 10):
                        verdicts = desk.submit(*order[at : at + 10])
                        with lock:
                            accepted.extend(v.position for v in verdicts if v.outcome == "accepted")
                            assert all(v.outcome in ("accepted", "duplicate") for v in verdicts)
        except BaseException as error:  # noqa: BLE001  a thread's failure must reach the test
            errors.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return accepted


def test_eight_clients_with_one_key_set_count_every_event_once(store_url, desk_of):
    create_ledger(store_url, reference_key="k1", created_at=desk_of.now).close()
    rows = [desk_of.row(str(n), quantity="1") for n in range(60)]
    accepted = contend(store_url, desk_of, rows, clients=8)
    assert sorted(accepted) == list(range(1, 61))
    with open_ledger(store_url) as ledger:
        assert [fact.position for fact in ledger.facts()] == list(range(1, 61))
        assert desk_of(ledger).totals() == {("image.rendered", "pro"): (60, "60")}
        told = ledger.arrivals()
        outcomes = {measure.word: n for measure, n in told.items() if measure.measure == "outcome"}
        assert outcomes == {"accepted": 60, "duplicate": 8 * 3 * 60 - 60}


def test_two_processes_and_eight_threads_share_one_file(shop, desk_of):
    url = shop()
    rows = [desk_of.row(str(n), quantity="1") for n in range(60)]

    def work(acknowledge):
        for _ in contend(url, desk_of, rows, clients=4, rounds=2):
            acknowledge()

    child = forked(work)  # before this process has threads
    here = contend(url, desk_of, rows, clients=4, rounds=2)
    there, done = ended(*child)
    assert done
    assert len(here) + there == 60
    with open_ledger(url) as ledger:
        assert ledger.head == 60


def test_a_writer_that_waits_too_long_is_told_so(shop, desk_of, monkeypatch):
    url = shop()
    monkeypatch.setattr("saascore.ledger.sqlite.WAIT_SECONDS", 0.05)
    with open_ledger(url) as holder, open_ledger(url) as other:
        desk_of(other).mapper()  # the ledger keeps its key's check value, which would have to wait as well
        with holder.write():
            assert desk_of(other).kinds(desk_of.row()) == ["unprocessed"]
            with pytest.raises(SaascoreError, match=r"LED-005.*SQLITE_BUSY"), other.write():
                pass
        assert desk_of(other).kinds(desk_of.row()) == ["accepted"]
