"""The quick check of a draft's shape finds a fault exactly where the walk through its fields names one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from saascore.adapters import shapes
from saascore.contract.billing import Paid
from saascore.drafts import (
    BillingDraft,
    ItemDraft,
    Mapped,
    PurchaseDraft,
    ScheduledDraft,
    SnapshotDraft,
    field_names,
)

AT = "2026-11-01T09:00:00Z"
ITEM = ItemDraft(("price-1",), 2)
SCHEDULED = ScheduledDraft("plan_change", AT, ITEM)
SNAPSHOT = SnapshotDraft(
    "active", "current", items=[ITEM], scheduled=(SCHEDULED,), period=(AT, "2026-12-01T09:00:00Z")
)
PURCHASE = PurchaseDraft(ITEM, AT, lifetime=True)
DRAFT = BillingDraft(
    "plan.changed",
    7,
    AT,
    ("subscription", "s-1"),
    "c-1",
    {"workspace_id": "w-1"},
    SNAPSHOT,
    [PURCHASE, Paid(occasion="first")],
)
ODD = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "active", b"bytes", [], (), {}, [1], ("a",), {1: 2}, object(), ITEM]
)


def broken(draft, data):
    """Replace one field of a draft, or of a draft in it, by an odd value."""
    name = data.draw(st.sampled_from(field_names(type(draft))))
    inner = getattr(draft, name)
    if isinstance(inner, shapes.Raw) and data.draw(st.booleans()):
        return replace(draft, **{name: broken(inner, data)})
    if (
        isinstance(inner, list | tuple)
        and inner
        and isinstance(inner[0], shapes.Raw)
        and data.draw(st.booleans())
    ):
        return replace(draft, **{name: [broken(inner[0], data), *inner[1:]]})
    return replace(draft, **{name: data.draw(ODD)})


def test_a_sound_draft_has_no_wrong_field():
    assert shapes.wrong_fields(Mapped([DRAFT])) == []


@given(data=st.data())
def test_the_quick_check_agrees_with_the_walk_through_every_field(data):
    draft = Mapped([broken(DRAFT, data)])
    assert shapes.wrong_fields(draft) == list(shapes._wrong(draft, ""))


def test_a_fault_is_named_with_its_path():
    draft = Mapped([replace(DRAFT, snapshot=replace(SNAPSHOT, items=[replace(ITEM, quantity="two")]))])
    assert shapes.wrong_fields(draft) == ["drafts.0.snapshot.0.items.0.quantity"]
