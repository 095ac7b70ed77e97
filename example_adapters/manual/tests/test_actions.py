"""What each operator action asserts, and that nobody acts unnamed."""

import pytest
import saascore_manual

from saascore.contract.billing import Revoke, Suspend
from saascore.drafts import CorrectionDraft, LinkDraft

NOVEMBER, NEW_YEAR = "2026-11-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z"

GRANTS = {
    "grant": ("manual_override", "Pro (monthly)", NEW_YEAR, False),
    "grant-by-contract": ("contract", "Pro (monthly)", NEW_YEAR, False),
    "grant-for-lifetime": ("manual_override", "Pro (monthly)", None, True),
    "extension": ("manual_override", "Pro (monthly)", "2027-02-28T23:00:00.000000Z", False),
    "plan-override": ("manual_override", "Studio Max (monthly)", NEW_YEAR, False),
    "trial": ("trial", "Pro (monthly)", "2026-11-15T00:00:00.000000Z", False),
    "trial-extended": ("trial", "Pro (monthly)", "2026-11-22T00:00:00.000000Z", False),
    "lifetime-deal": ("purchase", "Pro (monthly)", None, True),
}

SIGNALS = {
    "revocation": Revoke(effective_at="2026-12-01T00:00:00Z"),
    "suspension": Suspend(effective_at="2026-11-02T00:00:00Z"),
    "suspension-with-end": Suspend(
        effective_at="2026-11-02T00:00:00Z", effective_until="2026-11-09T00:00:00Z"
    ),
    "suspension-lifted": Suspend(effective_at="2026-11-05T00:00:00Z", lifted=True),
}


@pytest.mark.parametrize("name", GRANTS)
def test_an_action_that_grants(draft, name):
    (grant,) = draft(name).signals
    assert (grant.source_kind, grant.plan, grant.effective_until, grant.lifetime) == GRANTS[name]
    assert grant.effective_from == NOVEMBER


@pytest.mark.parametrize("name", SIGNALS)
def test_an_action_that_takes_back_or_closes(draft, name):
    assert list(draft(name).signals) == [SIGNALS[name]]


def test_a_suspension_is_about_the_workspace_and_no_single_source(draft):
    assert draft("suspension").about is None
    assert draft("suspension").claims == {"workspace_id": "wsp_syntheticworkspace0001"}


def test_an_extension_and_a_revocation_are_about_the_grant_itself(draft):
    assert draft("extension").about == draft("revocation").about == draft("grant").about


def test_a_correction_names_the_action_that_it_takes_back(draft):
    (correction,) = draft("correction").signals
    assert isinstance(correction, CorrectionDraft)
    assert correction.corrects_event_id == draft("grant").event_id


def test_a_correction_may_name_an_event_of_a_provider(draft):
    (correction,) = draft("correction-of-a-webhook").signals
    assert correction.source == "stripe"


def test_a_reassignment_links_the_grant_to_the_new_workspace(draft):
    (link,) = draft("reassignment").signals
    assert isinstance(link, LinkDraft)
    assert draft("reassignment").claims == {"workspace_id": "wsp_syntheticworkspace0002"}


def test_every_action_carries_its_audit_fields(draft, samples):
    for name, sample in samples.items():
        if sample["expect"] == "map":
            audit = draft(name).audit
            assert audit.operator == "op:support.lead"
            assert audit.approval == "op:finance.review"
            assert audit.reason


def test_every_type_of_action_has_a_sample(samples):
    shown = {sample["body"].get("type") for sample in samples.values()}
    assert saascore_manual.list_billing_event_types().keys() <= shown


def test_an_action_without_id_is_keyed_by_its_body(draft):
    assert draft("action-without-id").event_id is None
