"""``saascore billing``: hand in what providers send, and answer what it leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saascore.cli.clock import Now, clock_of
from saascore.cli.options import (
    DEFAULT_LEDGER,
    AdapterPaths,
    Files,
    Json,
    LedgerUrl,
    ModeOption,
    OutcomesFile,
    Product,
    Provider,
    Strict,
    command_group,
    find_adapters,
)
from saascore.cli.words import Reason, label_option, reference_option
from saascore.errors import Exit, SaascoreError

if TYPE_CHECKING:
    from saascore.contract.billing import BillingFact
    from saascore.contract.outcomes import Outcome
    from saascore.contract.words import Mode
    from saascore.entitlements.intake import Intake
    from saascore.entitlements.operator import Operator

app = command_group("Billing: submit webhooks, link subscriptions, map prices, take events back.")

Who = Annotated[str, typer.Option("--operator", help="Who decides: op:<label>.")]
Approval = Annotated[str, typer.Option("--approval", help="On whose approval: op:<label>.")]
LIVE = "live"
ABOUT = ("subscription", "purchase", "grant")


@app.command()
def submit(
    files: Files,
    *,
    provider: Provider,
    product: Product,
    mode: ModeOption,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    envelopes: Annotated[
        bool, typer.Option("--envelopes", help="The input is ready: BillingFacts made elsewhere.")
    ] = False,
    outcomes: OutcomesFile = None,
    strict: Strict = False,
    adapter: AdapterPaths = None,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Hand webhooks in; every one gets one outcome, and handing in again is safe.

    A record is a webhook's body, or {"body": ..., "headers": {...}, "received_at": "...", "api_version": "..."}.
    """
    from saascore.cli.inputs import read_records  # noqa: PLC0415  keeps --help fast
    from saascore.cli.output import note, print_counts  # noqa: PLC0415  keeps --help fast
    from saascore.entitlements.operator import unresolved_prices  # noqa: PLC0415  keeps --help fast

    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    with _intake(ledger, provider, product, mode, adapter, now) as intake, _lines(outcomes) as write:
        for name in files:
            for outcome in intake.run(read_records(name), envelopes=envelopes):
                counts[outcome.outcome] += 1
                reasons.update(outcome.codes)
                write(outcome)
        print_counts(counts, reasons, as_json=as_json)
        if open_prices := len(unresolved_prices(intake.ledger)):
            note(f"prices without a plan: {open_prices}; saascore billing unresolved lists them")
    if counts["unprocessed"]:
        return Exit.STORE
    return Exit.NOT_CLEAN if strict and (counts["rejected"] or counts["conflict"]) else Exit.OK


