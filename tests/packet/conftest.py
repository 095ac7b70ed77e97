"""Makers of published summaries."""

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from html.parser import HTMLParser

import pytest

from saascore.contract.evidence import PrivacyEvidence
from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.summary import UsageSummary
from saascore.packet.sections import Summaries

WINDOW = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
AT = "2026-04-01T06:00:00Z"
DIGEST = "sha256:" + "0" * 64
LONGEST = "alpha-beta-gamma-delta-alpha-beta-gamma-delta-alpha-beta-gamma-d"


def day(number):
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number % 31)
    return {"from": start.isoformat(), "to": (start + timedelta(days=1)).isoformat()}


def make_usage(groups, **changes):
    names = (
        f"{a}.{b}"
        for a, b in itertools.product(("image", "chat", "video", "voice"), ("made", "sent", "read"))
    )
    types, plans = (
        list(names),
        ("free", "team", "pro", LONGEST, "solo", "starter", "studio", "business", "max"),
    )
    cells = itertools.islice(itertools.product(range(31), types, plans), groups)
    made = tuple(
        {
            "event_type": name,
            "plan_key": plan,
            "unit": "item",
            "window": day(number),
            "totals": {"count": 3 + number, "sum": f"{number * 1000 + 7}.5", "subjects": 2},
        }
        for number, name, plan in cells
    )
    return UsageSummary.parse(
        {"spec": {"window": WINDOW, "grain": "day"}, "as_of": 12, "groups": made} | changes
    )


def make_ops(**changes):
    ops = {
        "window": WINDOW,
        "as_of": 12,
        "generated_at": AT,
        "usage_intake": (
            {
                "source": "alpha",
                "counts": {"accepted": 1200, "duplicate": 7, "rejected": 3, "held": 1},
                "reasons": {"CON-003": 2, "unmapped-plan": 1},
                "lag": {"under-1m": 900, "1h-to-1d": 300},
            },
            {"source": "beta", "counts": {"skipped": 4}},
        ),
        "billing_intake": ({"source": "gamma", "counts": {"accepted": 9, "conflict": 1}},),
        "lifecycle": {"trial.started": 2, "subscription.renewed": 5},
        "timeline": (
            {"window": day(3), "event_name": "trial.started", "count": 2},
            {"window": day(9), "event_name": "subscription.renewed", "count": 5},
        ),
        "decided_at": AT,
        "plans": {"pro": 4, "team": 2},
        "source_kinds": {"billing": 5, "manual_override": 1},
        "decisions": {"granted": 5, "denied": 1},
        "decision_reasons": {"active_subscription": 5, "expired": 1},
        "unmapped_event_types": {"invoice.will_be_due": 2},
        "held": 1,
        "ties": 2,
        "gaps": 3,
        "unresolved_plans": 4,
        "unresolved_workspaces": 5,
    }
    return OpsSummary.parse(ops | changes)


def make_audit(**changes):
    audit = {
        "window": WINDOW,
        "as_of": 12,
        "actor_kinds": {"adapter": 8, "operator": 2},
        "source_kinds": {"billing": 8, "manual_override": 2},
        "reasons": {"goodwill": 2},
        "with_approval": 2,
        "without_approval": 8,
        "superseded": 1,
        "operators": ({"operator": "op:support", "count": 2},),
    }
    return AuditSummary.parse(audit | changes)


def make_evidence(**changes):
    evidence = {
        "ruleset": {"version": "1", "digest": DIGEST, "scanner": "0.1.0"},
        "profile": "artifact",
        "artifacts": (
            {"name": "ops-summary.json", "digest": DIGEST, "bytes": 4200, "values": 210, "findings": 0},
            {"name": "usage-summary.json", "digest": DIGEST, "bytes": 88000, "values": 1201, "findings": 0},
        ),
        "excluded": ("bearer-token", "raw-user-id"),
        "scanned_at": AT,
    }
    return PrivacyEvidence.parse(evidence | changes)


