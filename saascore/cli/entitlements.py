"""``saascore entitlements``: decisions, their reasons, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from saascore.cli.billing import mode_of, workspace_option
from saascore.cli.clock import clock_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    Json,
    LedgerUrl,
    ModeOption,
    Product,
    command_group,
    find_adapters,
)
from saascore.cli.words import label_option
from saascore.errors import SaascoreError

if TYPE_CHECKING:
    from saascore.contract.decision import Decision, NextChangeAt
    from saascore.entitlements.reading import Entitlements

app = command_group("Entitlements: decide, explain, look back.")

Workspace = Annotated[
    str,
    typer.Option(
        "--workspace", help="A reference; saascore entitlements reference makes one.", metavar="REF"
    ),
]
CapabilityOption = Annotated[str | None, typer.Option("--capability", help="A capability's label.")]
At = Annotated[str | None, typer.Option("--at", help="Business time, as RFC 3339; now by default.")]
AsOf = Annotated[
    int | None, typer.Option("--as-of", help="What was known at this position of the ledger.", min=0)
]
LIVE = "live"


@app.command()
def decide(
    *,
    product: Product,
    workspace: Workspace,
    capability: CapabilityOption = None,
    at: At = None,
    as_of: AsOf = None,
    mode: ModeOption = LIVE,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> None:
    """Decide what a workspace may use at an instant, as known at a position."""
    from saascore.cli.output import print_json, stdout  # noqa: PLC0415  keeps --help fast

    with _asked(ledger, product, mode, adapter) as asked:
        decision = asked.decide(
            workspace_option(workspace), clock_of(at, "--at"), capability=_asked_of(capability), as_of=as_of
        )
        _tell_what_nobody_has(asked, decision)
    if as_json:
        print_json(decision.to_json())
    else:
        stdout().print(_line(decision))


@app.command()
def explain(
    *,
    product: Product,
    workspace: Workspace,
    capability: CapabilityOption = None,
    at: At = None,
    as_of: AsOf = None,
    mode: ModeOption = LIVE,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> None:
    """Show a decision with everything that was considered, its evidence and the product's own words."""
    from saascore.cli.output import print_json, print_table, stdout  # noqa: PLC0415  keeps --help fast

    with _asked(ledger, product, mode, adapter) as asked:
        decision = asked.decide(
            workspace_option(workspace), clock_of(at, "--at"), capability=_asked_of(capability), as_of=as_of
        )
        spoken = asked.product.implements("render_upgrade_copy")
        words = asked.product.render_upgrade_copy(decision) if spoken else None
        _tell_what_nobody_has(asked, decision)
    if as_json:
        print_json({"decision": decision.to_json(), "copy": words})
        return
    out = stdout()
    out.print(_line(decision))
    out.print(f"asked at {_short(decision.request.at)}, as of position {decision.request.as_of}")
    if decision.staleness.expected_at is not None:
        silent = f", silent for {decision.staleness.days} days" if decision.staleness.stale else ""
        out.print(f"next word of the provider due {_short(decision.staleness.expected_at)}{silent}")
    print_table(
        "Considered",
        ("source", "kind", "plan", "verdict", "reasons", "from", "until"),
        [
            (
                row.name.source,
                row.name.source_kind,
                row.plan_key,
                row.verdict,
                ", ".join(row.reasons),
                _short(row.effective_from),
                _short(row.effective_until),
            )
            for row in decision.considered
        ],
    )
    count = len(decision.evidence)
    out.print(f"evidence: {count} {'fact' if count == 1 else 'facts'}; rules {decision.rules_digest}")
    out.print(f"decision {decision.decision_digest}")
    if words is not None:
        out.print(f"the product says: {words}")


