"""The product's own counts against the ledger's; a rotated key; facts out."""

import hashlib
import json
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from saascore.cli.usage_operator import write_lines
from saascore.contract.cloudevents import from_cloudevent
from saascore.contract.usage import Correction, UsageAggregate
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.privacy.references import ReferenceKeys
from saascore.usage.correct import reverse
from saascore.usage.envelopes import EnvelopeReader
from saascore.usage.export import export_cloudevents, export_facts
from saascore.usage.parquet import export_parquet
from saascore.usage.reconcile import reconcile
from saascore.usage.rekey import rekey


def aggregate(count, total, **more):
    return UsageAggregate.parse(
        {
            "source": "alpha",
            "event_type": "image.rendered",
            "plan_key": "pro",
            "unit": "image",
            "window": {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"},
            "count": count,
            "sum": total,
            **more,
        }
    )


def test_equal_counts_are_clean_and_parts_of_a_group_add_up(desk):
    desk.submit(desk.row("a"), desk.row("b"))
    assert reconcile(desk.ledger, [aggregate(1, "1"), aggregate(1, "2")], source="alpha").clean


def test_every_difference_is_named(desk):
    desk.submit(desk.row("a"), desk.row("b", event="upscale"), desk.row("c", plan="Free"))
    told = reconcile(
        desk.ledger,
        [aggregate(2, "3"), aggregate(1, "1.5", plan_key="free"), aggregate(4, "4", event_type="video.made")],
        source="alpha",
    )
    assert not told.clean
    assert [(g.event_type, g.plan_key, g.status, g.difference) for g in told.groups] == [
        ("image.rendered", "free", "equal", "0"),
        ("image.rendered", "pro", "differs", "1.5"),
        ("image.upscaled", "pro", "missing-in-product", "-1.5"),
        ("video.made", "pro", "missing-in-ledger", "4"),
    ]


def test_reconciling_sees_the_ledger_as_of_a_position_and_without_what_was_reversed(desk):
    desk.submit(desk.row("a"), desk.row("b"))
    event_id = desk.ledger.fact(1).json()["event_id"]
    reverse(desk.ledger, event_id, Correction(reason="test", operator="op:a"), now=desk.now)
    assert reconcile(desk.ledger, [aggregate(1, "1.5")], source="alpha").clean
    assert reconcile(desk.ledger, [aggregate(2, "3")], source="alpha", as_of=2).clean
    with pytest.raises(SaascoreError, match="INP-004"):
        reconcile(desk.ledger, [aggregate(1, "1", source="beta")], source="alpha")


def test_a_rotated_key_makes_old_and_new_references_one_subject(desk):
    desk.submit(desk.row("a", ws="w1"), desk.row("b", ws="w2"))
    desk.keys = ReferenceKeys({**desk.keys, "k2": hashlib.sha256(b"another test key").digest()})
    claims = [{"ws": "w1"}, {"ws": "w2"}, {"none": "x"}]
    before = desk.ledger.head
    assert rekey(desk.ledger, desk.product, desk.keys, claims, to="k2") == (3, 2, 0, 1)
    assert rekey(desk.ledger, desk.product, desk.keys, claims, to="k2", finish=True) == (3, 0, 2, 1)
    assert (desk.ledger.info.reference_key, desk.ledger.info.subject_key) == ("k1", "k2")
    verdicts = desk.submit(desk.row("c", ws="w1"), desk.row("a", ws="w1"))
    assert [verdict.outcome for verdict in verdicts] == ["accepted", "duplicate"]
    assert desk.ledger.fact(5).json()["subject_label"].startswith("ref:workspace:k2:")
    assert desk.ledger.fact(5).json()["idempotency_key"].startswith("ref:key:k1:")
    (group,) = desk.summary().groups
    assert (group.totals.count, group.totals.subjects) == (3, 2)
    assert desk.summary(as_of=before).groups[0].totals.subjects == 2


def test_the_old_key_is_still_asked_for(desk):
    only_new = ReferenceKeys({"k2": hashlib.sha256(b"another test key").digest()})
    with pytest.raises(SaascoreError, match="KEY-003"):
        rekey(desk.ledger, desk.product, only_new, [], to="k2")
    desk.keys = only_new
    with pytest.raises(SaascoreError, match="KEY-003"):
        desk.mapper()


def test_facts_go_out_as_they_are_and_come_back_as_the_same(desk):
    desk.submit(desk.row("a"), desk.row("b"))
    lines = [json.loads(line) for line in export_facts(desk.ledger)]
    assert [(line["position"], line["source"]) for line in lines] == [(1, "alpha"), (2, "alpha")]
    assert [json.loads(line)["position"] for line in export_facts(desk.ledger, after=1)] == [2]
    reader = EnvelopeReader(reference_key="k1", subject_key="k1")
    assert desk.kinds(*(line["fact"] for line in lines), prepare=reader) == ["duplicate", "duplicate"]
    events = [json.loads(line) for line in export_cloudevents(desk.ledger)]
    assert [from_cloudevent(event).to_json() for event in events] == [line["fact"] for line in lines]
    assert desk.kinds(*events, prepare=reader) == ["duplicate", "duplicate"]


def test_what_only_the_ledger_has_in_the_asked_window_is_missing_in_the_product(desk):
    desk.submit(*(desk.row(day, at=f"2026-03-0{day}T12:00:00.000000Z", quantity="1") for day in "1234"))
    asked = Window.parse({"from": "2026-03-01T00:00:00Z", "to": "2026-03-05T00:00:00Z"})

    def day(number):
        window = Window.parse(
            {"from": f"2026-03-0{number}T00:00:00Z", "to": f"2026-03-0{number + 1}T00:00:00Z"}
        )
        return aggregate(1, "1").model_copy(update={"window": window})

    def told(*days):
        compared = reconcile(desk.ledger, map(day, days), source="alpha", window=asked)
        return [(group.status, group.window.from_[8:10], group.ledger_count) for group in compared.groups]

    assert told() == [("missing-in-product", "01", 4)]
    assert told(2) == [("missing-in-product", "01", 1), ("equal", "02", 1), ("missing-in-product", "03", 2)]
    assert told(1, 2, 3, 4) == [("equal", f"0{number}", 1) for number in (1, 2, 3, 4)]


def test_parquet_holds_every_event_exactly_and_comes_back_as_the_same(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("saascore.usage.parquet.ROW_GROUP", 2)
    desk.submit(
        desk.row("a", quantity="123456789012.000000001"),
        desk.row("b", dimensions={"model": "large"}),
        desk.row("c", sequence=7),
    )
    out = tmp_path / "usage.parquet"
    assert export_parquet(desk.ledger, out) == 3
    table = pq.read_table(out)
    assert pq.ParquetFile(out).num_row_groups == 2
    facts = list(desk.ledger.facts())
    assert table["position"].to_pylist() == [1, 2, 3]
    assert table["fact"].to_pylist() == [fact.body for fact in facts]
    for name in ("event_id", "idempotency_key", "subject_label", "event_type", "plan_key", "unit", "source"):
        assert table[name].to_pylist() == [fact.json()[name] for fact in facts]
    assert table["quantity"].to_pylist()[0] == Decimal("123456789012.000000001")
    assert [moment.isoformat() for moment in table["occurred_at"].to_pylist()] == [
        fact.json()["occurred_at"].replace("Z", "+00:00").replace(".000000", "") for fact in facts
    ]
    assert table["source_sequence"].to_pylist() == [fact.json().get("source_sequence") for fact in facts]
    assert table["dimensions"].to_pylist() == [sorted(fact.json()["dimensions"].items()) for fact in facts]
    reader = EnvelopeReader(reference_key="k1", subject_key="k1")
    back = map(json.loads, table["fact"].to_pylist())
    assert desk.kinds(*back, prepare=reader) == ["duplicate"] * 3
    assert export_parquet(desk.ledger, out, after=2) == 1
    assert [file.name for file in tmp_path.iterdir() if "parquet" in file.name] == ["usage.parquet"]


def test_parquet_says_what_it_needs(desk, tmp_path, monkeypatch):
    with pytest.raises(SaascoreError, match="INP-002"):
        export_parquet(desk.ledger, tmp_path / "none" / "usage.parquet")
    monkeypatch.setattr("saascore.usage.parquet.find_spec", lambda _: None)
    with pytest.raises(SaascoreError, match="USG-011") as needed:
        export_parquet(desk.ledger, tmp_path / "usage.parquet")
    assert "saascore[parquet]" in str(needed.value.entry.cure)


@pytest.mark.parametrize("form", ["ndjson", "cloudevents", "parquet", "summary", "reconcile"])
def test_a_position_after_the_head_has_no_answer_yet(desk, tmp_path, form):
    desk.submit(desk.row("a"), desk.row("b"))
    ask = {
        "ndjson": lambda as_of: list(export_facts(desk.ledger, as_of=as_of)),
        "cloudevents": lambda as_of: list(export_cloudevents(desk.ledger, as_of=as_of)),
        "parquet": lambda as_of: export_parquet(desk.ledger, tmp_path / "usage.parquet", as_of=as_of),
        "summary": lambda as_of: desk.summary(as_of=as_of).groups,
        "reconcile": lambda as_of: (
            reconcile(desk.ledger, [aggregate(2, "3")], source="alpha", as_of=as_of).clean
        ),
    }[form]
    assert ask(2)
    for beyond in (3, -1):
        with pytest.raises(SaascoreError, match="ENT-006"):
            ask(beyond)


def test_an_export_that_is_refused_leaves_the_file_as_it_is(desk, tmp_path):
    desk.submit(desk.row("a"))
    out = tmp_path / "facts.ndjson"
    out.write_text("kept", encoding="utf-8")
    with pytest.raises(SaascoreError, match="ENT-006"):
        write_lines(export_facts(desk.ledger, as_of=2), out)
    assert out.read_text(encoding="utf-8") == "kept"
