"""Reading a ledger: the same inside and outside a write transaction, always as of a position."""

# ruff: noqa: S608  table and column names are ours, values are parameters

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from saascore.contract.window import Window
from saascore.contract.words import MAX_COUNT
from saascore.ledger.arrivals import Measure, Receipt, arrivals, receipt
from saascore.ledger.driver import Driver
from saascore.ledger.facts import JournalRow, StoredFact, family
from saascore.ledger.keys import storage_key
from saascore.ledger.schema import KINDS, SCHEMAS

_PAGE = 5000
#: The scope of event ids that are not the twin of their idempotency key.
EVENT_SCOPE = 0
_FACT = "SELECT position, kind, source, facts.body FROM"


class Reader:
    """What can be read of a ledger.

    Args:
        driver: A connection to it.
    """

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    @property
    def head(self) -> int:
        """The position of the last fact; 0 in an empty ledger."""
        return int(self.driver.rows("SELECT coalesce(max(position), 0) FROM facts")[0][0])

    def facts(
        self, *, schema: str | None = None, after: int = 0, as_of: int | None = None
    ) -> Iterator[StoredFact]:
        """Yield facts in order of position.

        A page at a time, so memory does not grow; facts are never changed, so the pages of one reading agree.

        Args:
            schema: Only facts of this schema id.
            after: Only facts at a later position than this.
            as_of: Only facts up to this position; the head by default.
        """
        end = self.head if as_of is None else as_of
        kind = "" if schema is None else _kind_test(KINDS[schema])
        sql = (
            f"{_FACT} facts JOIN scopes USING (scope)"
            f" WHERE position > ? AND position <= ?{kind} ORDER BY position LIMIT {_PAGE}"
        )
        while page := self.driver.rows(sql, (after, end)):
            for row in page:
                yield StoredFact(row[0], SCHEMAS[row[1]], row[2], row[3])
            after = page[-1][0]
            if len(page) < _PAGE:
                return

    def facts_by_topics(self, topics: Sequence[str], *, as_of: int | None = None) -> list[StoredFact]:
        """Return the facts that have one or more of some topics, each once, in order of position."""
        end = MAX_COUNT if as_of is None else as_of
        found = self.driver.among(
            f"{_FACT} topics JOIN facts USING (position) JOIN scopes USING (scope)",
            "topic",
            topics,
        )
        facts = {
            row[0]: StoredFact(row[0], SCHEMAS[row[1]], row[2], row[3]) for row in found if row[0] <= end
        }
        return [facts[position] for position in sorted(facts)]

    def topics(self, prefix: str) -> Counter[str]:
        """Return the topics that begin so, and how many facts have each."""
        # text compares by its bytes in every store, and no topic holds a character after "~"
        rows = self.driver.rows(
            "SELECT topic, count(*) FROM topics WHERE topic >= ? AND topic < ? GROUP BY topic",
            (prefix, f"{prefix}~"),
        )
        return Counter({row[0]: int(row[1]) for row in rows})

    def bodies(
        self,
        schema: str,
        topics: Sequence[str],
        *,
        as_of: int | None = None,
        known: Container[int] | None = None,
    ) -> dict[int, str]:
        """Return the canonical JSON, by position, of the facts of a schema that have one or more of some topics.

        Args:
            schema: Their schema id.
            topics: What they are found by.
            as_of: Only facts up to this position.
            known: Positions whose facts need not be read again; the index tells which others there are.
        """
        end, kind = MAX_COUNT if as_of is None else as_of, KINDS[schema]
        if known is None:
            select = "SELECT position, kind, body FROM topics JOIN facts USING (position)"
            found = self.driver.among(select, "topic", topics)
        else:
            rows = self.driver.among("SELECT position FROM topics", "topic", topics)
            wanted = {row[0] for row in rows if row[0] <= end and row[0] not in known}
            found = self.driver.among("SELECT position, kind, body FROM facts", "position", sorted(wanted))
        return {row[0]: row[2] for row in found if row[0] <= end and row[1] == kind}

    def journal(
        self, *, topics: Sequence[str] | None = None, after: int = 0, as_of: int | None = None
    ) -> Iterator[JournalRow]:
        """Yield rows of the journal in order of their number.

        Args:
            topics: Only rows that have one or more of these topics.
            after: Only rows with a later number than this.
            as_of: Only rows written while the head of the facts was at most this.
        """
        end = MAX_COUNT if as_of is None else as_of
        if topics is not None:
            found = self.driver.among(
                "SELECT number, position, body FROM journal_topics JOIN journal USING (number)",
                "topic",
                topics,
            )
            rows = sorted({JournalRow(*row) for row in found if row[0] > after and row[1] <= end})
            yield from rows
            return
        sql = (
            "SELECT number, position, body FROM journal WHERE number > ? AND position <= ?"
            f" ORDER BY number LIMIT {_PAGE}"
        )
        while page := self.driver.rows(sql, (after, end)):
            yield from (JournalRow(*row) for row in page)
            after = page[-1][0]

    def fact(self, position: int) -> StoredFact | None:
        """Return the fact at a position."""
        return next(self.facts(after=position - 1, as_of=position), None)

    def find(self, schema: str, source: str, key: str) -> int | None:
        """Return the position of the fact that owns a key."""
        found = self.driver.rows(
            "SELECT position FROM keys JOIN scopes USING (scope) WHERE body = ? AND family = ? AND source = ?",
            (storage_key(key), family(schema), source),
        )
        return int(found[0][0]) if found else None

    def arrivals(self, window: Window | None = None) -> Counter[Measure]:
        """Return the counters of intake, of all time or of the hours that overlap a window."""
        return arrivals(self.driver, window)

    def receipt(self, position: int) -> Receipt | None:
        """Return when and how often a fact was delivered."""
        return receipt(self.driver, position)

    def find_event(self, event: bytes) -> int | None:
        """Return the position of the usage fact that owns an event id, given by its storage key."""
        rows = self.driver.rows(
            "SELECT keys.scope, keys.position, usage.event FROM keys"
            " LEFT JOIN usage ON usage.position = keys.position WHERE keys.body = ?",
            (event,),
        )
        owners = [row[1] for row in rows if row[0] == EVENT_SCOPE or (row[2] is not None and row[2] == event)]
        return int(owners[0]) if owners else None

    def bodies_at(self, positions: Sequence[int]) -> dict[int, str]:
        """Return the canonical JSON of the facts at some positions."""
        found = self.driver.among("SELECT position, body FROM facts", "position", sorted(set(positions)))
        return dict(found)

    def stored(self, positions: Sequence[int]) -> dict[int, StoredFact]:
        """Return the facts at some positions."""
        rows = self.driver.among(
            f"{_FACT} facts JOIN scopes USING (scope)",
            "position",
            sorted(set(positions)),
        )
        return {row[0]: StoredFact(row[0], SCHEMAS[row[1]], row[2], row[3]) for row in rows}


def _kind_test(kind: int) -> str:
    # literals, so that the database can use the partial index of the rare kinds
    return f" AND kind = {kind}" + (" AND kind <> 1" if kind != 1 else "")
