"""Appending usage in batches places every event as appending one after the other would."""

from hypothesis import given
from hypothesis import strategies as st

from saascore.ledger import NewFact, create_ledger
from saascore.ledger.usage_row import UsageColumns, UsageRow

KEYS = st.sampled_from([bytes([n]) * 15 for n in range(5)])
SOURCES = st.sampled_from(["a", "b"])


def row(source, key, event):
    return UsageRow(source, key, event, "{}", "shape", "subject", "2026-03-01T00:00:00.000000Z", 1, 0)


#: Mostly the event id has the key's bytes, as what saascore maps; ready-made events may have any.
ROWS = st.builds(row, SOURCES, KEYS, KEYS) | st.builds(
    lambda source, key: row(source, key, key), SOURCES, KEYS
)


class Oracle:
    """Who owns what, as two plain dictionaries."""

    def __init__(self):
        self.keys, self.events, self.head = {}, {}, 0

    def place(self, row):
        if (row.source, row.key) in self.keys:
            return self.keys[row.source, row.key], "key"
        if row.event in self.events:
            return self.events[row.event], "event"
        self.head += 1
        self.keys[row.source, row.key] = self.events[row.event] = self.head
        return self.head, None


@given(st.lists(st.lists(ROWS, max_size=8), max_size=4))
def test_usage_is_placed_as_one_by_one(batches):
    oracle = Oracle()
    with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger:
        for batch in batches:
            expected = [oracle.place(row) for row in batch]
            with ledger.write() as writer:
                appended = writer.append_usage(UsageColumns.of(batch))
                assert writer.head == oracle.head
            assert appended.positions == [position for position, _ in expected]
            assert appended.taken == {at: by for at, (_, by) in enumerate(expected) if by}
            assert [fact.position for fact in ledger.facts()] == list(range(1, oracle.head + 1))
            for (source, key), position in oracle.keys.items():
                with ledger.write() as writer:
                    assert writer.owner(row(source, key, b"?")).position == position


@given(st.lists(st.tuples(SOURCES, st.sampled_from("xyz")), max_size=8))
def test_other_facts_are_placed_as_one_by_one(facts):
    keys = {}
    expected = [keys.setdefault(key, len(keys) + 1) for key in facts]
    first = {key: facts.index(key) for key in facts}
    with create_ledger("sqlite:///:memory:", reference_key="k1") as ledger, ledger.write() as writer:
        placed = writer.append([NewFact("saascore/watermark/1", source, key, "{}") for source, key in facts])
        assert [place.position for place in placed] == expected
        assert [place.new for place in placed] == [first[key] == at for at, key in enumerate(facts)]
