"""Summaries are exact, independent of order and partition, and the same for ever as of a position."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saascore.contract.instants import parse_instant, to_datetime
from saascore.contract.summary import SummarySpec
from saascore.contract.window import Window
from saascore.errors import SaascoreError
from saascore.ledger import create_ledger
from saascore.usage.effective import fold_ledger
from saascore.usage.fold import SummaryState
from saascore.usage.summary import finish
from saascore.usage.windows import window_of
from saascore.usage.zones import local_midnight, zone_of

YEAR = {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}


def put(desk, *rows):
    """Submit rows of any age."""
    for at, more in rows:
        name = f"{at}-{sorted(more.items())}"
        verdict = desk.submit(desk.row(name, at=at, **more), now=at)[0]
        assert verdict.outcome == "accepted", verdict


def windows(summary):
    return [(group.window.from_[:16], group.totals.count) for group in summary.groups]


def test_an_event_on_a_bound_is_in_the_later_window_only(desk):
    put(
        desk,
        ("2026-03-01T00:00:00Z", {}),
        ("2026-02-28T23:59:59.999999Z", {}),
        ("2026-04-01T00:00:00Z", {}),
    )
    march = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert desk.summary(window=march).groups[0].totals.count == 1
    assert windows(desk.summary(window=YEAR, grain="month")) == [
        ("2026-02-01T00:00", 1),
        ("2026-03-01T00:00", 1),
        ("2026-04-01T00:00", 1),
    ]


def test_windows_are_cut_to_the_asked_one(desk):
    put(desk, ("2026-03-01T10:30:00Z", {}))
    asked = {"from": "2026-03-01T10:15:00Z", "to": "2026-03-01T10:45:00Z"}
    (group,) = desk.summary(window=asked, grain="hour").groups
    assert (group.window.from_, group.window.to) == (
        "2026-03-01T10:15:00.000000Z",
        "2026-03-01T10:45:00.000000Z",
    )


def test_sums_are_exact_beyond_eighteen_digits(desk):
    big = "999999999999.999999999"
    put(desk, *((f"2026-03-01T00:00:0{n}Z", {"quantity": big}) for n in range(9)))
    totals = desk.summary().groups[0].totals
    assert (totals.sum, totals.min, totals.max) == ("8999999999999.999999991", big, big)


def test_latest_breaks_ties_by_sequence_and_then_by_event_id(desk):
    at = "2026-03-01T00:00:00Z"
    put(
        desk,
        (at, {"quantity": "1", "sequence": 2}),
        (at, {"quantity": "2", "sequence": 1}),
        (at, {"quantity": "3"}),
    )
    assert desk.summary().groups[0].totals.latest.quantity == "1"
    put(desk, (at, {"quantity": "4", "sequence": 2}))
    first, second = (desk.ledger.fact(position).json() for position in (1, 4))
    expected = "1" if first["event_id"] > second["event_id"] else "4"
    assert desk.summary().groups[0].totals.latest.quantity == expected


def test_groups_by_dimensions_and_without_labels(desk):
    put(
        desk,
        ("2026-03-01T00:00:00Z", {"dimensions": {"model": "fine"}}),
        ("2026-03-01T00:00:01Z", {"dimensions": {"model": "fast"}, "event": "upscale"}),
        ("2026-03-01T00:00:02Z", {"plan": "Free"}),
    )
    by_model = desk.summary(by_event_type=False, by_plan=False, dimensions=["model"])
    assert [(group.dimensions, group.totals.count) for group in by_model.groups] == [
        ({}, 1),
        ({"model": "fast"}, 1),
        ({"model": "fine"}, 1),
    ]
    (everything,) = desk.summary(by_event_type=False, by_plan=False).groups
    assert (everything.event_type, everything.plan_key, everything.totals.count) == (None, None, 3)
    assert desk.summary(source="beta").groups == ()


def test_overflow_keeps_the_largest_groups_and_the_exact_remainder(desk):
    rows = [
        (f"2026-03-{day + 1:02d}T00:00:0{n}Z", {"quantity": "0.1", "ws": f"w{n}"})
        for day in range(6)
        for n in range(day + 1)
    ]
    put(desk, *rows)
    summary = desk.summary(grain="day", max_groups=2)
    assert [(group.window.from_[8:10], group.totals.count) for group in summary.groups] == [
        ("05", 5),
        ("06", 6),
    ]
    (rest,) = summary.overflow
    assert (rest.groups, rest.totals.count, rest.totals.sum, rest.totals.subjects) == (4, 10, "1", 4)


def test_a_public_summary_shows_no_group_of_few_subjects_and_no_single_event(desk):
    rows = [
        (f"2026-03-01T00:{event}:{n:02d}Z", {"event": kind, "plan": plan, "ws": f"w{n}"})
        for event, (kind, plan, count) in enumerate(
            [("render", "Pro", 9), ("render", "Free", 6), ("upscale", "Pro", 2), ("upscale", "Free", 1)],
            start=10,
        )
        for n in range(count)
    ]
    put(desk, *rows)
    summary = desk.summary(public=True)
    assert [(group.event_type, group.plan_key) for group in summary.groups] == [("image.rendered", "pro")]
    (rest,) = summary.suppressed
    assert (rest.groups, rest.totals.count, rest.totals.subjects) == (3, 9, 6), "the next smallest has joined"
    for totals in (summary.groups[0].totals, rest.totals):
        assert (totals.min, totals.max, totals.latest) == (None, None, None)
    assert (summary.audience, summary.minimum_subjects) == ("public", 5)


def test_what_cannot_be_published_safely_is_left_out(desk):
    put(desk, ("2026-03-01T00:00:00Z", {}))
    summary = desk.summary(public=True)
    assert (summary.groups, summary.suppressed) == ((), ())


@given(st.lists(st.integers(1, 12), max_size=10), st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_nothing_published_has_fewer_subjects_than_the_minimum(sizes, minimum):
    from saascore.usage.fold import Group, GroupKey

    state = SummaryState()
    for number, size in enumerate(sizes):
        group = state.groups.setdefault(GroupKey("a.b", f"p{number}", "x", YEAR_BOUNDS, ()), Group())
        for subject in range(size):
            group.add(subject, YEAR_BOUNDS[0], 1, None, b"e")
    spec = SummarySpec.parse({"window": YEAR})
    made = finish(state, spec, 1, public=True, minimum=minimum)
    assert all(group.totals.subjects >= minimum for group in made.groups)
    assert all(rest.totals.subjects >= minimum and rest.groups >= 2 for rest in made.suppressed)
    shown = sum(group.totals.count for group in made.groups) + sum(
        rest.totals.count for rest in made.suppressed
    )
    assert shown in (sum(sizes), 0) or not made.suppressed


YEAR_BOUNDS = ("2026-01-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z")


@given(st.lists(st.integers(0, 30), max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_parts_merge_in_any_order_to_the_same_bytes(desk_of, cuts, draw):
    with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger:
        desk = desk_of(ledger)
        desk.submit(*(desk.row(str(n), quantity=f"0.{n + 1}", ws=f"w{n % 7}") for n in range(30)))
        spec = SummarySpec.parse({"window": YEAR, "grain": "day"})
        bounds = sorted({0, 30, *cuts})
        parts = [fold_ledger(ledger, spec, 30, part=part) for part in pairwise(bounds)]
        draw.shuffle(parts)
        merged = SummaryState()
        for part in parts:
            merged.merge(part)
        whole = fold_ledger(ledger, spec, 30)
        assert finish(merged, spec, 30).canonical() == finish(whole, spec, 30).canonical()
        with pytest.raises(SaascoreError, match="USG-010"):
            merged.merge(fold_ledger(ledger, spec, 30, part=(29, 30)))


# -- zones --------------------------------------------------------------------------------------------------


def hours(bounds):
    moments = [to_datetime(bound) for bound in bounds]
    return [int((later - first).total_seconds() // 3600) for first, later in pairwise(moments)]


@pytest.mark.parametrize(
    ("zone", "first", "end", "expected"),
    [
        ("Europe/Berlin", "2026-03-28", "2026-03-31", [24, 23, 24]),
        ("Europe/Berlin", "2026-10-24", "2026-10-27", [24, 25, 24]),
        ("America/Sao_Paulo", "2018-11-03", "2018-11-06", [24, 23, 24]),  # midnight itself was skipped
        ("Asia/Kolkata", "2028-02-28", "2028-03-02", [24, 24, 24]),  # a leap day, half an hour off
        ("Pacific/Apia", "2011-12-29", "2012-01-01", [24, 24]),  # a day that never was
    ],
)
def test_days_of_a_zone_have_the_hours_they_have(zone, first, end, expected):
    window = Window.parse(
        {
            "from": local_midnight(date.fromisoformat(first), zone),
            "to": local_midnight(date.fromisoformat(end), zone),
        }
    )
    made = zone_of(zone, window, "day")
    assert [count for count in hours(made.bounds) if count] == expected
    assert (made.bounds[0], made.bounds[-1]) == (window.from_, window.to)


def test_the_hour_that_comes_twice_is_two_windows(desk):
    window = Window.parse({"from": "2026-10-24T22:00:00Z", "to": "2026-10-25T23:00:00Z"})
    zone = zone_of("Europe/Berlin", window, "hour")
    assert len(zone.bounds) == 26
    put(desk, ("2026-10-25T02:30:00+02:00", {}), ("2026-10-25T02:30:00+01:00", {}))
    summary = desk.summary(window=window.to_json(), grain="hour", zone=zone.to_json())
    assert windows(summary) == [("2026-10-25T00:00", 1), ("2026-10-25T01:00", 1)]
    assert summary.spec.zone == zone, "the spec records the instants"


def test_months_of_a_zone_start_at_its_midnight():
    window = Window.parse({"from": "2026-01-15T00:00:00Z", "to": "2026-04-15T00:00:00Z"})
    assert zone_of("Europe/Berlin", window, "month").bounds == (
        "2025-12-31T23:00:00.000000Z",
        "2026-01-31T23:00:00.000000Z",
        "2026-02-28T23:00:00.000000Z",
        "2026-03-31T22:00:00.000000Z",
        "2026-04-30T22:00:00.000000Z",
    )


def test_a_zone_that_is_not_known_or_too_fine_is_refused():
    window = Window.parse(YEAR)
    for name, grain in (("Mars/Olympus", "day"), ("../../etc/passwd", "day"), ("Europe/Berlin", "hour")):
        with pytest.raises(SaascoreError, match="INP-004"):
            zone_of(name, window, grain)


def test_weeks_of_a_zone_start_on_its_monday():
    window = Window.parse({"from": "2026-03-25T00:00:00Z", "to": "2026-04-02T00:00:00Z"})
    assert zone_of("Europe/Berlin", window, "week").bounds == (
        "2026-03-22T23:00:00.000000Z",
        "2026-03-29T22:00:00.000000Z",
        "2026-04-05T22:00:00.000000Z",
    )


GRAINS = ["hour", "day", "week", "month"]


SECONDS = int(timedelta(days=36_000).total_seconds())


@given(st.integers(0, SECONDS), st.sampled_from(GRAINS))
def test_every_instant_lies_in_its_window(seconds, grain):
    at = parse_instant(to_datetime("2000-01-03T00:00:00Z") + timedelta(seconds=seconds))
    spec = SummarySpec.parse(
        {"window": {"from": "2000-01-01T00:00:00Z", "to": "2099-12-31T00:00:00Z"}, "grain": grain}
    )
    length, window = window_of(spec)
    first, end = window(at)
    assert first <= at < end
    assert window(first) == (first, end)
    assert window(f"{at[:length]}{first[length:]}") == (first, end)
    if grain == "week":
        assert to_datetime(first).isoweekday() == 1
        assert to_datetime(end) - to_datetime(first) == timedelta(days=7)
