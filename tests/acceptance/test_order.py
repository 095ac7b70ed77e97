"""Whatever order the sample inputs come in, and however often: the same summaries, timelines, states and decisions."""

import json
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saascore.adapters import discover
from saascore.contract.summary import SummarySpec
from saascore.ledger import create_ledger
from saascore.privacy.references import ReferenceKeys
from saascore.usage.mapping import UsageMapper
from saascore.usage.submit import Submission
from saascore.usage.summary import summarize

NOW = "2026-11-20T18:00:00Z"
PERIOD = {"from": "2026-10-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
SPECS = [
    SummarySpec.parse({"window": PERIOD, "grain": "day"}),
    SummarySpec.parse({"window": PERIOD, "grain": "none", "by_plan": False}),
    SummarySpec.parse({"window": PERIOD, "grain": "month", "dimensions": ("model",), "max_groups": 3}),
]
KEYS = ReferenceKeys({"k1": bytes(range(32))})
PRODUCTS = ("image-studio", "chat-desk")


class Record(NamedTuple):
    number: int
    value: dict | None
    problem: str | None = None


def decoded(line):
    try:
        value = json.loads(line)
    except ValueError:
        return Record(0, None, "INP-001")
    return Record(0, value) if isinstance(value, dict) else Record(0, None, "INP-003")


def arrivals(count):
    """A permutation of so many places, some of them twice: by a seed, since shrinking a thousand places helps nobody."""
    return st.randoms(use_true_random=False).map(lambda random: shuffled(random, count))


def shuffled(random, count):
    places = [*range(count), *random.choices(range(count), k=random.randrange(count // 4))]
    random.shuffle(places)
    return places


def usage_answers(folder, deliveries):
    """Hand deliveries of all products to a new ledger, and answer every summary's bytes."""
    folder.mkdir()
    with create_ledger(f"sqlite:///{folder}/ledger.db", reference_key="k1", created_at=NOW) as ledger:
        for name, records in deliveries.items():
            product = discover(enable=[name]).product(name)
            mapper = UsageMapper(product, keys=KEYS.redactor(name), resolved_at=NOW)
            list(Submission(ledger, source=name, now=NOW).run(records, mapper, chunk=40))
        return [
            summarize(ledger, spec, public=public).canonical() for spec in SPECS for public in (False, True)
        ]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_usage_summaries_do_not_depend_on_arrival(samples, tmp_path_factory, data):
    lines = {
        name: (samples / f"{name}-rows.ndjson").read_text(encoding="utf-8").splitlines() for name in PRODUCTS
    }
    told = {name: [decoded(line) for line in text] for name, text in lines.items()}
    again = {
        name: [records[place] for place in data.draw(arrivals(len(records)))]
        for name, records in told.items()
    }
    folder = tmp_path_factory.mktemp("order")
    assert usage_answers(folder / "again", again) == usage_answers(folder / "told", told)