class Reader(HTMLParser):
    """Collects figures (elements with data-at), element names and ids."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.figures, self.tags, self.ids, self.references = [], [], [], []
        self._open = None

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.tags.append((tag, known))
        self.ids.extend([known["id"]] if "id" in known else [])
        for name in ("aria-labelledby", "aria-describedby"):
            self.references.extend((known.get(name) or "").split())
        if known.get("href", "").startswith("#"):
            self.references.append(known["href"][1:])
        if "data-at" in known:
            self.figures.append([known["data-at"], known["data-count"], None])
            self._open = self.figures[-1] if tag == "span" else None

    def handle_data(self, data):
        if self._open is not None:
            self._open[2] = data
            self._open = None


@pytest.fixture(scope="session")
def read():
    def parse(html):
        reader = Reader()
        reader.feed(html)
        return reader

    return parse


def resolve(value, path):
    """Yield what a path of keys names; ``*`` stands for every member, ``1, 4`` for two of them."""
    if not path:
        yield value
    elif path[0] == "*":
        for member in value.values() if isinstance(value, dict) else value:
            yield from resolve(member, path[1:])
    elif "," in path[0]:
        for part in path[0].split(", "):
            yield from resolve(value[int(part)], path[1:])
    else:
        part = path[0]
        yield from resolve(value.get(part, 0) if isinstance(value, dict) else value[int(part)], path[1:])


@pytest.fixture(scope="session")
def said_by_json():
    """Answer what the JSON says at the places of a figure: the sum where there are several."""

    def reader(summaries):
        values = {name: getattr(summaries, name).to_json() for name in ("ops", "audit", "usage", "evidence")}

        def said(at):
            with localcontext(prec=60):
                return sum(
                    Decimal(str(item))
                    for place in at.split(";")
                    for item in resolve(values, re.split(r"(?<!,) ", place.strip()))
                )

        return said

    return reader


@pytest.fixture(scope="session")
def make_summaries():
    def make(groups=40, **ops):
        return Summaries(make_ops(**ops), make_audit(), make_usage(groups), make_evidence())

    return make


@pytest.fixture(scope="session")
def empty_summaries():
    ops = OpsSummary.parse({"window": WINDOW, "as_of": 0, "generated_at": AT})
    audit = AuditSummary.parse({"window": WINDOW, "as_of": 0})
    return Summaries(ops, audit, make_usage(0), make_evidence(artifacts=(), excluded=()))


@pytest.fixture(scope="session")
def longest_summaries(make_summaries):
    """Labels as long as the contract allows, numbers as large, in every place that shows one."""
    labels = [f"{LONGEST[:-1]}{letter}" for letter in "abcdefghij"]
    most = 2**53 - 1
    tally = dict.fromkeys(labels, most)
    totals = {"count": most, "sum": "9" * 30 + ".123456789", "subjects": most}
    groups = tuple(
        {"event_type": one, "plan_key": other, "unit": LONGEST, "window": day(number), "totals": totals}
        for number, (one, other) in enumerate(itertools.product(labels, labels[:3]))
    )
    source = {
        "source": LONGEST,
        "counts": {"accepted": most, "rejected": 1},
        "reasons": tally,
        "lag": {"over-7d": most},
    }
    made = make_summaries(
        1,
        usage_intake=(source, source),
        billing_intake=(source,),
        plans=tally,
        source_kinds=tally,
        decision_reasons=tally,
        unmapped_event_types={f"{'A' * 127}{letter}": most for letter in "abc"},
        held=most,
        timeline=tuple(
            {"window": day(number), "event_name": name, "count": most}
            for number, name in enumerate(("subscription.activation_failed", "cancellation.unscheduled"))
        ),
        lifecycle={"subscription.activation_failed": most, "cancellation.unscheduled": most},
    )
    operators = tuple({"operator": f"op:{label}", "count": most} for label in labels)
    return replace(
        made,
        usage=UsageSummary.parse(make_usage(0).to_json() | {"groups": groups}),
        audit=make_audit(reasons=tally, operators=operators),
        evidence=make_evidence(excluded=tuple(labels)),
    )
