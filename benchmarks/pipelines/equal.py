"""Proof that the contenders do equal work: what they store, field for field, and what they refuse.

    python benchmarks/pipelines/equal.py [NAME ...]

``run.py`` starts with it, in a process of its own: whoever is started by a large process counts as large.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from contenders import Contender, Row, contenders
from facts import write_rows
from figures import Figure, tell
from pydantic import ValidationError

from saascore.contract.usage import UsageEvent

ROWS = 500
WRONG = {"an integer": 7, "nothing": None, "no word of the contract": "No Such Word", "too long": "a" * 81}


def prove(taking_part: list[Contender]) -> tuple[int, int]:
    """Stop unless every contender stores the facts that saascore stores, and refuses the wrong ones that it refuses.

    Returns:
        How many facts were compared, and how many wrong ones every validator has refused.
    """
    with tempfile.TemporaryDirectory(prefix="saascore-bench-") as folder:
        path = Path(folder) / "rows.ndjson"
        distinct = write_rows(path, ROWS)
        stored = {one.told: _stored(one, path) for one in taking_part if one.fact is not None}
        expected = stored[next(one.told for one in taking_part if one.name == "saascore")]
        if len(expected) != distinct:
            raise SystemExit(f"saascore has loaded {len(expected)} facts of {distinct}")
        for told, found in stored.items():
            for difference in differences(expected, found):
                raise SystemExit(f"{told}, {difference}")
        wrong = dict(wrong_facts(expected[0]))
        path.write_text("".join(json.dumps(fact) + "\n" for fact in (expected[0], *wrong.values())))
        for one in taking_part:
            if one.check is not None:
                right, *taken = one.takes(path)
                accepted = [what for what, yes in zip(wrong, taken, strict=True) if yes]
                if accepted or not right:
                    fault = ", ".join(accepted) if accepted else "nothing, and no right fact either"
                    raise SystemExit(f"{one.told} takes {fault}")
    return len(expected), len(wrong)


def differences(expected: list[Row], found: list[Row]) -> Iterator[str]:
    """Yield where two lists of facts differ; their order is no difference."""
    if len(expected) != len(found):
        yield f"{len(found)} facts in place of {len(expected)}"
    for one, other in zip(_in_order(expected), _in_order(found), strict=False):
        yield from _of_two(one, other)


def wrong_facts(fact: Row) -> Iterator[tuple[str, Row]]:
    """Yield, with what is wrong, every change of one field that saascore's model refuses."""
    for what, changed in _changes(fact):
        try:
            UsageEvent.model_validate(changed)
        except ValidationError:
            yield what, changed


def _stored(contender: Contender, rows: Path) -> list[Row]:
    folder = Path(tempfile.mkdtemp(prefix="saascore-bench-"))
    try:
        contender.run(rows, folder)
        return contender.facts(folder)
    finally:
        shutil.rmtree(folder)


def _in_order(facts: list[Row]) -> list[Row]:
    return sorted(facts, key=lambda fact: str(fact.get("idempotency_key")))


def _of_two(expected: Row, found: Row, inside: str = "") -> Iterator[str]:
    for name in sorted({*expected, *found}):
        one, other = expected.get(name, "nothing"), found.get(name, "nothing")
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _of_two(one, other, f"{inside}{name}.")
        elif one != other:
            yield f"{inside}{name}: {other!r} in place of {one!r}"


def _changes(fact: Row) -> Iterator[tuple[str, Row]]:
    for path in _paths(fact):
        name = ".".join(path)
        for what, value in WRONG.items():
            changed, holder = _copy(fact, path)
            holder[path[-1]] = value
            yield f"{name}: {what}", changed
        changed, holder = _copy(fact, path)
        value = holder.pop(path[-1])
        yield f"{name}: left out", changed
        if isinstance(value, dict):
            changed, holder = _copy(fact, path)
            holder[path[-1]]["Surplus Field"] = "label"
            yield f"{name}: a field too many", changed
    yield "a field too many", {**fact, "surplus": "label"}


def _paths(fact: Row, inside: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in fact.items():
        yield (*inside, name)
        if isinstance(value, dict):
            yield from _paths(value, (*inside, name))


def _copy(fact: Row, path: tuple[str, ...]) -> tuple[Row, Row]:
    """Return a copy, and what in it holds the field of a path."""
    copy = holder = deepcopy(fact)
    for name in path[:-1]:
        holder = holder[name]
    return copy, holder


def main(names: list[str]) -> int:
    facts, wrong = prove(
        [one for one in contenders() if one.name == "saascore" or one.name in names or not names]
    )
    tell(
        Figure(
            "equal work, shown before: facts stored alike by all, field for field; wrong facts that all validators refuse",
            f"{facts}; {wrong}",
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
