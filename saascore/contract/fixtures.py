"""Acceptance fixtures: what a candidate for the core must do, as inputs and expected outputs that are executed.

A fixture states its stages in order. What must be refused is named by category; the offending values are made when
the fixture is executed, so that none of them is ever stored.
"""

from typing import Annotated, Literal

from pydantic import Field

from saascore.contract.billing import BillingFact, Collection, EndReason, Service, SourceKind
from saascore.contract.decision import DecisionReason, NextChange, Verdict
from saascore.contract.journal import PlanSourceState
from saascore.contract.lifecycle import Direction, LifecycleName
from saascore.contract.model import Contract
from saascore.contract.outcomes import Code, IntakeCounts, OutcomeKind
from saascore.contract.plans import EntitlementRules
from saascore.contract.summary import Grain
from saascore.contract.usage import UsageEvent
from saascore.contract.window import Window
from saascore.contract.words import (
    Count,
    ExactSum,
    OperatorLabel,
    PublicLabel,
    Quantity,
    Subject,
    UtcInstant,
)

Candidate = Literal["usage-event-ledger", "entitlement-plan-source"]
#: The stages that each candidate's fixture has, in this order.
STAGES: dict[Candidate, tuple[str, ...]] = {
    "usage-event-ledger": ("event", "replay", "ops_summary", "privacy_boundary"),
    "entitlement-plan-source": ("entitlement_decision", "writer", "billing_lifecycle", "audit"),
}
#: The package of saascore that each candidate is accepted into.
PACKAGES: dict[Candidate, str] = {
    "usage-event-ledger": "saascore.usage",
    "entitlement-plan-source": "saascore.entitlements",
}
ProductName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 ._()-]{0,63}$")]


class Refusal(Contract):
    """A kind of input that must be refused, by category, and the codes it may be refused with."""

    category: PublicLabel
    codes: tuple[Code, ...] = Field(min_length=1)


class ProductRow(Contract):
    """A row in a product's own words, for a second-product fixture: names that core does not know.

    ``workspace`` and ``row`` are words; the identities they stand for are made when the fixture is executed.
    """

    row: PublicLabel
    event: ProductName
    plan: ProductName
    workspace: PublicLabel
    quantity: Quantity
    unit: PublicLabel
    occurred_at: UtcInstant


class NameMapping(Contract):
    """How a product's names become shared labels; a name on no list has none."""

    product: PublicLabel
    event_names: dict[ProductName, PublicLabel] = Field(default_factory=dict, max_length=64)
    plan_names: dict[ProductName, PublicLabel] = Field(default_factory=dict, max_length=64)


class EventInputs(Contract):
    """Usage events as envelopes, or as a product's rows; and when they were handed in."""

    received_at: UtcInstant
    envelopes: tuple[UsageEvent, ...] = ()
    rows: tuple[ProductRow, ...] = ()


class ExpectedEvent(Contract):
    """One record's outcome, and the labels it has then."""

    outcome: OutcomeKind
    codes: tuple[Code, ...] = ()
    event_type: PublicLabel | None = None
    plan_key: PublicLabel | None = None


class EventExpected(Contract):
    """What becomes of each record, in input order, and what is refused."""

    outcomes: tuple[ExpectedEvent, ...]
    refused: tuple[Refusal, ...] = ()


class EventStage(Contract):
    """Handing usage in: one outcome for each record."""

    stage: Literal["event"] = "event"
    inputs: EventInputs
    expected: EventExpected


class ReplayInputs(Contract):
    """How the records of the stage ``event`` come again."""

    records_of: Literal["event"] = "event"
    arrivals: tuple[Literal["again", "reversed", "doubled"], ...] = Field(min_length=1)


class ReplayExpected(Contract):
    """Outcomes of handing everything in a second time; the summary stays the same bytes in every arrival."""

    outcomes: IntakeCounts
    summary: Literal["unchanged"] = "unchanged"


class ReplayStage(Contract):
    """Handing usage in again, in other orders: nothing is counted twice."""

    stage: Literal["replay"] = "replay"
    inputs: ReplayInputs
    expected: ReplayExpected


class OpsInputs(Contract):
    """What the summary is asked for."""

    records_of: Literal["event"] = "event"
    window: Window
    grain: Grain = "none"


class ExpectedGroup(Contract):
    """One group of the usage summary."""

    event_type: PublicLabel
    plan_key: PublicLabel
    unit: PublicLabel
    count: Count
    sum: ExactSum


class OpsExpected(Contract):
    """The groups of the usage summary and the intake counts of the operations summary."""

    groups: tuple[ExpectedGroup, ...]
    intake: IntakeCounts


class OpsSummaryStage(Contract):
    """Summing up: exact sums by event type and plan, and counts by outcome."""

    stage: Literal["ops_summary"] = "ops_summary"
    inputs: OpsInputs
    expected: OpsExpected


class PrivacyInputs(Contract):
    """Categories of values that must not pass; the values are drawn when the fixture is executed."""

    records_of: Literal["event"] = "event"
    categories: tuple[PublicLabel, ...] = Field(min_length=1)


class PrivacyExpected(Contract):
    """Every value is found in an artifact and refused in an envelope; what the stages published passes."""

    artifacts: Literal["refused"] = "refused"
    envelopes: Literal["refused"] = "refused"
    published: Literal["clean"] = "clean"


class PrivacyStage(Contract):
    """The privacy boundary, from both sides."""

    stage: Literal["privacy_boundary"] = "privacy_boundary"
    inputs: PrivacyInputs
    expected: PrivacyExpected


