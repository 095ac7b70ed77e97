"""What the contract allows, the scanner lets pass: no honest summary is refused for its words or its size."""

import pytest

from saascore.contract.ops import AuditSummary, OpsSummary
from saascore.contract.outcomes import AdapterOrigin
from saascore.contract.summary import UsageSummary
from saascore.packet.build import packet_files

# Names that products really have, of the kind that scanners know as fields of identifiers.
WORDS = [
    *(
        "team",
        "user",
        "users",
        "customer",
        "account",
        "owner",
        "workspace",
        "organization",
        "tenant",
        "member",
    ),
    *(
        "seat",
        "guest",
        "session",
        "job",
        "run",
        "token",
        "tokens",
        "file",
        "image",
        "email",
        "card",
        "order",
    ),
    *("invoice", "request", "actor", "agent", "bot", "project", "bucket", "prompt", "trace", "span", "event"),
    *(
        "user.created",
        "customer.imported",
        "account.merged",
        "api.key.rotated",
        "token.issued",
        "session.started",
    ),
    *(
        "job-finished",
        "workspace-pro",
        "team_plus",
        "owner.basic",
        "seat-50",
        "gpt-4o-mini",
        "pro-2026",
        "v2",
    ),
    *(
        "image.generated.4k",
        "s3.export",
        "webhook.sent",
        "signed-url.created",
        "email.delivered",
        "card.issued",
    ),
    *("free", "starter", "pro", "business", "enterprise"),
]
SIZES = [0, 7, 999, 1_000, 48_931, 1_234_567, 4_111_111_111, 2**53 - 1]
SUMS = ["0", "-3", "0.000000001", "1234567.5", "-98765432.25", "123456789012.123456789", "9" * 30]
AT = "2026-03-04T06:07:08.123456Z"
WINDOW = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-04T00:00:00Z"}
DAY = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}


def files(tally, groups, **changes):
    intake = {"source": "acme-desk", "counts": {"accepted": 4893, "rejected": 1234567}, "reasons": tally}
    ops = {
        "window": WINDOW,
        "as_of": 7_654_321,
        "generated_at": AT,
        "decided_at": AT,
        "usage_intake": (intake,),
        "billing_intake": (intake,),
        "usage_events": tally,
        "plans": tally,
        "source_kinds": dict(list(tally.items())[:16]),
        "decision_reasons": tally,
        "unmapped_event_types": tally,
    }
    operators = tuple({"operator": f"op:{name}", "count": count} for name, count in tally.items())
    audit = {"window": WINDOW, "as_of": 7, "reasons": tally, "operators": operators}
    spec = {"window": WINDOW, "grain": "day", "dimensions": ("channel",)}
    return packet_files(
        ops=OpsSummary.parse(ops | changes),
        audit=AuditSummary.parse(audit),
        usage=UsageSummary.parse({"spec": spec, "as_of": 7, "groups": tuple(groups)}),
        adapters=[AdapterOrigin(adapter="acme-desk", distribution="saascore-acme-desk", version="1.0.0")],
        producer="0.1.0",
    )


def group(event_type, plan, *, unit="item", channel="web", count=4893, total="4893"):
    totals = {"count": count, "sum": total, "subjects": count, "adjustments": "-4893", "adjustment_count": 1}
    return {
        "event_type": event_type,
        "plan_key": plan,
        "unit": unit,
        "window": DAY,
        "dimensions": {"channel": channel},
        "totals": totals,
    }


@pytest.mark.parametrize("word", WORDS)
def test_no_packet_is_refused_for_the_words_of_its_labels(word):
    others = [other for other in WORDS if other != word]
    groups = [group(word, other, unit=word, channel=other) for other in others]
    groups += [group(other, word, unit=other, channel=word) for other in others]
    assert len(files({word: 4893, "pro": 2}, groups)) == 7


@pytest.mark.parametrize("size", SIZES)
def test_no_packet_is_refused_for_the_size_of_its_counts(size):
    tally = dict.fromkeys(("pro", "team", "user.created"), size)
    groups = [group("item.made", plan, count=size, total=str(size)) for plan in tally]
    counts = {"held": size, "gaps": size, "ties": size, "unresolved_plans": size}
    assert len(files(tally, groups, **counts)) == 7


@pytest.mark.parametrize("total", SUMS)
def test_no_packet_is_refused_for_the_size_of_its_sums(total):
    assert len(files({"pro": 1}, [group("item.made", plan, total=total) for plan in ("pro", "team")])) == 7
