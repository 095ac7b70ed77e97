"""A workspace's sources, ready to be decided upon: compiled once from facts and rules, asked as often as wished."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from saascore.contract.billing import BillingFact
from saascore.contract.plans import EntitlementRules
from saascore.contract.words import Mode
from saascore.entitlements.fold import Folded, Life, fold
from saascore.entitlements.resolve import START_OF_TIME
from saascore.entitlements.things import Thing
from saascore.entitlements.timeline import Suspension, spans, suspensions
from saascore.entitlements.weigh import Phase, Scale, phases

if TYPE_CHECKING:
    from saascore.entitlements.decide import Answer
    from saascore.entitlements.judge import Judgement


class Source(NamedTuple):
    """One source's phases in order; ``starts`` are their instants. ``linked`` is false where its workspace is open."""

    thing: Thing
    starts: tuple[str, ...]
    phases: tuple[Phase, ...]
    linked: bool

    def at(self, instant: str) -> Phase | None:
        """Return the phase that holds at an instant, or ``None`` before the first."""
        place = bisect_right(self.starts, instant)
        return self.phases[place - 1] if place else None


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that may give a workspace a plan, and when an operator suspended it.

    ``starts`` are the instants at which any phase or suspension begins. In the spell between two of them every answer is
    the same but for the question in it, so ``judged`` and ``answers`` keep what was found for a spell.
    """

    workspace: str
    mode: Mode
    rules: EntitlementRules
    rules_digest: str
    sources: tuple[Source, ...]
    suspensions: tuple[Suspension, ...]
    starts: tuple[str, ...]
    judged: dict[int, Judgement] = field(default_factory=dict, repr=False, compare=False)
    answers: dict[tuple[int, str | None, int], Answer] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        facts: Iterable[BillingFact],
        rules: EntitlementRules,
        *,
        workspace: str,
        mode: Mode,
        rules_digest: str | None = None,
        since: str = START_OF_TIME,
    ) -> Sources:
        """Fold facts and weigh them by the rules.

        Args:
            facts: At least every fact about the workspace's things, its customers and the prices they name; more does
                no harm. Facts of the other mode are left aside.
            rules: The product's rules.
            workspace: The workspace asked about.
            mode: ``live`` or ``test``.
            rules_digest: Their digest, where it is known.
            since: Leave out what was over before this instant, where nothing earlier will be asked.
        """
        folded = fold(facts, rank=rules.plan_rank, mode=mode, naming=False)
        return cls.weighed(
            folded, rules, workspace=workspace, mode=mode, rules_digest=rules_digest, since=since
        )

    @classmethod
    def weighed(
        cls,
        folded: Folded,
        rules: EntitlementRules,
        *,
        workspace: str,
        mode: Mode,
        rules_digest: str | None = None,
        since: str = START_OF_TIME,
    ) -> Sources:
        """Weigh what was folded already; as :meth:`of`."""
        scale = Scale.of(rules)
        found = [_source(life, rules, scale, since) for life in _of_workspace(folded, workspace)]
        sources = tuple(source for source in found if source.phases)
        suspended = tuple(suspensions(folded, workspace)) if folded.suspending else ()
        starts = {start for source in sources for start in source.starts}
        starts.update(item.start for item in suspended)
        digest = rules_digest or rules.content_digest()
        return cls(workspace, mode, rules, digest, sources, suspended, tuple(sorted(starts)))

    def suspended(self, instant: str) -> Suspension | None:
        """Return the suspension that holds at an instant."""
        held = None
        for item in self.suspensions:
            if item.start > instant:
                break
            held = item
        return held if held is not None and held.suspended else None

    def spell(self, instant: str) -> int:
        """Return the number of the spell that holds at an instant: 0 before the first start."""
        return bisect_right(self.starts, instant)


def _of_workspace(folded: Folded, workspace: str) -> list[Life]:
    """Return the lives that are, were or may be the workspace's.

    A subscription that nobody linked, but whose customer is the customer of a linked one, is shown as open.
    """
    own = [life for life in folded.lives if any(item.workspace == workspace for item in life.assigned)]
    customers = {(life.thing.source, life.customer) for life in own if life.customer}
    open_ones = [
        life for life in folded.lives if not life.assigned and (life.thing.source, life.customer) in customers
    ]
    return own + open_ones


def _source(life: Life, rules: EntitlementRules, scale: Scale, since: str) -> Source:
    found: list[Phase] = []
    for span in spans(life):
        if span.end > since:
            found.extend(phases(span, rules, scale))
    return Source(life.thing, tuple(phase.start for phase in found), tuple(found), linked=bool(life.assigned))