class Granted(Contract):
    """An operator's grant, with its audit fields."""

    source_kind: SourceKind
    effective_from: UtcInstant
    effective_until: UtcInstant | None = None
    lifetime: bool = False
    operator: OperatorLabel
    approval: OperatorLabel
    reason: PublicLabel


class ProductState(Contract):
    """What a provider or an operator says of a subscription, with the plan in the product's own words.

    ``workspace``, ``about`` and ``row`` are words; the identities they stand for are made when the fixture is executed.
    """

    row: PublicLabel
    workspace: PublicLabel
    about: PublicLabel
    plan: ProductName
    occurred_at: UtcInstant
    service: Service | None = None
    collection: Collection = "current"
    period: Window | None = None
    trial_ends_at: UtcInstant | None = None
    cancel_at: UtcInstant | None = None
    grant: Granted | None = None


class FactInputs(Contract):
    """Billing facts ready made, or states in a product's words; an operator's action is one too."""

    facts: tuple[BillingFact, ...] = ()
    states: tuple[ProductState, ...] = ()


class Question(Contract):
    """Who asks what, and when."""

    workspace: Subject
    at: UtcInstant
    capability: PublicLabel | None = None


class ExpectedDecision(Contract):
    """The answer and what changes next."""

    outcome: Verdict
    reason: DecisionReason
    plan_key: PublicLabel | None = None
    winner: SourceKind | None = None
    included: bool | None = None
    limit: Quantity | None = None
    next_change: NextChange | None = None
    next_change_at: UtcInstant | None = None


class DecisionInputs(FactInputs):
    """Facts, the product's rules, and the questions."""

    rules: EntitlementRules
    questions: tuple[Question, ...] = Field(min_length=1)


class DecisionStage(Contract):
    """Deciding: an answer for each question, the same for every order of the facts."""

    stage: Literal["entitlement_decision"] = "entitlement_decision"
    inputs: DecisionInputs
    expected: tuple[ExpectedDecision, ...]


class WriterInputs(Contract):
    """The facts of the stage ``entitlement_decision``, arriving one by one at these instants."""

    records_of: Literal["entitlement_decision"] = "entitlement_decision"
    received_at: UtcInstant


class ExpectedWrite(Contract):
    """One row of the plan-source journal."""

    source_kind: SourceKind
    plan_key: PublicLabel | None = None
    state: PlanSourceState
    cause: LifecycleName
    effective_from: UtcInstant
    effective_until: UtcInstant | None = None
    lifetime: bool = False
    supersedes: bool = False


class WriterExpected(Contract):
    """The rows written, in order; handing the facts in again writes nothing."""

    writes: tuple[ExpectedWrite, ...]
    again: IntakeCounts


class WriterStage(Contract):
    """The plan-source writer: audited rows, written once."""

    stage: Literal["writer"] = "writer"
    inputs: WriterInputs
    expected: WriterExpected


class ExpectedLifecycle(Contract):
    """One lifecycle event."""

    event_name: LifecycleName
    occurred_at: UtcInstant
    plan_key: PublicLabel | None = None
    direction: Direction | None = None
    timing: Literal["immediate", "period_end"] | None = None
    end_reason: EndReason | None = None


class LifecycleInputs(Contract):
    """The same facts, in this many random orders, some of them twice."""

    records_of: Literal["entitlement_decision"] = "entitlement_decision"
    permutations: Count = 24


class LifecycleStage(Contract):
    """The billing lifecycle: what happened, named, in the facts' own order."""

    stage: Literal["billing_lifecycle"] = "billing_lifecycle"
    inputs: LifecycleInputs
    expected: tuple[ExpectedLifecycle, ...]


class AuditInputs(Contract):
    """The journal of the stage ``writer``, summed up over a window."""

    records_of: Literal["writer"] = "writer"
    window: Window


class AuditExpected(Contract):
    """Counts of the audit summary, and operator actions that must be refused."""

    actor_kinds: dict[PublicLabel, Count]
    source_kinds: dict[PublicLabel, Count]
    with_approval: Count
    superseded: Count
    refused: tuple[Refusal, ...] = ()


class AuditStage(Contract):
    """The audit: who changed what a plan rests on, and with whose approval."""

    stage: Literal["audit"] = "audit"
    inputs: AuditInputs
    expected: AuditExpected


Stage = Annotated[
    EventStage
    | ReplayStage
    | OpsSummaryStage
    | PrivacyStage
    | DecisionStage
    | WriterStage
    | LifecycleStage
    | AuditStage,
    Field(discriminator="stage"),
]


class AcceptanceFixture(Contract):
    """One candidate's acceptance fixture.

    Attributes:
        candidate: What is to be accepted into the core.
        target_owner: Who owns it then.
        target_package: The package it lands in.
        kind: ``core`` is product-free; ``second-product`` maps another product's names into the same envelopes and
            may name its product.
        product_adapters: Hooks that stay the product's duty.
        core_validators: What core checks, as ``module:name`` below ``saascore``.
        mapping: The second product's names.
    """

    schema_: Literal["saascore/acceptance-fixture/1"] = Field(
        default="saascore/acceptance-fixture/1", alias="schema"
    )
    candidate: Candidate
    target_owner: Literal["cloudflare-saas-core"]
    target_package: PublicLabel
    kind: Literal["core", "second-product"]
    description: str = Field(pattern=r"^[ -~]+$", max_length=400)
    product_adapters: tuple[PublicLabel, ...] = Field(min_length=1)
    core_validators: tuple[Annotated[str, Field(pattern=r"^[a-z_.]+:[A-Za-z_]+$", max_length=80)], ...] = (
        Field(min_length=1)
    )
    mapping: NameMapping | None = None
    stages: tuple[Stage, ...]
