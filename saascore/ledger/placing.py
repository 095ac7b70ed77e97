"""Placing: which of many handed-in facts are new, and the gapless positions that those get, in input order.

The keys of a batch are looked up and inserted in order, so that neighbours in the index are read and written together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count, repeat

from saascore.ledger.driver import Driver
from saascore.ledger.facts import Appended, Taken
from saascore.ledger.reader import EVENT_SCOPE, Reader

_COLUMNS = ("body", "scope", "position")


def place(
    reader: Reader,
    head: int,
    keys: Sequence[bytes],
    scopes: Sequence[int],
    events: Sequence[bytes] | None = None,
) -> Appended:
    """Take the keys that are free, and say where each fact stands; of equal keys the first wins.

    Args:
        reader: The ledger, in a write transaction.
        head: The position of the last fact.
        keys: Storage keys.
        scopes: The scope of each.
        events: The storage key of each usage event's id; ``None`` for other facts.
    """
    ordered = sorted({*keys, *(events or ())})
    found = owners_of(reader.driver, ordered)
    if keys == events and len(involved := found.keys() | set(scopes)) == 1:
        (scope,) = involved
        return _place_twins(reader.driver, head, keys, scope, ordered, found[scope])
    return _place_each(reader, head, keys, scopes, events, ordered, found)


def _place_twins(  # noqa: PLR0917  what place() has found out
    driver: Driver,
    head: int,
    keys: Sequence[bytes],
    scope: int,
    ordered: Sequence[bytes],
    owned: dict[bytes, int],
) -> Appended:
    """Place usage of one source whose event ids have their keys' bytes, which is all that a mapper makes.

    As the loop of :func:`place` does, without a loop for each fact.
    """
    new = dict.fromkeys(keys)  # the first of equal keys, in input order
    for key in owned:
        del new[key]
    placed = dict(zip(new, count(head + 1)))
    free = [key for key in ordered if key in placed]
    driver.insert("keys", _COLUMNS, zip(free, repeat(scope), map(placed.__getitem__, free)))
    placed |= owned
    positions = [placed[key] for key in keys]
    taken: dict[int, Taken] = {}
    if len(new) < len(keys):
        for index, position in enumerate(positions):
            if position == head + 1:
                head += 1
            else:
                taken[index] = "key"
    return Appended(positions, taken)


def _place_each(  # noqa: PLR0917  what place() has found out
    reader: Reader,
    head: int,
    keys: Sequence[bytes],
    scopes: Sequence[int],
    events: Sequence[bytes] | None,
    ordered: Sequence[bytes],
    found: defaultdict[int, dict[bytes, int]],
) -> Appended:
    """Place facts one after the other."""
    special = {body for owners in found.values() for body in owners}  # has to be looked at closely
    twins: dict[bytes, int] = {}  # new here, the event id having the key's bytes: where in the input
    others: dict[bytes, int] = {}  # new here, the event id having bytes of its own: its position
    other_rows: list[tuple[bytes, int, int]] = []
    positions: list[int] = []
    taken: dict[int, Taken] = {}
    for index, (key, event) in enumerate(zip(keys, events or repeat(None), strict=False)):
        if key == event and key not in twins and key not in special:  # nearly all usage
            twins[key] = index
            head += 1
            positions.append(head)
            continue
        scope, owner = scopes[index], found[scopes[index]].get(key)
        if owner is None and (twin := twins.get(key)) is not None and scopes[twin] == scope:
            owner = positions[twin]
        if owner is not None:
            taken[index] = "key"
            positions.append(owner)
            continue
        if event is not None:
            if (twin := twins.get(event)) is not None:
                owner = positions[twin]
            else:
                owner = others.get(event) or (reader.find_event(event) if event in special else None)
            if owner is not None:
                taken[index] = "event"
                positions.append(owner)
                continue
            others[event] = head + 1
            special.add(event)
            if event != key:
                other_rows.append((event, EVENT_SCOPE, head + 1))
        head += 1
        positions.append(head)
        found[scope][key] = head
        special.add(key)
        other_rows.append((key, scope, head))
    at = [twins[key] for key in ordered if key in twins]
    if at:
        columns = (map(column.__getitem__, at) for column in (keys, scopes, positions))
        reader.driver.insert("keys", _COLUMNS, zip(*columns, strict=True))
    reader.driver.insert("keys", _COLUMNS, sorted(other_rows))
    return Appended(positions, taken)


def owners_of(driver: Driver, bodies: Sequence[bytes]) -> defaultdict[int, dict[bytes, int]]:
    """Return the positions of the storage keys that are taken, by scope."""
    found: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
    for body, scope, position in driver.among("SELECT body, scope, position FROM keys", "body", bodies):
        found[scope][bytes(body)] = position
    return found
