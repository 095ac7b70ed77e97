"""``saascore demo``: the whole story in a terminal, on the sample inputs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saascore.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from saascore.cli.story import Handed, Story
    from saascore.contract.decision import Decision
    from saascore.contract.outcomes import Outcome
    from saascore.ledger import Ledger

DEFAULT_FOLDER = Path("saascore-demo")


def command(
    *,
    out: Annotated[
        Path,
        typer.Option("--out", help="Where ledger, outcomes and packet go: new, empty or an earlier demo."),
    ] = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Two products and four billing providers, from raw rows and webhooks to a release packet."""
    from saascore.cli.output import print_json  # noqa: PLC0415  keeps --help fast
    from saascore.cli.story import Story  # noqa: PLC0415  keeps --help fast

    story = Story(out)
    with story.ledger() as ledger:
        told = _Told(quiet=as_json)
        answer = _tell(story, ledger, told)
    if as_json:
        print_json(answer)


class _Told:
    """The terminal, or nothing where the answer is JSON."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._step = 0

    def heading(self, text: str) -> None:
        from saascore.cli.output import stdout  # noqa: PLC0415  keeps --help fast

        self._step += 1
        if not self._quiet:
            stdout().print(f"\n{self._step}. {text}", style="bold")

    def line(self, text: str) -> None:
        from saascore.cli.output import stdout  # noqa: PLC0415  keeps --help fast

        if not self._quiet:
            stdout().print(text)

    def table(self, title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        from saascore.cli.output import print_table  # noqa: PLC0415  keeps --help fast

        if not self._quiet:
            print_table(title, columns, rows)


def _tell(story: Story, ledger: Ledger, told: _Told) -> dict[str, Any]:
    from saascore.cli.story import BILLING, DESK, STUDIO  # noqa: PLC0415  keeps --help fast

    told.heading("Adapters: found as installed distributions, none of them part of saascore")
    rows = [row for row in story.registry.rows() if row.status == "loaded"]
    told.table(
        "",
        ("adapter", "kind", "distribution", "version", "hooks"),
        [(row.id, row.kind, row.distribution, row.version, len(row.hooks)) for row in rows],
    )

    told.heading("Usage: each row has one outcome, and a bad one never loses a good one")
    usage = [story.submit_usage(ledger, product) for product in (STUDIO, DESK)]
    _outcomes(told, usage)
    refused = _leak(told, usage[0])

    told.heading("Backfill: a month of a D1 export, previewed and then applied")
    run = story.backfill(ledger)
    told.line(f"{run.facts:,} facts in one transaction, bound to the preview {run.preview_digest[:19]}…")

    told.heading("Billing: four providers, one lifecycle")
    billing = [
        story.submit_billing(ledger, provider, product) for provider in BILLING for product in (STUDIO, DESK)
    ]
    _outcomes(told, billing)

    told.heading("Decisions: why, and what changes next")
    decisions = story.decisions(ledger, STUDIO)
    _decisions(told, decisions)
    explained = _explain(told, decisions)

    told.heading("A price that nobody had mapped, agreed on later: the same webhooks again")
    again = story.agree_price(ledger)
    after = story.decisions(ledger, STUDIO)
    changed = [(one, two) for one, two in zip(decisions, after, strict=True) if one.outcome != two.outcome]
    told.line(f"{again.counts['duplicate']} duplicates, {again.counts['accepted']} accepted.")
    for one, two in changed:
        told.line(f"unknown ({one.reason}) → {two.outcome} ({two.reason}), plan {two.plan_key}")

    if others := story.prove_others():
        told.heading("Your own adapters, each proven on its own samples")
        results = sorted({status for counts in others.values() for status in counts})
        told.table(
            "",
            ("adapter", *results),
            [(name, *(counts[status] for status in results)) for name, counts in others.items()],
        )

    told.heading("Release packet: scanned as bytes, built, verified offline")
    packet, verified = story.publish(ledger)
    state = "verified" if not verified.problems else "NOT AS BUILT"
    told.line(
        f"{len(packet.manifest.artifacts) + 1} files {state}, packet digest {packet.manifest.packet_digest}"
    )
    found = story.tamper(packet).problems
    told.line(
        "One bit flipped in a copy: " + ", ".join(f"{problem.file} {problem.kind}" for problem in found)
    )
    page = (packet.folder / "report.html").resolve()
    told.line(f"\nOpen the report: {page.as_uri()}")
    return {
        "adapters": [row.id for row in rows],
        "usage": {handed.product: dict(handed.counts) for handed in usage},
        "leak": refused.to_json() if refused else None,
        "backfilled": run.facts,
        "billing": _by_provider(billing),
        "decisions": dict(Counter(decision.outcome for decision in after)),
        "explained": explained.to_json() if explained else None,
        "resolved": len(changed),
        "proven": {name: dict(counts) for name, counts in others.items()},
        "packet": {
            "digest": packet.manifest.packet_digest,
            "verified": not verified.problems,
            "tampering_found": bool(found),
        },
        "report": str(page),
    }


def _outcomes(told: _Told, every: list[Handed]) -> None:
    from saascore.contract.outcomes import IntakeCounts  # noqa: PLC0415  keeps --help fast

    names = [name for name in IntakeCounts.model_fields if any(handed.counts[name] for handed in every)]
    told.table(
        "",
        ("from", "for", *names),
        [(handed.source, handed.product, *(handed.counts[name] for name in names)) for handed in every],
    )


def _by_provider(every: list[Handed]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for handed in every:
        counts.setdefault(handed.source, Counter()).update(handed.counts)
    return {source: dict(found) for source, found in counts.items()}


def _leak(told: _Told, handed: Handed) -> Outcome | None:
    from saascore.cli.story import leak  # noqa: PLC0415  keeps --help fast

    found = leak(handed)
    if found is not None:
        told.line(
            f"\nRow {found.record} of {handed.source} carries a raw identifier: {found.outcome},"
            f" {', '.join(found.codes)}, field {', '.join(found.fields) or '-'}."
            " Its value is nowhere: not here, not in the ledger, not in the packet."
        )
    return found


def _decisions(told: _Told, decisions: list[Decision]) -> None:
    told.table(
        "",
        ("workspace", "outcome", "reason", "plan", "won by", "changes next"),
        [
            (
                f"…{decision.request.workspace[-8:]}",
                decision.outcome,
                decision.reason,
                decision.plan_key,
                decision.winner.source if decision.winner else None,
                _next(decision),
            )
            for decision in decisions
        ],
    )


def _next(decision: Decision) -> str:
    change = decision.next_change
    if change is None:
        return ""
    plan = f" to {change.plan_key}" if change.plan_key and change.plan_key != decision.plan_key else ""
    return f"{change.what.replace('_', ' ')}{plan} on {change.at[:10]}"


def _explain(told: _Told, decisions: list[Decision]) -> Decision | None:
    """Explain the decision in which most was weighed."""
    if not decisions:
        return None
    decision = max(decisions, key=lambda found: (len(found.considered), found.request.workspace))
    told.line(
        f"\nWhy workspace …{decision.request.workspace[-8:]} is {decision.outcome}: {decision.reason},"
        f" plan {decision.plan_key}, on the evidence of {len(decision.evidence)} fact{'s' * (len(decision.evidence) != 1)}."
        + (f" Next: {_next(decision)}." if decision.next_change else "")
    )
    told.table(
        "",
        ("considered", "kind", "verdict", "reasons", "plan", "until"),
        [
            (
                row.name.source,
                row.name.source_kind,
                row.verdict,
                ", ".join(row.reasons),
                row.plan_key,
                (row.effective_until or "open")[:10],
            )
            for row in decision.considered
        ],
    )
    return decision