@app.command()
def link(
    *,
    provider: Provider,
    product: Product,
    about: Annotated[str, typer.Option("--about", help="The subscription, purchase or grant: a reference.")],
    workspace: Annotated[str, typer.Option("--workspace", help="Whose it is: a reference.")],
    operator: Who,
    approval: Approval,
    reason: Reason,
    mode: ModeOption = LIVE,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Say whose a subscription is; it overrides what webhooks claim from now on."""
    with _intake(ledger, provider, product, mode, adapter, now) as intake:
        about = reference_option(
            about, "--about", ABOUT, "the reference of a subscription, purchase or grant"
        )
        workspace = workspace_option(workspace)
        fact = _operator(intake, operator, approval, reason).link(about, workspace)
        return _settle(intake, fact, as_json=as_json)


@app.command(name="map-price")
def map_price(
    *,
    provider: Provider,
    product: Product,
    price: Annotated[str, typer.Option("--price", help="The price: a reference; see billing unresolved.")],
    plan: Annotated[str, typer.Option("--plan", help="The plan that it means: a label.")],
    operator: Who,
    approval: Approval,
    reason: Reason,
    mode: ModeOption = LIVE,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Say what a price means; every fact that holds it is read so, those before as well."""
    with _intake(ledger, provider, product, mode, adapter, now) as intake:
        expected = "a price reference, as saascore billing unresolved lists it"
        price = reference_option(price, "--price", ("price",), expected)
        if plan not in intake.rules.rules.plan_rank:
            raise SaascoreError("ENT-002", where="--plan")
        fact = _operator(intake, operator, approval, reason).map_price(price, plan)
        return _settle(intake, fact, as_json=as_json)


@app.command()
def correct(
    *,
    provider: Provider,
    product: Product,
    position: Annotated[
        int, typer.Option("--position", help="The fact's position; outcomes name it.", min=1)
    ],
    operator: Who,
    approval: Approval,
    reason: Reason,
    mode: ModeOption = LIVE,
    ledger: LedgerUrl = DEFAULT_LEDGER,
    adapter: AdapterPaths = None,
    now: Now = None,
    as_json: Json = False,
) -> int:
    """Take one event out of every fold; the fact itself stays, and so does the correction."""
    from saascore.contract.billing import BillingFact  # noqa: PLC0415  keeps --help fast

    with _intake(ledger, provider, product, mode, adapter, now) as intake:
        stored = intake.ledger.fact(position)
        if stored is None or stored.schema != BillingFact.schema_id() or stored.source != provider:
            raise SaascoreError(
                "INP-004", where="--position", detail="there is no billing fact of this provider"
            )
        target = BillingFact.parse_json(stored.body)
        fact = _operator(intake, operator, approval, reason).correct(target)
        return _settle(intake, fact, as_json=as_json)


@app.command()
def unresolved(ledger: LedgerUrl = DEFAULT_LEDGER, as_json: Json = False) -> None:
    """List the prices without a plan, and the subscriptions, purchases and grants without a workspace."""
    from saascore.cli.output import print_json, print_table  # noqa: PLC0415  keeps --help fast
    from saascore.entitlements.operator import unlinked, unresolved_prices  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast

    with open_ledger(ledger) as store:
        prices, things = unresolved_prices(store), unlinked(store)
    if as_json:
        print_json(
            {
                "prices": [{"price": price, "facts": count} for price, count in prices],
                "unlinked": [thing._asdict() for thing in things],
            }
        )
        return
    print_table("Prices without a plan", ("price", "facts"), prices)
    print_table("Without a workspace", ("source", "mode", "about", "facts"), things)


@contextmanager
def _intake(  # noqa: PLR0917  the options of every verb, in one order
    ledger: str, provider: str, product: str, mode: str, adapter: list[str] | None, now: str | None
) -> Iterator[Intake]:
    from saascore.cli.keys import keys_for  # noqa: PLC0415  keeps --help fast
    from saascore.entitlements.intake import Intake  # noqa: PLC0415  keeps --help fast
    from saascore.ledger import open_ledger  # noqa: PLC0415  keeps --help fast

    registry = find_adapters(adapter)
    with open_ledger(ledger) as store:
        yield Intake(
            store,
            registry.provider(provider),
            registry.product(product),
            mode_of(mode),
            keys_for(store),
            clock_of(now),
        )


def workspace_option(text: str) -> str:
    """Return the reference that ``--workspace`` gives."""
    expected = "a workspace reference, never a raw id; see saascore entitlements reference"
    return reference_option(text, "--workspace", ("workspace",), expected)


def mode_of(text: str) -> Mode:
    """Return the mode that an option gives."""
    if text == "live":
        return "live"
    if text == "test":
        return "test"
    raise SaascoreError("ENT-005", where="--mode")


def _operator(intake: Intake, who: str, approval: str, reason: str) -> Operator:
    from saascore.contract.billing import OperatorAudit  # noqa: PLC0415  keeps --help fast
    from saascore.entitlements.operator import Operator  # noqa: PLC0415  keeps --help fast

    audit = OperatorAudit(
        operator=label_option(who, "--operator", "op:alex"),
        approval=label_option(approval, "--approval", "op:ticket-7"),
        reason=label_option(reason, "--reason", "goodwill"),
    )
    return Operator(intake.provider.id, intake.mode, intake.keys_of_events, audit, intake.now)


def _settle(intake: Intake, fact: BillingFact, *, as_json: bool) -> int:
    from saascore.cli.output import note, print_json  # noqa: PLC0415  keeps --help fast

    (outcome,) = intake.commit([(1, intake.handed(fact))])
    if as_json:
        print_json(outcome.to_json())
    else:
        note(f"{outcome.outcome} at position {outcome.position}")
    return Exit.NOT_CLEAN if outcome.outcome == "conflict" else Exit.OK


@contextmanager
def _lines(path: Path | None) -> Iterator[Callable[[Outcome], Any]]:
    if path is None:
        yield lambda _: None
        return
    try:
        stream = path.open("w", encoding="utf-8")
    except OSError as error:
        raise SaascoreError("INP-002", where="--outcomes", detail=type(error).__name__) from None
    with stream:
        yield lambda outcome: stream.write(outcome.canonical().decode() + "\n")