@app.command()
def history(
    *,
    product: Product,
    workspace: Workspace,
    as_of: AsOf = None,
    mode: ModeOption = LIVE,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> None:
    """Tell what happened, which plan held when, and what was believed of it when."""
    from saascore.cli.output import note, print_json, print_table  # noqa: PLC0415  keeps --help fast

    reference = workspace_option(workspace)
    with _asked(ledger, product, mode, adapter) as asked:
        events = asked.events(reference, as_of=as_of)
        plans = asked.plans(reference, as_of=as_of)
        journal = list(asked.journal(reference))
    if not (events or plans or journal):
        note("nothing is known of this workspace in this mode")
    if as_json:
        print_json(
            {
                "events": [event.to_json() for event in events],
                "timeline": plans,
                "journal": [row.to_json() for row in journal],
            }
        )
        return
    if not (events or plans or journal):
        return
    print_table(
        "What happened",
        ("occurred at", "event", "source", "plan", "effective", "order"),
        [
            (
                _short(event.occurred_at),
                event.event_name,
                event.source,
                event.plan_key,
                _short(event.effective_at) if event.effective_at != event.occurred_at else None,
                "gap" if event.gap else event.order_confidence,
            )
            for event in events
        ],
    )
    print_table(
        "Plans over time",
        ("from", "until", "source", "plan", "state", "cause"),
        [
            (
                _short(row["effective_from"]),
                _short(row.get("effective_until")),
                row["source"],
                row.get("plan_key"),
                row["state"],
                row["cause"],
            )
            for row in plans
        ],
    )
    print_table(
        "What was believed when",
        ("recorded at", "from", "until", "plan", "state", "by", "supersedes"),
        [
            (
                _short(row.audit.recorded_at),
                _short(row.effective_from),
                _short(row.effective_until),
                row.plan_key,
                row.state,
                row.audit.operator or row.audit.adapter,
                "yes" if row.supersedes else None,
            )
            for row in journal
        ],
    )


@app.command()
def reference(
    *,
    product: Product,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    as_json: Json = False,
) -> None:
    """Make the reference of a workspace: reads its claims, a JSON object, from standard input."""
    import json  # noqa: PLC0415  keeps --help fast
    import sys  # noqa: PLC0415  keeps --help fast

    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.cli.output import print_json  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast

    try:
        claims = json.loads(sys.stdin.read())
    except ValueError:
        raise SaascoreError("ENT-007", detail="not JSON") from None
    if not isinstance(claims, dict) or not all(type(value) in {str, int} for value in claims.values()):
        raise SaascoreError("ENT-007", detail="not an object of text and integers")
    with open_ledger(ledger) as store:
        redactor = keys_for(store).redactor(product, key_id=store.info.subject_key)
    made = find_adapters(adapter).product(product).reference_workspace(claims, redactor)
    if made is None:
        raise SaascoreError("ENT-007")
    if as_json:
        print_json({"workspace": made})
    else:
        typer.echo(made)


@contextmanager
def _asked(ledger: str, product: str, mode: str, adapter: list[str] | None) -> Iterator[Entitlements]:
    from saascore.entitlements.reading import Entitlements  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast

    found = find_adapters(adapter).product(product)
    with open_ledger(ledger) as store:
        yield Entitlements(store, found, mode_of(mode))


def _asked_of(capability: str | None) -> str | None:
    return None if capability is None else label_option(capability, "--capability", "image.generate")


def _tell_what_nobody_has(entitlements: Entitlements, decision: Decision) -> None:
    """A capability that no plan has is hardly what was meant."""
    from saascore.cli.output import note  # noqa: PLC0415  keeps --help fast

    answer = decision.capability
    if answer is not None and answer.capability not in entitlements.capabilities():
        note("no plan of this product has this capability; describe_plan lists what plans have")


def _line(decision: Decision) -> str:
    parts: list[str] = [decision.outcome, decision.reason]
    if decision.plan_key is not None:
        parts.append(f"plan {decision.plan_key}")
    if decision.quantity is not None:
        parts.append(f"quantity {decision.quantity}")
    if (answer := decision.capability) is not None:
        limit = f" up to {answer.limit} {answer.unit or ''}".rstrip() if answer.limit is not None else ""
        parts.append(f"{answer.capability}{limit}" if answer.included else f"not {answer.capability}")
    if decision.next_change is not None:
        parts.append(_change(decision.next_change))
    return " · ".join(parts)


def _short(instant: str | None) -> str | None:
    """Return an instant without a fraction of zeros."""
    return None if instant is None else instant.replace(".000000Z", "Z")


def _change(change: NextChangeAt) -> str:
    plan = (
        f" to {change.plan_key}" if change.plan_key is not None and change.what != "becomes_unknown" else ""
    )
    return f"{change.what.replace('_', ' ')}{plan} at {_short(change.at)}"
